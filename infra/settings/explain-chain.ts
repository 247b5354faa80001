// Every value a chain runs under, with the layer that decided it and the line it stands on.
import { resolveAgent, type Setting } from '../../domain/plan/resolve-agent.ts'
import {
  agentDefinition,
  chainDefinition,
  defaultsDefinition,
  mcpServerDefinition,
  providerDefinition,
  stageDefinition,
} from '../../schemas/agent-definition.ts'
import type { ExplainedField, ExplainedLayer, ExplainedPart } from '../../schemas/configuration-report.ts'
import type { JsonValue } from '../../schemas/json-value.ts'
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
const settings = ['provider', 'model', 'temperature', 'max_iterations', 'mcp_servers']

/** `chain` must be there. */
export const explainChain = (
  loaded: LoadedConfiguration,
  chain: string,
  variables: Variables,
): readonly ExplainedPart[] => {
  const { configuration } = loaded
  const stages = configuration.chains[chain]?.stages ?? []
  const summary = configuration.defaults.summary_agent
  const places = [
    ...stages.map(({ agent }, stage) => ({ agent, place: { chain, stage } })),
    { agent: summary, place: undefined },
  ]
  const resolved = places.map(({ agent, place }) => resolveAgent(agent, configuration, place))
  const providers = unique(resolved.map(({ provider }) => provider.value))
  const servers = unique(resolved.flatMap(({ mcpServers }) => mcpServers.value))
  const field = fieldsOf(loaded, variables)
  const agentFields = [
    ...Object.keys(agentDefinition.shape).filter((each) => !settings.includes(each) && each !== 'instructions'),
    'instructions',
  ]

  const agentPart = (index: number): readonly ExplainedField[] => {
    const { agent = '' } = places[index] ?? {}
    const found = resolved[index]
    if (found === undefined) return []
    return [
      ...Object.entries({
        provider: found.provider,
        model: found.model,
        temperature: found.temperature,
        max_iterations: found.maxIterations,
        mcp_servers: found.mcpServers,
      } satisfies Record<string, Setting<JsonValue | readonly string[]> | null>).map(([name, setting]) =>
        setting === null
          ? notSet(name)
          : field(name, setting.path, setting.path[0] === 'providers' ? 'provider' : setting.layer, setting.value),
      ),
      ...agentFields.map((name) => field(name, ['agents', agent, name])),
    ]
  }

  return [
    {
      title: `chain ${chain}`,
      fields: Object.keys(chainDefinition.shape)
        .filter((name) => name !== 'stages' && !settings.includes(name))
        .map((name) => field(name, ['chains', chain, name])),
    },
    ...stages.map((stage, index) => ({
      title: `stage ${index + 1} ${stage.name}: agent ${stage.agent}`,
      fields: [
        ...Object.keys(stageDefinition.shape)
          .filter((name) => !settings.includes(name))
          .map((name) => field(`stage.${name}`, ['chains', chain, 'stages', index, name], 'stage')),
        ...agentPart(index),
      ],
    })),
    { title: `executive summary: agent ${summary}`, fields: agentPart(stages.length) },
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
