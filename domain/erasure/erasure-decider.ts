// The erasure aggregate: that a session was erased is recorded once, and that it is done, once.
import type { ErasureCommand } from '../../schemas/commands.ts'
import type { ErasureEvent, EventData } from '../../schemas/events.ts'
import { accept, alreadySo, type Decider, type Decision, reject, unreachable } from '../decider.ts'

export type ErasureState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'recorded' | 'completed'
      /** When it was recorded is the time of its commit. */
      readonly tombstone: EventData<'erasure.recorded'>
    }

const decide = (command: ErasureCommand, state: ErasureState): Decision<ErasureEvent> => {
  switch (command.type) {
    case 'RecordErasure':
      return state.status === 'absent' ? accept({ type: 'erasure.recorded', data: command.data }) : alreadySo
    case 'CompleteErasure': {
      const { sessionId, ...data } = command.data
      if (state.status === 'absent') return reject('session_not_found', `No erasure of ${sessionId}.`)
      return state.status === 'completed' ? alreadySo : accept({ type: 'erasure.completed', data })
    }
    default:
      return unreachable(command)
  }
}

const evolve = (state: ErasureState, event: ErasureEvent): ErasureState => {
  switch (event.type) {
    case 'erasure.recorded':
      return state.status === 'absent' ? { status: 'recorded', tombstone: event.data } : state
    case 'erasure.completed':
      return state.status === 'absent' ? state : { ...state, status: 'completed' }
    default:
      return state
  }
}

export const erasureDecider: Decider<ErasureState, ErasureCommand, ErasureEvent> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}
