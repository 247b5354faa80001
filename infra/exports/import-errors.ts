// What an import is refused with.
import { CasebookError } from '../../schemas/casebook-error.ts'

export class LinesRefused extends CasebookError {
  readonly code = 'lines_refused'
  readonly retryable = false

  /** `where` is a line, or a stream. */
  constructor(where: string, detail: string) {
    super(`Nothing was imported: ${where}: ${detail}.`)
  }
}

export class ImportConflict extends CasebookError {
  readonly code = 'import_conflict'
  readonly retryable = false

  constructor(stream: string, detail: string) {
    super(`Nothing was imported: ${stream} exists here already, and ${detail}.`)
  }
}

export class ImportBrokenOff extends CasebookError {
  readonly code = 'import_broken_off'
  readonly retryable = true

  constructor(stream: string, detail: string) {
    super(`The import broke off at ${stream}: ${detail}. Import the same file again: it goes on.`)
  }
}
