// What can go wrong while Casebook starts servers of its own.
import { CasebookError } from '../../schemas/casebook-error.ts'

export class DataFolderInUse extends CasebookError {
  readonly code = 'data_folder_in_use'
  readonly retryable = false

  constructor(folder: string, pid: number) {
    super(
      `${folder} is used by the running Casebook with pid ${pid}. Stop it, or set CASEBOOK_DATA_DIR to another folder.`,
    )
  }
}

export class DataFolderUnusable extends CasebookError {
  readonly code = 'data_folder_unusable'
  readonly retryable = false

  constructor(folder: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(
      `${folder} cannot be used as data folder: ${reason}. Give this user the folder, or set CASEBOOK_DATA_DIR to another one.`,
      { cause },
    )
  }
}

export class NatsServerNotFound extends CasebookError {
  readonly code = 'nats_server_not_found'
  readonly retryable = false

  constructor(tried: readonly string[]) {
    super(
      `nats-server is not here and could not be installed (${tried.join('; ')}). Install it and set NATS_SERVER_BIN=<file>, or point NATS_URL at a server.`,
    )
  }
}

export class NatsServerUnusable extends CasebookError {
  readonly code = 'nats_server_unusable'
  readonly retryable = false

  constructor(file: string, reason: string) {
    super(
      `NATS_SERVER_BIN=${file} is no nats-server that runs here: ${reason}. ` +
        'Set it to the file of one, such as /usr/sbin/nats-server; without it one is found or fetched.',
    )
  }
}

export class NatsServerTooOld extends CasebookError {
  readonly code = 'nats_server_too_old'
  readonly retryable = false

  constructor(store: string, version: string) {
    super(
      `The log in ${store} is compressed, and nats-server ${version} would drop it. Set NATS_SERVER_BIN to one of 2.10 or newer.`,
    )
  }
}

export class PostgresNotFound extends CasebookError {
  readonly code = 'postgres_not_found'
  readonly retryable = false

  constructor(tried: readonly string[]) {
    super(
      `No PostgreSQL that runs here (tried ${tried.join('; ')}). Run "npm ci" again, or point DATABASE_URL at a server.`,
    )
  }
}

export class EmbeddedServerFailed extends CasebookError {
  readonly code = 'embedded_server_failed'
  readonly retryable = false
  /** The server ended by itself, so another start, perhaps on another port, may go well. */
  readonly ended: boolean

  constructor(name: string, reason: string, logFile: string, ended = false) {
    super(`${name} did not start: ${reason}. Its log is ${logFile}.`)
    this.ended = ended
  }
}
