// What a sender is told when no more sessions or alerts can be taken in for now.
import { CasebookError } from '../schemas/casebook-error.ts'

export class QueueFull extends CasebookError {
  readonly code = 'queue_full'
  readonly retryable = true

  constructor(what: string) {
    super(`${what} Try again later; an operator can raise the limit.`)
  }
}
