// The queue of sessions as a value: who is at work, who waits, and whose turn was last.
import type { OrgId, SessionId } from '../../schemas/ids.ts'
import type { Priority } from '../../schemas/priority.ts'

export interface QueuedSession {
  readonly id: SessionId
  readonly org: OrgId
  readonly chain: string
  readonly lane: Priority
  /** Milliseconds since the epoch: when it began to wait. */
  readonly since: number
}

export interface QueueState {
  /** Each has a place until its session has ended. */
  readonly running: readonly QueuedSession[]
  /** In the order in which they came. */
  readonly waiting: readonly QueuedSession[]
  /** By org, the number of the turn in which it was last given a place. */
  readonly served: Readonly<Record<string, number>>
}

export const emptyQueue: QueueState = { running: [], waiting: [], served: {} }

/** A session that is there already stays where it is. */
export const enqueue = (state: QueueState, session: QueuedSession): QueueState =>
  holds(state, session.id) ? state : { ...state, waiting: [...state.waiting, session] }

/** Gives back the places, or takes the sessions out of the line. */
export const release = (state: QueueState, ids: ReadonlySet<string>): QueueState => {
  const stays = ({ id }: QueuedSession): boolean => !ids.has(id)
  if (state.running.every(stays) && state.waiting.every(stays)) return state
  return { ...state, running: state.running.filter(stays), waiting: state.waiting.filter(stays) }
}

export const holds = ({ running, waiting }: QueueState, id: SessionId): boolean =>
  running.some((each) => each.id === id) || waiting.some((each) => each.id === id)
