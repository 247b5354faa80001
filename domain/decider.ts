// The decider: the whole shape of a decision, so that every aggregate reads alike.
import type { CommandMetadata } from '../schemas/commands.ts'

/** A "no" is data: a stable code, words for a person, and what to do next. */
export interface Rejection {
  readonly code: RejectionCode
  readonly message: string
}

export type RejectionCode =
  | 'session_not_found'
  | 'session_exists'
  | 'session_ended'
  | 'session_paused'
  | 'plan_already_adopted'
  | 'execution_not_found'
  | 'turn_not_open'
  | 'tool_call_not_found'
  | 'tool_call_not_repeatable'
  | 'input_not_found'
  | 'input_closed'
  | 'answer_not_fitting'
  | 'execution_not_running'
  | 'nobody_listening'
  | 'session_not_ended'
  | 'session_erased'
  | 'legal_hold'
  | 'nobody_to_ask'
  | 'too_many_questions'
  | 'alert_not_found'
  | 'task_not_found'
  | 'task_exists'
  | 'task_not_scheduled'
  | 'version_out_of_range'
  | 'source_changed'
  | 'change_not_possible'
  | 'person_not_found'

/** Accepting with no events means "already so": nothing is written. */
export type Decision<E> =
  | { readonly kind: 'accept'; readonly events: readonly E[] }
  | { readonly kind: 'reject'; readonly rejection: Rejection }

/**
 * `decide` is pure and is run again on every conflict; `evolve` is total: it never throws,
 * and an event it does not know leaves the state as it was.
 */
export interface Decider<S, C, E> {
  readonly initial: S
  readonly decide: (command: C, state: S, metadata: CommandMetadata) => Decision<E>
  readonly evolve: (state: S, event: E) => S
}

export const accept = <E>(...events: readonly E[]): Decision<E> => ({ kind: 'accept', events })
export const alreadySo: Decision<never> = { kind: 'accept', events: [] }
export const reject = (code: RejectionCode, message: string): Decision<never> => ({
  kind: 'reject',
  rejection: { code, message },
})

/** Closes a switch over a union: a new member fails to compile here. */
export const unreachable = (value: never): never => {
  throw new TypeError(`unreachable: ${JSON.stringify(value)}`)
}
