// Refused by whoever writes to the archive and by whoever reads it in the place of the log.
import { CasebookError } from './casebook-error.ts'

export class ArchiveOfAnotherLog extends CasebookError {
  readonly code = 'archive_of_another_log'
  readonly retryable = false

  constructor() {
    super('The archive holds another log than this one. Restore that log, or give this one an empty archive.')
  }
}
