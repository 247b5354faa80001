// `llm_providers` of an llm-providers.yaml: each becomes an endpoint that speaks the OpenAI protocol.
import { providerDefinition } from '../../../schemas/provider-definition.ts'
import { type ImportNotes, noNotes } from './import-notes.ts'
import { type Fields, type Importing, membersOf, renamed, sameFields, taken } from './importing.ts'
import type { Path } from './source-file.ts'
import { builtInProviders, endpoints } from './tarsy-built-ins.ts'

export const importProviders = (content: Fields, notes: ImportNotes, importing: Importing): Fields => {
  const providers: Record<string, Fields> = {}
  for (const [written, source] of membersOf(content['llm_providers'])) {
    const path: Path = ['llm_providers', written]
    const imported = importProvider(source, path, notes)
    if (imported === null) continue
    const name = importing.providers.of(written)
    renamed(written, name, path, notes)
    providers[name] = imported
  }
  return providers
}

/** Providers that are referred to and built in there. */
export const knownProviders = (importing: Importing, defined: Fields): Fields =>
  Object.fromEntries(
    importing.providers.referred().flatMap((written) => {
      const name = importing.providers.of(written)
      const known = builtInProviders[written]
      if (known === undefined || Object.hasOwn(defined, name)) return []
      const provider = importProvider(known, [], noNotes)
      return provider === null ? [] : [[name, provider]]
    }),
  )

const importProvider = (source: Fields, path: Path, notes: ImportNotes): Fields | null => {
  const type = String(source['type'] ?? '')
  const { base_url: url, ...own } = {
    ...sameFields(source, path, notes, providerDefinition, ['base_url']),
    ...taken(source, path, notes, { base_url: 'base_url' }),
  }
  notes.carried([...path, 'type'])
  const address = url ?? endpoints[type]
  if (address === undefined) {
    notes.lost(
      path,
      `type "${type}" has no endpoint that a key alone opens; give the provider a base_url and an api_key_env`,
    )
    return null
  }
  if (url === undefined) {
    notes.changed([...path, 'type'], `becomes base_url ${String(address)}`)
  }
  return { base_url: address, model: 'unknown', ...own }
}
