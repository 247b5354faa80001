// Every value a chain runs under, with the layer that decided it and the line it stands on.
import { takesTheirs } from '../../domain/plan/pin-chat-agent.ts'
import { resolveAgent, type Setting } from '../../domain/plan/resolve-agent.ts'
import { limitPlaces } from '../../domain/plan/resolve-limits.ts'
import { hasSynthesis, orderStages } from '../../domain/plan/stage-order.ts'
import { agentDefinition, defaultsDefinition, mcpServerDefinition } from '../../schemas/agent-definition.ts'
import { chainDefinition, stageDefinition } from '../../schemas/chain-definition.ts'
import type { ExplainedField, ExplainedLayer, ExplainedPart } from '../../schemas/configuration-report.ts'
import { providerDefinition } from '../../schemas/provider-definition.ts'
import { type ChainWorker, chainWorkers } from './chain-workers.ts'
import type { Section } from './configuration-entry.ts'
import type { Variables } from './interpolate.ts'
import type { LoadedConfiguration } from './load-configuration.ts'
import { shownValue, variablesIn } from './shown-value.ts'
import { isRecord, valueAt } from './yaml-document.ts'

const layers: Readonly<Record<Section, ExplainedLayer>> = {
  defaults: 'defaults',
  agents: 'agent',
  chains: 'chain',
  mcp_servers: 'server',
  providers: 'provider',
}

/** What a layer may decide for an agent: resolved once for each place, not shown where it is written. */
const settings = [
  'provider',
  'model',
  'temperature',
  'max_iterations',
  'mcp_servers',
  'fallback',
  'helpers',
  'summarize_results',
]
/** Resolved for the whole chain. */
const limits = ['max_stages', 'tool_policy', 'budgets']

/** `chain` must be there. */
export const explainChain = (
  loaded: LoadedConfiguration,
  chain: string,
  variables: Variables,
): readonly ExplainedPart[] => {
  const { configuration } = loaded
  const definition = configuration.chains[chain]
  const workers = definition === undefined ? [] : chainWorkers(chain, definition, configuration)
  const resolved = workers.map(({ agent, place }) => resolveAgent(agent, configuration, place))
  const providers = unique(
    resolved.flatMap(({ provider, fallback }) => [
      provider.value,
      ...(fallback?.value.map((each) => each.provider) ?? []),
    ]),
  )
  const servers = unique(resolved.flatMap(({ mcpServers }) => mcpServers.value))
  const field = fieldsOf(loaded, variables)
  const agentFields = [
    ...Object.keys(agentDefinition.shape).filter((each) => !settings.includes(each) && each !== 'instructions'),
    'instructions',
  ]

  const agentPart = ({ agent, place, mcpServers }: ChainWorker): readonly ExplainedField[] => {
    const resolved = resolveAgent(agent, configuration, place)
    const found =
      mcpServers === undefined || !takesTheirs(resolved.mcpServers)
        ? resolved
        : { ...resolved, mcpServers: { value: mcpServers, layer: 'chain', path: ['chains', chain, 'stages'] } as const }
    return [
      ...Object.entries({
        provider: found.provider,
        model: found.model,
        temperature: found.temperature,
        max_iterations: found.maxIterations,
        mcp_servers: found.mcpServers,
        fallback: found.fallback && {
          ...found.fallback,
          value: found.fallback.value.map(({ provider, model }) => `${provider} ${model}`),
        },
        helpers: found.helpers,
        summarize_results: found.summarizeResults,
      } satisfies Record<string, Setting<unknown> | null>).map(([name, setting]) =>
        setting === null
          ? notSet(name)
          : field(name, setting.path, setting.path[0] === 'providers' ? 'provider' : setting.layer, setting.value),
      ),
      ...agentFields.map((name) => field(name, ['agents', agent, name])),
    ]
  }

  const needs = definition === undefined ? [] : orderStages(definition, configuration.defaults.max_stages).needs
  /** What is left out has a meaning, which is told in its place. */
  const stageField = (index: number, name: string): ExplainedField => {
    const stage = definition?.stages[index]
    const title = `stage.${name}`
    if (name === 'depends_on' && stage !== undefined && stage.depends_on === undefined) {
      const value = (needs[index] ?? []).map((each) => definition?.stages[each]?.name ?? '')
      return { ...notSet(title), value }
    }
    if (name === 'synthesis' && stage !== undefined && stage.synthesis === undefined) {
      return hasSynthesis(stage) ? field(title, ['defaults', 'synthesis_agent']) : { ...notSet(title), value: false }
    }
    return field(title, ['chains', chain, 'stages', index, name], 'stage')
  }

  return [
    {
      title: `chain ${chain}`,
      fields: [
        ...Object.keys(chainDefinition.shape)
          .filter((name) => name !== 'stages' && !settings.includes(name) && !limits.includes(name))
          .map((name) => field(name, ['chains', chain, name])),
        ...(definition === undefined ? [] : limitPlaces(chain, definition, configuration.defaults)).map(
          ({ field: name, path, layer }) => field(name, path, layer),
        ),
      ],
    },
    ...workers.map((worker) => ({
      title: worker.title,
      fields: [
        ...(worker.stage === undefined
          ? []
          : Object.keys(stageDefinition.shape)
              .filter((name) => !settings.includes(name))
              .map((name) => stageField(worker.stage ?? 0, name))),
        ...agentPart(worker),
      ],
    })),
    ...providers.map((name) => ({
      title: `provider ${name}`,
      fields: Object.keys(providerDefinition.shape).map((each) => field(each, ['providers', name, each])),
    })),
    ...servers.map((name) => ({
      title: `MCP server ${name}`,
      fields: Object.keys(mcpServerDefinition.shape).flatMap((each) =>
        each === 'transport'
          ? Object.keys(configuration.mcp_servers[name]?.transport ?? {}).map((part) =>
              field(`transport.${part}`, ['mcp_servers', name, 'transport', part]),
            )
          : [field(each, ['mcp_servers', name, each])],
      ),
    })),
    {
      title: 'defaults',
      fields: Object.keys(defaultsDefinition.shape).map((name) => field(name, ['defaults', name])),
    },
  ]
}

