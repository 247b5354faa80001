// Erasing a session, and the legal hold that forbids it.
import type { CommandData, CommandMetadata, SessionCommand } from '../../schemas/commands.ts'
import { isPublicCommand } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { accept, alreadySo, type Decision, reject } from '../decider.ts'
import type { PresentSession } from './session-state.ts'

type Decided = Decision<SessionEvent>

/** After it nothing is recorded any more: the tombstone names the chain's last hash. */
export const eraseSession = (
  { reason }: CommandData<'EraseSession'>,
  state: PresentSession,
  { actor }: CommandMetadata,
): Decided => {
  if (state.held !== null) return reject('legal_hold', `${state.id} is held: ${state.held}. Release it first.`)
  const atWork = Object.values(state.executions).some(({ status }) => status === 'running')
  if (state.ended === null || atWork) return reject('session_not_ended', `${state.id} is at work; cancel it first.`)
  return accept({ type: 'session.erasure_requested', data: { by: actor, reason } })
}

export const holdSession = (
  { reason }: CommandData<'HoldSession'>,
  state: PresentSession,
  { actor }: CommandMetadata,
): Decided => (state.held === reason ? alreadySo : accept({ type: 'session.held', data: { by: actor, reason } }))

export const releaseHold = (state: PresentSession, { actor }: CommandMetadata): Decided =>
  state.held === null ? alreadySo : accept({ type: 'session.hold_released', data: { by: actor } })

/** What comes too late for a session that is being erased: reports of handlers change nothing, people are told. */
export const decideErasing = (command: SessionCommand, state: PresentSession): Decided =>
  command.type === 'EraseSession' || !isPublicCommand(command.type)
    ? alreadySo
    : reject('session_erased', `${state.id} is being erased.`)
