// Keeps sessions and their children together: starts what an agent asked for, brings reports back, cancels with the parent.
import type { CommandBus } from '../commands/command.ts'
import type { SessionReader } from '../commands/command-bus.ts'
import { answersQuestion } from '../domain/session/chat.ts'
import type { PresentSession } from '../domain/session/session-state.ts'
import type { CommandData } from '../schemas/commands.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import type { EventOf } from '../schemas/events.ts'
import { type SessionId, sessionId } from '../schemas/ids.ts'
import type { Overrides } from '../schemas/overrides.ts'
import { createSendFrom } from './handler-command.ts'
import { done, type Reactor } from './reactor.ts'

export interface ChildKeeperDependencies {
  readonly bus: CommandBus
  readonly sessions: SessionReader
}

export const createChildKeeper = ({ bus, sessions }: ChildKeeperDependencies): Reactor => {
  const send = createSendFrom(bus, 'child-keeper')

  const start = async (
    commit: Commit,
    event: RecordedEvent & EventOf<'session.child_started'>,
    parent: PresentSession,
  ): Promise<void> => {
    const { childId, executionId, toolCallId, relation, why, title, agent, input, depth } = event.data
    // One that a person started is there already.
    if (toolCallId === undefined || executionId === undefined || input === undefined) return
    const overrides = inherited(parent)
    const alertId = alertOf(parent)
    const data: CommandData<'StartSession'> = {
      sessionId: childId,
      title,
      input,
      origin: {
        kind: 'child',
        parentSessionId: parent.id,
        relation,
        why,
        depth,
        executionId,
        toolCallId,
        ...(alertId !== undefined && { alertId }),
      },
      ...(agent !== undefined && { agent }),
      ...(parent.started.priority !== undefined && { priority: parent.started.priority }),
      labels: {},
      ...(Object.keys(overrides).length > 0 && { overrides }),
    }
    await send(commit, event.id, `${childId}:start`, 'StartSession', data)
    // Started to answer a question, it came after its parent's end.
    if (answersQuestion(parent, executionId)) return
    // Whoever cancelled the parent a moment ago may have found no child to cancel.
    const now = await sessions.session(commit.stream.org, parent.id)
    if (now.status === 'cancelled') await cancel(commit, event, parent.id, childId)
  }

  const cancel = async (commit: Commit, event: RecordedEvent, parent: SessionId, child: SessionId): Promise<void> => {
    const reason = `its parent ${parent} was cancelled`
    await send(commit, event.id, `${child}:cancel`, 'CancelSession', { sessionId: child, reason })
  }

  const tellParent = async (
    commit: Commit,
    event: RecordedEvent,
    { id, started: { origin, title, agent }, finalAnalysis, ended }: PresentSession,
  ): Promise<void> => {
    if (origin.kind !== 'child') return
    const { parentSessionId, relation, why } = origin
    if (origin.toolCallId === undefined) {
      const data = {
        sessionId: parentSessionId,
        childId: id,
        relation,
        why,
        title,
        ...(agent !== undefined && { agent }),
      }
      await send(commit, event.id, `${id}:child`, 'RecordChild', data)
    }
    if (ended === null) return
    const report = finalAnalysis ?? { text: ended.cause.message }
    const end = { sessionId: parentSessionId, childId: id, status: ended.status, report }
    await send(commit, event.id, `${id}:child-ended`, 'RecordChildEnd', end)
  }

  return {
    name: 'child-keeper',
    reactsTo: ['session.started', 'session.child_started', 'session.ended'],
    concurrency: 64,
    react: async (commit) => {
      for (const event of commit.events) {
        if (event.type === 'session.started' && event.data.origin.kind !== 'child') continue
        if (
          event.type !== 'session.started' &&
          event.type !== 'session.child_started' &&
          event.type !== 'session.ended'
        ) {
          continue
        }
        const id = sessionId.parse(commit.stream.id)
        const state = await sessions.session(commit.stream.org, id, commit.sequence)
        if (state.status === 'absent') continue
        if (event.type === 'session.child_started') {
          await start(commit, event, state)
          continue
        }
        await tellParent(commit, event, state)
        if (event.type !== 'session.ended' || event.data.status !== 'cancelled') continue
        for (const child of Object.values(state.children)) {
          // One that answers a question was started after this end.
          if (child.executionId !== null && answersQuestion(state, child.executionId)) continue
          if (child.status === 'running' && child.relation === 'sub_task') await cancel(commit, event, id, child.id)
        }
      }
      return done
    },
  }
}

/** What narrows a session narrows those it leads to: starting another one is no way around it. */
const inherited = ({ started: { overrides } }: PresentSession): Overrides => {
  const { mcpServers, tools, budget } = overrides ?? {}
  return {
    ...(mcpServers !== undefined && { mcpServers }),
    ...(tools !== undefined && { tools }),
    ...(budget !== undefined && { budget }),
  }
}

const alertOf = ({ started: { origin } }: PresentSession) =>
  origin.kind === 'alert' || origin.kind === 'child' ? origin.alertId : undefined
