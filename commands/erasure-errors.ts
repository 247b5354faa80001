// What keeps a session from being erased that is not its own.
import { CasebookError } from '../schemas/casebook-error.ts'
import type { SessionId } from '../schemas/ids.ts'

export class ForkHeld extends CasebookError {
  readonly code = 'fork_held'
  readonly retryable = false

  constructor(source: SessionId, fork: SessionId) {
    super(
      `${fork} shares the history of ${source} and is under a legal hold. Release it: casebook sessions release ${fork}`,
    )
  }
}
