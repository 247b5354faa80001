// What writing a log back refuses with.
import { CasebookError } from '../../schemas/casebook-error.ts'

export class LogNotEmpty extends CasebookError {
  readonly code = 'log_not_empty'
  readonly retryable = false

  constructor(detail: string) {
    super(
      `A log is only written back into an empty JetStream, or completed when all it holds is in the copy: ${detail}. Move it away first: name another server or data folder, or delete the stream CASEBOOK_EVENTS.`,
    )
  }
}

export class CopyUnsound extends CasebookError {
  readonly code = 'copy_unsound'
  readonly retryable = false

  constructor(name: string, sequence: number, subject: string, detail: string) {
    super(
      `Nothing was written: commit ${sequence} on ${subject} in the copy (${name}) is not sound: ${detail}. Take another copy.`,
    )
  }
}

export class RestoreBrokenOff extends CasebookError {
  readonly code = 'restore_broken_off'
  readonly retryable = true

  constructor(sequence: number, detail: string) {
    super(`Writing the log back broke off at message ${sequence}: ${detail}. Give the same command again: it goes on.`)
  }
}

export class RestoreUnfinished extends CasebookError {
  readonly code = 'restore_unfinished'
  readonly retryable = false

  constructor(from: string) {
    super(
      `The log is being written back from ${from} and is not whole yet. Give "casebook restore" again as it was given: it goes on.`,
    )
  }
}

export class NothingToRestore extends CasebookError {
  readonly code = 'nothing_to_restore'
  readonly retryable = false

  constructor(name: string) {
    super(`The copy (${name}) holds no commit. Check that it is the right one.`)
  }
}
