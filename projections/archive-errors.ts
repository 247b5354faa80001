// What readers of the archive refuse with.
import { CasebookError } from '../schemas/casebook-error.ts'

export class ArchiveEmpty extends CasebookError {
  readonly code = 'archive_empty'
  readonly retryable = false

  constructor() {
    super('The archive holds nothing of Casebook. Check EVENTSTORE_URL, and that the archivist has mirrored the log.')
  }
}

export class ArchiveNotConfigured extends CasebookError {
  readonly code = 'archive_not_configured'
  readonly retryable = false

  constructor() {
    super('There is no archive: set EVENTSTORE_URL to an EventStoreDB, such as esdb://127.0.0.1:2113?tls=false.')
  }
}

export class ArchiveDamaged extends CasebookError {
  readonly code = 'archive_damaged'
  readonly retryable = false

  constructor(sequence: number, stream: string, detail: string) {
    super(`Commit ${sequence} of ${stream} in the archive cannot be taken: ${detail}. Take another copy.`)
  }
}
