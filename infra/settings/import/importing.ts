// What every part of an import is given: the source, the notes, and the names and needs they share.
import { z } from 'zod'
import { isRecord } from '../yaml-document.ts'
import type { ImportNotes } from './import-notes.ts'
import { createImportedNames, type ImportedNames } from './imported-names.ts'
import type { Path } from './source-file.ts'
import { fromTemplate } from './template-text.ts'

export type Fields = Readonly<Record<string, unknown>>

/** Names that are referred to; those nobody defines are written out as far as they are known. */
export interface References extends ImportedNames {
  readonly refer: (written: string) => string
  readonly referred: () => readonly string[]
}

export interface Importing {
  readonly agents: References
  readonly chains: References
  readonly servers: References
  readonly providers: References
}

const createReferences = (): References => {
  const names = createImportedNames()
  const referred = new Set<string>()
  return {
    of: names.of,
    refer: (written) => {
      referred.add(written)
      return names.of(written)
    },
    referred: () => [...referred],
  }
}

export const createImporting = (): Importing => ({
  agents: createReferences(),
  chains: createReferences(),
  servers: createReferences(),
  providers: createReferences(),
})

/** A section's members; anything but a map of maps is none. */
export const membersOf = (value: unknown): readonly (readonly [string, Fields])[] =>
  isRecord(value) ? Object.entries(value).map(([name, each]) => [name, isRecord(each) ? each : {}]) : []

export const recordOf = (value: unknown): Fields => (isRecord(value) ? value : {})
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const textsOf = (value: unknown): readonly string[] =>
  listOf(value).filter((each): each is string => typeof each === 'string')

/** Every text of a value with its variables as they are written here; what cannot be said is noted as lost. */
export const converted = (value: unknown, path: Path, notes: ImportNotes): unknown => {
  if (typeof value === 'string') {
    const { text, odd } = fromTemplate(value)
    if (odd.length > 0) notes.lost(path, `${[...new Set(odd)].join(', ')} is kept as text: nothing fills it in here`)
    return text
  }
  if (Array.isArray(value)) return value.map((each: unknown, index) => converted(each, [...path, index], notes))
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, converted(each, [...path, key], notes)]))
  }
  return value
}

/** Fields that keep their meaning, under their name here. */
export const taken = (
  source: Fields,
  path: Path,
  notes: ImportNotes,
  fields: Readonly<Record<string, string>>,
): Fields =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([there, here]) => {
      const value = source[there]
      if (value === undefined || value === null) return []
      notes.carried([...path, there])
      return [[here, converted(value, [...path, there], notes)]]
    }),
  )

/** Fields that are called the same there and here, and whose value is one here too. */
export const sameFields = (
  source: Fields,
  path: Path,
  notes: ImportNotes,
  { shape }: { readonly shape: Readonly<Record<string, z.core.$ZodType>> },
  except: readonly string[],
): Fields =>
  Object.fromEntries(
    Object.entries(source).flatMap(([key, value]) => {
      const schema = Object.hasOwn(shape, key) ? shape[key] : undefined
      if (except.includes(key) || schema === undefined || !z.safeParse(schema, value).success) return []
      notes.carried([...path, key])
      return [[key, converted(value, [...path, key], notes)]]
    }),
  )

/** `[{ provider, backend }]` there: the names of the providers. */
export const fallbackIn = (source: Fields, path: Path, notes: ImportNotes, { providers }: Importing): Fields => {
  const listed = listOf(source['fallback_providers'])
  const names = listed.flatMap((each, index) => {
    const name = recordOf(each)['provider']
    if (typeof name !== 'string') return []
    notes.carried([...path, 'fallback_providers', index, 'provider'])
    return [providers.refer(name)]
  })
  return names.length === 0 ? {} : { fallback: names }
}

/** What an agent, a chain or a stage may say of its agents. */
export const takenSettings = (source: Fields, path: Path, notes: ImportNotes, importing: Importing): Fields => {
  const { providers, servers } = importing
  const provider = source['llm_provider']
  if (typeof provider === 'string') notes.carried([...path, 'llm_provider'])
  if (Array.isArray(source['mcp_servers'])) notes.carried([...path, 'mcp_servers'])
  return {
    ...(typeof provider === 'string' && { provider: providers.refer(provider) }),
    ...taken(source, path, notes, { max_iterations: 'max_iterations' }),
    ...(Array.isArray(source['mcp_servers']) && {
      mcp_servers: textsOf(source['mcp_servers']).map((name) => servers.refer(name)),
    }),
    ...fallbackIn(source, path, notes, importing),
  }
}

/** Told when a name had to change. */
export const renamed = (written: string, name: string, path: Path, notes: ImportNotes): void => {
  if (written !== name) notes.renamed(path, `is called "${name}" here`)
}