const notSet = (field: string): ExplainedField => ({ field, value: null, layer: 'built-in', from: '' })

type Path = readonly [section: Section, name: string, ...rest: (string | number)[]]

const fieldsOf =
  (loaded: LoadedConfiguration, variables: Variables) =>
  (
    field: string,
    path: Path,
    layer: ExplainedLayer = layers[path[0]],
    value: unknown = valueAt(loaded.configuration, path),
  ): ExplainedField => {
    const { find, isBuiltIn } = loaded
    const [section, name, ...rest] = path
    const entry = find(section, name)
    if (value === undefined) return notSet(field)
    if (field === 'provider' && entry === undefined) return { field, ...byEnvironment(String(value), variables) }

    // The text of an agent file stands in no field.
    const inBody = section === 'agents' && rest[0] === 'instructions' && value !== ''
    const written = entry?.written(rest)
    // A built-in default is often filled in by a step before this one: what nobody wrote has no line.
    if (entry === undefined || (written === undefined && !inBody)) {
      return { field, value: shownValue(value, undefined, variables), layer: 'built-in', from: '' }
    }
    const { file, line } = entry.issue(rest, '')
    const names = [...new Set(variablesIn(written, variables))]
    const place = `${inBody && written === undefined ? file : `${file}:${line}`}${isBuiltIn(entry) ? ' (built-in)' : ''}`
    return {
      field,
      value: namesOnly(rest) && isRecord(value) ? Object.keys(value) : shownValue(value, written, variables),
      layer: names.length > 0 ? 'environment' : section === 'defaults' && isBuiltIn(entry) ? 'built-in' : layer,
      from: names.length > 0 ? `${names.join(', ')} in ${place}` : place,
    }
  }

/** Of what is sent to a server only the names are told. */
const namesOnly = (path: readonly (string | number)[]): boolean =>
  path.at(-1) === 'headers' || (path.at(-1) === 'env' && path.includes('transport'))

const byEnvironment = (provider: string, variables: Variables): Omit<ExplainedField, 'field'> => {
  const name = ['OPENAI_API_KEY', 'OPENAI_BASE_URL'].find((each) => (variables[each] ?? '') !== '')
  return name === undefined
    ? { value: provider, layer: 'built-in', from: 'neither OPENAI_API_KEY nor OPENAI_BASE_URL is set' }
    : { value: provider, layer: 'environment', from: `${name} is set` }
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)]
