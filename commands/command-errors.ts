// What the command bus throws; a business "no" is an outcome, not an error.
import { CasebookError } from '../schemas/casebook-error.ts'

const toldAtOnce = 5
const maxIssues = 50

export class InvalidCommand extends CasebookError {
  readonly code = 'invalid_command'
  readonly retryable = false
  /** One line a field: `<path>: <what is wrong>`. */
  readonly issues: readonly string[]

  constructor(type: string, issues: readonly string[]) {
    const more = issues.length > toldAtOnce ? `; and ${issues.length - toldAtOnce} more` : ''
    super(`${type} is not valid: ${issues.slice(0, toldAtOnce).join('; ')}${more}`)
    this.issues = issues.slice(0, maxIssues)
  }
}

export class UnknownCommand extends CasebookError {
  readonly code = 'unknown_command'
  readonly retryable = false

  constructor(type: string, known: readonly string[]) {
    super(`There is no public command "${type}". Public commands: ${known.join(', ')}.`)
  }
}

export class CommandForbidden extends CasebookError {
  readonly code = 'command_forbidden'
  readonly retryable = false

  constructor(type: string, actorId: string) {
    super(`${type} is reserved to Casebook's own handlers; ${actorId} may not send it.`)
  }
}

export class IdempotencyConflict extends CasebookError {
  readonly code = 'idempotency_conflict'
  readonly retryable = false

  constructor(key: string) {
    super(`The key ${key} was used before with another body. Use a new key, or repeat the same body.`)
  }
}

export class ConcurrencyExhausted extends CasebookError {
  readonly code = 'concurrency_exhausted'
  readonly retryable = true

  constructor(stream: string, attempts: number) {
    super(`${stream} changed under ${attempts} attempts to write to it. Try again.`)
  }
}
