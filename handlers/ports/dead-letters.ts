// The port to parked messages: kept until somebody says what is to become of them.
import type { Actor } from '../../schemas/actor.ts'
import { CasebookError } from '../../schemas/casebook-error.ts'
import type { DeadLetterStatus, DeadLetterView, ParkedMessage } from '../../schemas/dead-letter.ts'

export interface DeadLetterFilter {
  /** Absent: the open ones. */
  readonly status?: DeadLetterStatus | 'all' | undefined
  readonly consumer?: string | undefined
  /** Of the error. */
  readonly code?: string | undefined
  /** Only what stands below this position. */
  readonly below?: number | undefined
}

/** Every method throws LogUnavailable (retryable). */
export interface DeadLetters {
  /** Resolves when the letter is stored, its secrets masked; the same message again is stored once. */
  park(letter: ParkedMessage): Promise<void>
  /** Of the open ones. */
  count(): Promise<number>
  /** The newest first; of a large payload the beginning and the end. */
  list(limit: number, filter?: DeadLetterFilter): Promise<readonly DeadLetterView[]>
  /** With its whole payload. */
  find(id: string): Promise<DeadLetterView | null>
  /**
   * Once for good: the message goes back to the handler it was parked by. The same again changes nothing.
   * @throws DeadLetterNotFound, DeadLetterSettled.
   */
  retry(id: string, by: Actor): Promise<DeadLetterView>
  /** It stays as it is, for good. @throws DeadLetterNotFound, DeadLetterSettled. */
  drop(id: string, by: Actor, reason: string): Promise<DeadLetterView>
}

export class DeadLetterNotFound extends CasebookError {
  readonly code = 'dead_letter_not_found'
  readonly retryable = false

  constructor(id: string) {
    super(`No dead letter ${id}. See "casebook dead-letters list --status all".`)
  }
}

export class DeadLetterSettled extends CasebookError {
  readonly code = 'dead_letter_settled'
  readonly retryable = false

  constructor(id: string, what: string, at: string) {
    super(`Dead letter ${id} was ${what} at ${at}; that stands. "casebook dead-letters show ${id}" tells by whom.`)
  }
}
