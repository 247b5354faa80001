// The configuration as it goes on the log: everything that was in force, and no secret.
import { createHash } from 'node:crypto'
import type { Configuration } from '../../schemas/agent-definition.ts'
import type { JsonValue } from '../../schemas/json-value.ts'
import type { FindEntry, Section } from './configuration-entry.ts'
import type { Variables } from './interpolate.ts'
import { isSecretName, shownValue } from './shown-value.ts'
import { isRecord } from './yaml-document.ts'

export interface PublishedConfiguration {
  /** Digest of every entry by `<section>/<name>`. A change of a secret alone is no change here. */
  readonly entries: Readonly<Record<string, string>>
  /** JSON. */
  readonly content: string
}

const sections: readonly Section[] = ['defaults', 'agents', 'chains', 'mcp_servers', 'providers']

/** Paths and ports of this machine and this run stand as their names: they are no change. */
const supplied: ReadonlySet<string> = new Set(['CASEBOOK_NODE', 'CASEBOOK_ROOT', 'CASEBOOK_SIMULATOR_URL'])
const isHidden = (name: string): boolean => supplied.has(name) || isSecretName(name)

export const publishConfiguration = (
  configuration: Configuration,
  find: FindEntry,
  environment: Variables,
): PublishedConfiguration => {
  const variables = { ...environment, ...Object.fromEntries([...supplied].map((name) => [name, 'supplied'])) }
  const published = sections.map((section): readonly [Section, Readonly<Record<string, JsonValue>>] => [
    section,
    Object.fromEntries(
      Object.entries(configuration[section]).map(([name, value]) => [
        name,
        publishedValue(value, (path) => find(section, name)?.written(path), variables),
      ]),
    ),
  ])
  return {
    entries: Object.fromEntries(
      published.flatMap(([section, members]) =>
        Object.entries(members).map(([name, value]) => [`${section}/${name}`, digestOf(value)]),
      ),
    ),
    content: JSON.stringify(Object.fromEntries(published)),
  }
}

const publishedValue = (
  value: unknown,
  written: (path: readonly PropertyKey[]) => unknown,
  variables: Variables,
): JsonValue => {
  if (!isRecord(value)) return shownValue(value, written([]), variables, isHidden)
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [
        key,
        key === 'transport' && isRecord(each)
          ? publishedTransport(each, written([key]), variables)
          : shownValue(each, written([key]), variables, isHidden),
      ]),
  )
}

/** Of what is sent to a server only the names. */
const publishedTransport = (
  transport: Readonly<Record<string, unknown>>,
  written: unknown,
  variables: Variables,
): JsonValue =>
  Object.fromEntries(
    Object.entries(transport).map(([key, each]) => [
      key,
      (key === 'env' || key === 'headers') && isRecord(each)
        ? Object.keys(each).sort()
        : shownValue(each, isRecord(written) ? written[key] : undefined, variables, isHidden),
    ]),
  )

const digestOf = (value: JsonValue): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
