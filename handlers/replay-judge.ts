// Compares a replay that has ended with the session it replays, and records the drift in it.
import type { CommandBus } from '../commands/command.ts'
import type { SessionReader } from '../commands/command-bus.ts'
import type { EventLog } from '../commands/event-log.ts'
import { historyOf, shared } from '../commands/inheritance.ts'
import { driftOf } from '../domain/replay/drift-of.ts'
import { stateAfter } from '../domain/replay/replay-session.ts'
import { type OrgId, sessionId } from '../schemas/ids.ts'
import { createSendFrom } from './handler-command.ts'
import { done, type Reactor } from './reactor.ts'
import { readRecording } from './replayed-tools.ts'

export interface ReplayJudgeDependencies {
  readonly bus: CommandBus
  readonly sessions: SessionReader
  readonly eventLog: Pick<EventLog, 'read'>
}

export const createReplayJudge = ({ bus, sessions, eventLog }: ReplayJudgeDependencies): Reactor => {
  const send = createSendFrom(bus, 'replay-judge')
  return {
    name: 'replay-judge',
    reactsTo: ['session.ended'],
    concurrency: 8,
    react: async (commit) => {
      const end = commit.events.find(({ type }) => type === 'session.ended')
      if (end === undefined) return done
      const id = sessionId.parse(commit.stream.id)
      const org: OrgId = commit.stream.org
      const replay = await sessions.session(org, id, commit.sequence)
      if (replay.status === 'absent' || replay.fork?.kind !== 'replay' || replay.fork.drift !== null) return done
      const { sessionId: sourceId, at } = replay.fork.from
      const stream = { org, category: 'session', id: sourceId } as const
      const history = await historyOf(eventLog, stream)
      if (history === null) return done
      const base = stateAfter(shared(history, at, stream))
      const source = stateAfter([...history.inherited, ...history.own])
      if (base.status === 'absent' || source.status === 'absent') return done
      const drift = driftOf(base, source, replay, await readRecording(eventLog, org, sourceId))
      await send(commit, end.id, `${id}:drift`, 'RecordDrift', { sessionId: id, drift })
      return done
    },
  }
}
