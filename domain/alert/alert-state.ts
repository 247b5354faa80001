// What an alert stream knows: one fingerprint, its current episode, and the session that looks into it.
import type { AlertEvent } from '../../schemas/events.ts'
import type { SessionId } from '../../schemas/ids.ts'

export interface AbsentAlert {
  readonly status: 'absent'
}

export interface PresentAlert {
  readonly status: 'firing' | 'resolved'
  /** 0 when the first thing heard was that it is over. */
  readonly episode: number
  /** When the source says the episode began; a repeat carries the same moment. */
  readonly startsAt: string
  readonly sessionId: SessionId | null
  /** True until the episode's session has ended. */
  readonly sessionOpen: boolean
  /** Keys of the latest occurrences, oldest first. */
  readonly occurrences: readonly string[]
}

export type AlertState = AbsentAlert | PresentAlert

export const absentAlert: AlertState = { status: 'absent' }

/** Enough to recognise a redelivery; older repeats are recognised by their episode. */
const rememberedOccurrences = 100

export const evolveAlert = (state: AlertState, event: AlertEvent): AlertState => {
  switch (event.type) {
    case 'alert.fired':
      return {
        status: 'firing',
        episode: event.data.episode,
        startsAt: event.data.alert.startsAt,
        sessionId: event.data.sessionId,
        sessionOpen: true,
        occurrences: remember(state, event.data.occurrenceKey),
      }
    case 'alert.repeated':
      return state.status === 'absent'
        ? state
        : { ...state, status: 'firing', occurrences: remember(state, event.data.occurrenceKey) }
    case 'alert.resolved':
      return state.status === 'absent'
        ? {
            status: 'resolved',
            episode: 0,
            startsAt: event.data.alert.startsAt,
            sessionId: null,
            sessionOpen: false,
            occurrences: [event.data.occurrenceKey],
          }
        : { ...state, status: 'resolved', occurrences: remember(state, event.data.occurrenceKey) }
    case 'alert.investigated':
      return state.status === 'absent' || state.sessionId !== event.data.sessionId
        ? state
        : { ...state, sessionOpen: false }
    default:
      return state
  }
}

const remember = (state: AlertState, key: string): readonly string[] =>
  state.status === 'absent' ? [key] : [...state.occurrences, key].slice(-rememberedOccurrences)
