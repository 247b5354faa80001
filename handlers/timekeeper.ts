// Keeps the deadlines of a session: what a person did not answer in time, and helpers that have not concluded.
import type { CommandBus } from '../commands/command.ts'
import type { SessionReader } from '../commands/command-bus.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import { sessionId } from '../schemas/ids.ts'
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

  /** @returns the milliseconds still to wait; 0 when nothing is left to do. */
  const keep = async (commit: Commit, event: RecordedEvent): Promise<number> => {
    if (event.type !== 'session.input_requested' && event.type !== 'session.helper_dispatched') return 0
    const id = sessionId.parse(commit.stream.id)
    const state = await sessions.session(commit.stream.org, id, commit.sequence)
    if (state.status === 'absent') return 0
    if (event.type === 'session.input_requested') {
      const { inputId, expiresAt } = event.data
      if (state.inputs[inputId]?.status !== 'open') return 0
      const left = Date.parse(expiresAt) - Date.now()
      if (left > 0) return left
      await send(commit, event.id, `${inputId}:expired`, 'ExpireInput', { sessionId: id, inputId })
      return 0
    }
    const { executionId, deadline } = event.data
    if (state.executions[executionId]?.status !== 'running') return 0
    const left = Date.parse(deadline) - Date.now()
    if (left > 0) return left
    await send(commit, event.id, `${executionId}:expired`, 'ExpireExecution', { sessionId: id, executionId })
    return 0
  }

  return {
    name: 'timekeeper',
    reactsTo: ['session.input_requested', 'session.helper_dispatched'],
    // Each holds nothing but a delivery that the server gives out again when its time has come.
    concurrency: 1024,
    react: async (commit) => {
      const waits = await Promise.all(commit.events.map((event) => keep(commit, event)))
      const left = Math.min(...waits.filter((wait) => wait > 0))
      return Number.isFinite(left) ? later(Math.min(left, longestMs)) : done
    },
  }
}
