// What the command line says when it cannot do what was asked: what is wrong and what to do, in a line or two.
import { CasebookError } from '../../schemas/casebook-error.ts'

/** The server refused; `problem` is its own code. */
export class ApiProblem extends CasebookError {
  readonly code = 'api_problem'
  readonly retryable: boolean
  readonly status: number
  readonly problem: string

  constructor(status: number, problem: string, lines: readonly string[]) {
    super(lines.join('\n'))
    this.status = status
    this.problem = problem
    this.retryable = status === 503 || status === 429
  }
}

export class ServerUnreachable extends CasebookError {
  readonly code = 'server_unreachable'
  readonly retryable = true

  constructor(url: string, options: { readonly cause?: unknown } = {}) {
    super(`No Casebook answers at ${url}. Start one with "npm start", or set CASEBOOK_URL to where it is.`, options)
  }
}

export class UnexpectedAnswer extends CasebookError {
  readonly code = 'unexpected_answer'
  readonly retryable = false

  constructor(url: string, detail: string, options: { readonly cause?: unknown } = {}) {
    super(
      `${url} did not answer as Casebook does (${detail}). Check CASEBOOK_URL, and that both are of one version.`,
      options,
    )
  }
}

/** The words of the command line do not fit together. */
export class WrongUsage extends CasebookError {
  readonly code = 'wrong_usage'
  readonly retryable = false
}

export class AlertNotDecided extends CasebookError {
  readonly code = 'alert_not_decided'
  readonly retryable = true

  constructor(alertId: string, seconds: number) {
    super(
      `Alert ${alertId} opened no session within ${seconds} s. Is a process with the role "handlers" running? ` +
        'See /health and /v1/dead-letters.',
    )
  }
}

export class DemoFailed extends CasebookError {
  readonly code = 'demo_failed'
  readonly retryable = false
}
