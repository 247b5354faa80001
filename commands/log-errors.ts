// What the log's ports may throw; every adapter uses these and no others.
import { CasebookError } from '../schemas/casebook-error.ts'

export class LogUnavailable extends CasebookError {
  readonly code = 'log_unavailable'
  readonly retryable = true

  constructor(doing: string, options?: { readonly cause?: unknown }) {
    super(`The log cannot be reached (${doing}). Check that nats-server is up; nothing was lost.`, options)
  }
}

/** In strict mode. */
export class CopyBehind extends CasebookError {
  readonly code = 'copy_behind'
  readonly retryable = true

  constructor(sequence: number, options?: { readonly cause?: unknown }) {
    super(
      `Message ${sequence} is in the log, but Postgres has not confirmed its copy of it. Send the command again with the same key: it is done once.`,
      options,
    )
  }
}

export class LogReplaced extends CasebookError {
  readonly code = 'log_replaced'
  readonly retryable = false

  constructor(was: string, is: string) {
    super(
      `The log created at ${was} is gone; the one there now was created at ${is}. If it is lost, stop every Casebook and write it back from the second copy: casebook restore --from postgres`,
    )
  }
}

export class LogFull extends CasebookError {
  readonly code = 'log_full'
  readonly retryable = true

  constructor(detail: string) {
    super(`The log takes no more: ${detail}. Free disk space or raise the stream's limits.`)
  }
}

export class CommitTooLarge extends CasebookError {
  readonly code = 'commit_too_large'
  readonly retryable = false

  constructor(stream: string, bytes: number, limit: number) {
    super(`A commit of ${bytes} bytes for ${stream} is over the limit of ${limit}. Send less at once.`)
  }
}

export class CorruptCommit extends CasebookError {
  readonly code = 'corrupt_commit'
  readonly retryable = false

  constructor(subject: string, sequence: number, detail: string) {
    super(`Message ${sequence} on ${subject} is not a sound commit: ${detail}. Run "casebook audit verify".`)
  }
}

export class CorruptBlob extends CasebookError {
  readonly code = 'corrupt_blob'
  readonly retryable = false

  constructor(sha256: string) {
    super(`The content of blob ${sha256} does not match its name. Restore it from a backup.`)
  }
}

export class AppendRefused extends CasebookError {
  readonly code = 'append_refused'
  readonly retryable = false

  constructor(subject: string, code: number, detail: string) {
    super(`The server refused to store a commit on ${subject}: ${detail} (${code}). Check the stream's configuration.`)
  }
}

export class ForkSourceChanged extends CasebookError {
  readonly code = 'fork_source_changed'
  readonly retryable = false

  constructor(fork: string, source: string, at: number) {
    super(
      `${fork} goes on from event ${at} of ${source}, whose history is not there any more as it was. Restore it, or start a new session.`,
    )
  }
}
