// The environment, checked at start: a wrong value is refused with its name and the mend, never with the value of a secret.
import { CasebookError } from '../../schemas/casebook-error.ts'
import { type Environment, environment } from '../../schemas/environment.ts'
import { didYouMean } from './nearest-name.ts'

export class EnvironmentInvalid extends CasebookError {
  readonly code = 'environment_invalid'
  readonly retryable = false

  constructor(problems: readonly string[]) {
    super(`The environment is not right:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  }
}

export class UnauthenticatedExposure extends CasebookError {
  readonly code = 'unauthenticated_exposure'
  readonly retryable = false

  constructor(host: string) {
    super(
      `CASEBOOK_HOST is ${host}, which others can reach, but no authentication is configured. Set CASEBOOK_TOKEN to a secret of 16 characters or more, or CASEBOOK_HOST to 127.0.0.1.`,
    )
  }
}

const examples: Readonly<Record<string, string>> = {
  CASEBOOK_PORT: '8080',
  CASEBOOK_HOST: '127.0.0.1',
  CASEBOOK_ROLES: 'http,handlers',
  CASEBOOK_TOKEN: 'the output of "openssl rand -hex 24"',
  NATS_URL: 'nats://127.0.0.1:4222',
  DATABASE_URL: 'postgres://user:password@127.0.0.1:5432/casebook',
  OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1',
}

/** Variables that Casebook reads but that are no part of the served environment. */
const otherNames = ['CASEBOOK_URL', 'CASEBOOK_LOG_DIRS']

export interface LoadedEnvironment {
  readonly environment: Environment
  readonly warnings: readonly string[]
}

/** @throws EnvironmentInvalid, UnauthenticatedExposure. */
export const loadEnvironment = (source: Readonly<Record<string, string | undefined>>): LoadedEnvironment => {
  const known = Object.keys(environment.shape)
  const given = Object.fromEntries(known.map((name) => [name, source[name] === '' ? undefined : source[name]]))
  const parsed = environment.safeParse(given)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0])
      const example = examples[name]
      return `${name} ${reason(message)}${example === undefined ? '' : `; for example ${example}`}`
    })
    throw new EnvironmentInvalid([...new Set(problems)])
  }
  const { CASEBOOK_HOST: host, CASEBOOK_TOKEN: token } = parsed.data
  if (token === undefined && !isLoopback(host)) throw new UnauthenticatedExposure(host)
  const valid = [...known, ...otherNames]
  const warnings = Object.keys(source)
    .filter((name) => name.startsWith('CASEBOOK_') && !valid.includes(name))
    .map((name) => `${name} is not a variable of Casebook.${didYouMean(name, valid)}`)
  return { environment: parsed.data, warnings }
}

const reason = (message: string): string =>
  message.startsWith('must') ? message : `is not valid (${message.charAt(0).toLowerCase()}${message.slice(1)})`

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
