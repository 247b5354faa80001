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

export class NatsServerNotFound extends CasebookError {
  readonly code = 'nats_server_not_found'
  readonly retryable = false

  constructor(tried: readonly string[]) {
    super(
      `nats-server is not here and could not be installed (${tried.join('; ')}). Install it and set NATS_SERVER_BIN, or point NATS_URL at a server.`,
    )
  }
}

export class PostgresNotFound extends CasebookError {
  readonly code = 'postgres_not_found'
  readonly retryable = false

  constructor(tried: readonly string[]) {
    super(
      `PostgreSQL is not here (looked in ${tried.join(', ')}). Run "npm ci" again, or point DATABASE_URL at a server.`,
    )
  }
}

export class EmbeddedServerFailed extends CasebookError {
  readonly code = 'embedded_server_failed'
  readonly retryable = false

  constructor(name: string, reason: string, logFile: string) {
    super(`${name} did not start: ${reason}. Its log is ${logFile}.`)
  }
}
