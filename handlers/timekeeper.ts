// Keeps the deadlines of a session: what a person did not answer in time, and helpers that have not concluded.
import type { CommandBus } from '../commands/command.ts'
import type { SessionReader } from '../commands/command-bus.ts'
import { valueAt } from '../domain/persistent-map.ts'
import { type Execution, waitsForPlace } from '../domain/session/session-state.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import { type SessionId, sessionId } from '../schemas/ids.ts'
import { createSendFrom } from './handler-command.ts'
import { done, later, type Reactor } from './reactor.ts'

export interface TimekeeperDependencies {
  readonly bus: CommandBus
  readonly sessions: SessionReader
}

/** The longest a delivery is put off at once: a changed clock is noticed within this time. */
const longestMs = 3_600_000

export const createTimekeeper = ({ bus, sessions }: TimekeeperDependencies): Reactor => {
  const send = createSendFrom(bus, 'timekeeper')

  const expired = async (
    commit: Commit,
    event: RecordedEvent,
    id: SessionId,
    { id: executionId, helper }: Execution,
  ): Promise<number> => {
    if (helper === null) return 0
    const left = Date.parse(helper.deadline) - Date.now()
    if (left > 0) return left
    await send(commit, event.id, `${executionId}:expired`, 'ExpireExecution', { sessionId: id, executionId })
    return 0
  }

  /** @returns the milliseconds still to wait; 0 when nothing is left to do. */
  const keep = async (commit: Commit, event: RecordedEvent): Promise<number> => {
    if (
      event.type !== 'session.input_requested' &&
      event.type !== 'session.helper_dispatched' &&
      event.type !== 'session.forked' &&
      event.type !== 'session.admitted'
    ) {
      return 0
    }
    const id = sessionId.parse(commit.stream.id)
    const state = await sessions.session(commit.stream.org, id, commit.sequence)
    if (state.status === 'absent' || waitsForPlace(state)) return 0
    if (event.type === 'session.input_requested') {
      const { inputId, expiresAt } = event.data
      if (valueAt(state.inputs, inputId)?.status !== 'open') return 0
      const left = Date.parse(expiresAt) - Date.now()
      if (left > 0) return left
      await send(commit, event.id, `${inputId}:expired`, 'ExpireInput', { sessionId: id, inputId })
      return 0
    }
    // Helpers of before a fork were told to no one in its own stream.
    const meant = event.type === 'session.helper_dispatched' ? event.data.executionId : null
    const waits = Object.values(state.executions)
      .filter((each) => each.status === 'running' && (meant === null || each.id === meant))
      .map((each) => expired(commit, event, id, each))
    return soonest(await Promise.all(waits))
  }

  return {
    name: 'timekeeper',
    reactsTo: ['session.input_requested', 'session.helper_dispatched', 'session.forked', 'session.admitted'],
    // Each holds nothing but a delivery that the server gives out again when its time has come.
    concurrency: 1024,
    react: async (commit) => {
      const left = soonest(await Promise.all(commit.events.map((event) => keep(commit, event))))
      return left > 0 ? later(Math.min(left, longestMs)) : done
    },
  }
}

/** Of what is still to wait for; 0 when there is nothing. */
const soonest = (waits: readonly number[]): number => {
  const left = Math.min(...waits.filter((wait) => wait > 0))
  return Number.isFinite(left) ? left : 0
}
