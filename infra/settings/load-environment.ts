// The process' environment as one checked value; what is wrong is told with the variable's name and an example, never with a secret.

import { didYouMean } from '../../domain/plan/nearest-name.ts'
import {
  type Environment,
  environment,
  isEnvironmentName,
  isLoopbackHost,
  variableMeta,
} from '../../schemas/environment.ts'
import { EnvironmentInvalid, type EnvironmentIssue, UnauthenticatedExposure } from './settings-errors.ts'

export type ProcessEnvironment = Readonly<Record<string, string | undefined>>

/** @throws EnvironmentInvalid with every wrong variable; UnauthenticatedExposure for another host than loopback without a token. */
export const loadEnvironment = (variables: ProcessEnvironment): Environment => {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([name, value]) => isEnvironmentName(name) && value !== undefined && value !== ''),
  )
  const parsed = environment.safeParse(given)
  if (!parsed.success) {
    const issues = new Map<string, EnvironmentIssue>()
    for (const { path, message } of parsed.error.issues) {
      const name = String(path[0])
      if (!issues.has(name)) issues.set(name, { variable: name, message: told(name, given[name] ?? '', message) })
    }
    throw new EnvironmentInvalid([...issues.values()])
  }
  const { CASEBOOK_HOST: host, CASEBOOK_TOKEN: token } = parsed.data
  if (token === undefined && !isLoopbackHost(host)) throw new UnauthenticatedExposure(host)
  return parsed.data
}

/** Variables that are read elsewhere: by the command line's client, by host-tools, and in the built-in configuration. */
const readElsewhere: ReadonlySet<string> = new Set([
  'CASEBOOK_URL',
  'CASEBOOK_LOG_DIRS',
  'CASEBOOK_NODE',
  'CASEBOOK_ROOT',
  'CASEBOOK_SIMULATOR_URL',
])
/** What Kubernetes sets by itself for a service named "casebook". */
const serviceLinks = /^CASEBOOK_(?:SERVICE_|PORT_\d)/

/** One sentence for each `CASEBOOK_…` variable nobody reads: most likely misspelt. */
export const environmentWarnings = (variables: ProcessEnvironment): readonly string[] => {
  const names = [...Object.keys(environment.shape), ...readElsewhere]
  return Object.keys(variables)
    .filter((name) => name.startsWith('CASEBOOK_') && !names.includes(name) && !serviceLinks.test(name))
    .sort()
    .map((name) => `${name} is set, but Casebook reads no such variable${didYouMean(name, names) || '.'}`)
}

const told = (name: string, value: string, message: string): string => {
  const meta = isEnvironmentName(name) ? variableMeta(name) : { example: '', secret: true }
  const shown = meta.secret === true ? '' : ` It is ${JSON.stringify(value.slice(0, 80))}.`
  return `${message}.${shown} Example: ${name}=${meta.example}`
}
