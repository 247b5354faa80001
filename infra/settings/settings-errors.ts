// What is refused at start: a configuration or an environment that cannot be meant, with every fault told at once.
import { CasebookError } from '../../schemas/casebook-error.ts'

/** One fault of the configuration and its mend. */
export interface ConfigurationIssue {
  readonly file: string
  /** 1-based; 0 when the fault is about the file as a whole. */
  readonly line: number
  /** Such as `chains.default.stages[0].agent`; empty for the whole file. */
  readonly path: string
  readonly message: string
}

export class ConfigurationInvalid extends CasebookError {
  readonly code = 'configuration_invalid'
  readonly retryable = false
  readonly issues: readonly ConfigurationIssue[]

  constructor(issues: readonly ConfigurationIssue[]) {
    super(`The configuration has ${listed(issues)}`)
    this.issues = issues
  }
}

/** Cases are run when all of them can be meant, or not at all. */
export class EvaluationCasesInvalid extends CasebookError {
  readonly code = 'evaluation_cases_invalid'
  readonly retryable = false

  constructor(issues: readonly ConfigurationIssue[]) {
    super(`The cases have ${listed(issues)}`)
  }
}

const listed = (issues: readonly ConfigurationIssue[]): string => {
  const lines = issues.map(({ file, line, path, message }) => {
    const place = line === 0 ? file : `${file}:${line}`
    return `  ${place}: ${path === '' ? '' : `${path}: `}${message}`
  })
  return `${issues.length === 1 ? 'a fault' : `${issues.length} faults`}:\n${lines.join('\n')}`
}

/** An import never writes over what is there. */
export class ImportRefused extends CasebookError {
  readonly code = 'import_refused'
  readonly retryable = false

  constructor(folder: string) {
    super(`${folder} is not empty. Name a new folder with --out, or empty it.`)
  }
}

export interface EnvironmentIssue {
  readonly variable: string
  readonly message: string
}

export class EnvironmentInvalid extends CasebookError {
  readonly code = 'environment_invalid'
  readonly retryable = false
  readonly issues: readonly EnvironmentIssue[]

  constructor(issues: readonly EnvironmentIssue[]) {
    super(issues.map(({ variable, message }) => `${variable} ${message}`).join('\n'))
    this.issues = issues
  }
}

export class UnauthenticatedExposure extends CasebookError {
  readonly code = 'unauthenticated_exposure'
  readonly retryable = false

  constructor(host: string) {
    super(
      `CASEBOOK_HOST=${host} would serve other machines without asking who they are. ` +
        'Set CASEBOOK_TOKEN to a secret of at least 16 characters, or CASEBOOK_HOST to 127.0.0.1.',
    )
  }
}
