// Beginning, planning, annotating and cancelling a session.

import type { CommandData, CommandMetadata } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { accept, alreadySo, type Decision, reject } from '../decider.ts'
import { cancelledBy } from './causes.ts'
import { endEverything } from './consequences.ts'
import { askedAgain } from './decide-fork.ts'
import { endSession } from './ends.ts'
import { evolveSession } from './evolve-session.ts'
import { type PresentSession, type SessionState, waitsForPlace } from './session-state.ts'

type Decided = Decision<SessionEvent>

export const startSession = (asked: CommandData<'StartSession'>, state: SessionState): Decided => {
  const { overrides, agent, priority: askedPriority, labels, ...rest } = asked
  const priority = overrides?.priority ?? askedPriority
  // In the order of the schema, which is the order in which the log gives them back.
  const data = {
    ...rest,
    ...(agent !== undefined && { agent }),
    ...(priority !== undefined && { priority }),
    labels: { ...labels, ...overrides?.labels },
    ...(overrides !== undefined && { overrides }),
  }
  if (state.status === 'absent') return accept({ type: 'session.started', data })
  const same = JSON.stringify(state.started) === JSON.stringify(data)
  return same ? alreadySo : reject('session_exists', `Session ${data.sessionId} exists with another content.`)
}

export const adoptPlan = (data: CommandData<'AdoptPlan'>, state: PresentSession): Decided => {
  if (state.plan !== null) return alreadySo
  if (state.ended !== null) return ended(state)
  return accept({ type: 'session.plan_adopted', data: data.plan })
}

/** Repeated after a crash, or for a session that ended meanwhile, it changes nothing. */
export const admitSession = (
  { waitedMs }: CommandData<'AdmitSession'>,
  state: PresentSession,
  metadata: CommandMetadata,
): Decided => {
  const lane = waitsForPlace(state) ? state.plan?.queue?.lane : undefined
  if (lane === undefined) return alreadySo
  const admitted: SessionEvent = { type: 'session.admitted', data: { lane, waitedMs } }
  const after = state.fork === null ? state : evolveSession(state, admitted)
  return accept(admitted, ...(state.fork === null || after.status === 'absent' ? [] : askedAgain(after, metadata)))
}

export const rejectPlan = (data: CommandData<'RejectPlan'>, state: PresentSession): Decided =>
  (state.plan !== null && !waitsForPlace(state)) || state.ended !== null
    ? alreadySo
    : accept(endSession('failed', { code: data.code, message: data.message, nextStep: data.nextStep }))

export const noteAlert = (data: CommandData<'NoteAlert'>, state: PresentSession): Decided => {
  if (state.ended !== null || state.notedOccurrences.includes(data.occurrenceKey)) return alreadySo
  const { alertId, what, at, occurrenceKey } = data
  return accept({ type: 'session.alert_noted', data: { alertId, what, at, occurrenceKey } })
}

export const cancelSession = (
  data: CommandData<'CancelSession'>,
  state: PresentSession,
  metadata: CommandMetadata,
): Decided => {
  if (state.status === 'cancelled') return alreadySo
  if (state.ended !== null) return ended(state)
  return accept(...endEverything(state, 'cancelled', cancelledBy(metadata.actor.id, data.reason)))
}

export const ended = (state: PresentSession): Decided =>
  reject('session_ended', `Session ${state.id} is already ${state.status}; nothing more can happen in it.`)
