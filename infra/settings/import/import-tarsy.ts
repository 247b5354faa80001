// A tarsy.yaml and its llm-providers.yaml become a folder of ours, with every field accounted for.
import { defaultsDefinition } from '../../../schemas/agent-definition.ts'
import type { ImportReport } from '../../../schemas/configuration-report.ts'
import type { InspectOptions } from '../inspect-configuration.ts'
import { createInspection } from '../inspect-configuration.ts'
import { importAgents, knownAgents } from './import-agents.ts'
import { importChains } from './import-chains.ts'
import { limitsOf, secondsOf } from './import-limits.ts'
import { createImportNotes, type ImportNotes } from './import-notes.ts'
import { importProviders, knownProviders } from './import-providers.ts'
import { importServers, knownServers } from './import-servers.ts'
import {
  createImporting,
  type Fields,
  fallbackIn,
  type Importing,
  listOf,
  membersOf,
  recordOf,
  sameFields,
  taken,
} from './importing.ts'
import { lostReason } from './lost-reasons.ts'
import { type Path, readSourceFile } from './source-file.ts'
import { defaultProvider } from './tarsy-built-ins.ts'
import { type ImportedSections, writeImported } from './write-imported.ts'

export interface ImportRequest {
  readonly tarsy: string
  readonly providers: string | null
  /** Made when it is not there; refused when something is in it. */
  readonly out: string
}

/** @throws ConfigurationInvalid when a source cannot be read, ImportRefused when the folder is not empty. */
export const importTarsy = async (
  { tarsy, providers: providersFile, out }: ImportRequest,
  options: InspectOptions,
): Promise<ImportReport> => {
  const source = await readSourceFile(tarsy)
  const providerSource = providersFile === null ? { ...source, content: {} } : await readSourceFile(providersFile)
  const notes = createImportNotes(source)
  const providerNotes = createImportNotes(providerSource)
  const importing = createImporting()

  for (const path of alwaysSo(source.content)) notes.carried(path)
  const providers = importProviders(providerSource.content, providerNotes, importing)
  const servers = importServers(source.content, notes, importing)
  const agents = importAgents(source.content, notes, importing)
  const chains = importChains(source.content, notes, importing)
  const defaults = {
    ...importDefaults(source.content, notes, importing),
    ...limitsOf(source.content, providers, notes, importing),
  }
  // What is built in there and referred to; agents first, for they refer to servers.
  const allAgents = { ...agents, ...knownAgents(importing, agents) }
  const sections: ImportedSections = {
    defaults,
    agents: allAgents,
    chains: withRunbook(chains, source.content, notes),
    mcp_servers: { ...servers, ...knownServers(importing, servers) },
    providers: { ...providers, ...knownProviders(importing, providers) },
  }
  const written = await writeImported(out, sections)
  const found = notes.finish(lostReason)
  const foundInProviders = providerNotes.finish(lostReason)
  const checked = await createInspection(options).check(out)
  return {
    written,
    changed: [...found.changed, ...foundInProviders.changed],
    notCarriedOver: [...found.notCarriedOver, ...foundInProviders.notCarriedOver],
    issues: checked.kind === 'faulty' ? checked.issues : [],
  }
}

/** What was switched on there is always on here. */
const alwaysSo = (content: Fields): readonly Path[] => {
  const members = (section: string): readonly Path[] => membersOf(content[section]).map(([name]) => [section, name])
  const switches: readonly Path[] = [
    ['system', 'cost_estimation', 'enabled'],
    ['defaults', 'alert_masking', 'enabled'],
    ...members('agent_chains').map((chain) => [...chain, 'chat', 'enabled']),
    ...members('mcp_servers').flatMap((server) => [
      [...server, 'data_masking', 'enabled'],
      [...server, 'summarization', 'enabled'],
    ]),
  ]
  return switches.filter((path) => path.reduce<unknown>((value, key) => recordOf(value)[key], content) === true)
}

const importDefaults = (content: Fields, notes: ImportNotes, importing: Importing): Fields => {
  const source = recordOf(content['defaults'])
  const provider = source['llm_provider']
  if (typeof provider === 'string') notes.carried(['defaults', 'llm_provider'])
  return {
    provider: importing.providers.refer(typeof provider === 'string' ? provider : defaultProvider),
    ...sameFields(source, ['defaults'], notes, defaultsDefinition, ['mcp_servers']),
    ...fallbackIn(source, ['defaults'], notes, importing),
    ...helperLimitsIn(recordOf(source['orchestrator']), notes),
    ...defaultChain(content, source['alert_type'], notes, importing),
  }
}

const helperLimitsIn = (source: Fields, notes: ImportNotes): Fields => {
  const path: Path = ['defaults', 'orchestrator']
  const concurrent = source['max_concurrent_agents']
  const seconds = secondsOf(source['agent_timeout'])
  if (typeof concurrent === 'number') {
    notes.changed([...path, 'max_concurrent_agents'], 'becomes defaults.helper_limits.concurrent')
  }
  if (seconds !== null) notes.changed([...path, 'agent_timeout'], 'becomes defaults.helper_limits.seconds')
  if (typeof concurrent !== 'number' && seconds === null) return {}
  return {
    helper_limits: { ...(typeof concurrent === 'number' && { concurrent }), ...(seconds !== null && { seconds }) },
  }
}

/** There an alert without a type is of the default one; here it takes the default chain. */
const defaultChain = (content: Fields, type: unknown, notes: ImportNotes, importing: Importing): Fields => {
  if (typeof type !== 'string') return {}
  const chain = Object.entries(recordOf(content['agent_chains'])).find(([, each]) =>
    listOf(recordOf(each)['alert_types']).includes(type),
  )?.[0]
  if (chain === undefined) {
    notes.lost(['defaults', 'alert_type'], `no chain of the file takes alerts of the type "${type}"`)
    return {}
  }
  const name = importing.chains.of(chain)
  notes.changed(['defaults', 'alert_type'], `becomes defaults.chain: ${name}`)
  return { chain: name }
}

const withRunbook = (chains: Fields, content: Fields, notes: ImportNotes): Fields => {
  const { runbook } = taken(recordOf(content['defaults']), ['defaults'], notes, { runbook: 'runbook' })
  if (typeof runbook !== 'string' || runbook === '') return chains
  notes.changed(['defaults', 'runbook'], 'is written into every chain')
  return Object.fromEntries(Object.entries(chains).map(([name, chain]) => [name, { ...recordOf(chain), runbook }]))
}
