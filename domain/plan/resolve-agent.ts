// One agent in one place of a chain: every setting with the layer that decided it, for the plan and for `config explain`.
import type { AgentDefinition, Configuration, PinnedAgent } from '../../schemas/agent-definition.ts'

/** Where in the configuration a value stands, such as `chains.default.stages[0].model`. */
export type ConfigurationPath = readonly [section: keyof Configuration, name: string, ...rest: (string | number)[]]

/** Outermost first; a later layer wins. */
export type Layer = 'defaults' | 'agent' | 'chain' | 'stage'

export interface Setting<T> {
  readonly value: T
  readonly layer: Layer
  readonly path: ConfigurationPath
}

export interface ResolvedAgent {
  readonly provider: Setting<string>
  readonly model: Setting<string>
  readonly temperature: Setting<number> | null
  readonly maxIterations: Setting<number>
  readonly mcpServers: Setting<readonly string[]>
  readonly fallback: Setting<readonly FallbackModel[]> | null
  readonly helpers: Setting<readonly string[]> | null
  readonly summarizeResults: Setting<SummarizeResults>
}

type SummarizeResults = Configuration['defaults']['summarize_results']

type FallbackModel = NonNullable<PinnedAgent['fallback']>[number]

/** Where an agent works: in a stage of a chain, as one of its several agents, or (without a stage) as a helper anywhere in it. */
export interface Place {
  readonly chain: string
  readonly stage?: number | undefined
  /** Index in the `agents` of the stage. */
  readonly agent?: number | undefined
}

type AgentSettings = Pick<
  AgentDefinition,
  'provider' | 'model' | 'temperature' | 'max_iterations' | 'mcp_servers' | 'fallback' | 'helpers' | 'summarize_results'
>

interface LayerOf {
  readonly layer: Layer
  readonly settings: AgentSettings
  readonly at: ConfigurationPath
}

/** `place` is absent for an agent outside any chain, such as the summary agent. */
export const resolveAgent = (name: string, configuration: Configuration, place?: Place): ResolvedAgent => {
  const { agents, defaults } = configuration
  const layers = [defaultsLayer(configuration), ...layersOf(name, configuration, place)]
  const last = <T>(pick: (settings: AgentSettings) => T | undefined, field: string): Setting<T> | null =>
    layers.reduce<Setting<T> | null>((found, { layer, settings, at }) => {
      const value = pick(settings)
      return value === undefined ? found : { value, layer, path: pathOf(at, field) }
    }, null)

  const byDefault = <T>(value: T, field: string): Setting<T> => ({
    value,
    layer: 'defaults',
    path: ['defaults', field],
  })
  const fallback = last(({ fallback }) => fallback, 'fallback')
  return {
    ...resolveModel(layers, configuration),
    fallback: fallback && { ...fallback, value: fallback.value.map((each) => fallbackOf(each, configuration)) },
    helpers: last(({ helpers }) => helpers, 'helpers'),
    summarizeResults:
      last(({ summarize_results }) => summarize_results, 'summarize_results') ??
      byDefault(defaults.summarize_results, 'summarize_results'),
    temperature: last(({ temperature }) => temperature, 'temperature'),
    maxIterations:
      last(({ max_iterations }) => max_iterations, 'max_iterations') ??
      byDefault(defaults.max_iterations, 'max_iterations'),
    mcpServers:
      agents[name]?.controller === 'single_shot'
        ? { value: [], layer: 'agent', path: ['agents', name, 'controller'] }
        : (last(({ mcp_servers }) => mcp_servers, 'mcp_servers') ?? byDefault(defaults.mcp_servers, 'mcp_servers')),
  }
}

const defaultsLayer = ({ defaults }: Configuration): LayerOf => ({
  layer: 'defaults',
  settings: defaults,
  at: ['defaults', ''],
})

const layersOf = (name: string, { agents, chains }: Configuration, place: Place | undefined): readonly LayerOf[] => {
  const layers: LayerOf[] = [{ layer: 'agent', settings: agents[name] ?? {}, at: ['agents', name] }]
  const chain = place === undefined ? undefined : chains[place.chain]
  if (place === undefined || chain === undefined) return layers
  layers.push({ layer: 'chain', settings: chain, at: ['chains', place.chain] })
  const stage = place.stage === undefined ? undefined : chain.stages[place.stage]
  if (place.stage === undefined || stage === undefined) return layers
  const at: ConfigurationPath = ['chains', place.chain, 'stages', place.stage]
  layers.push({ layer: 'stage', settings: stage, at })
  const own = place.agent === undefined ? undefined : stage.agents?.[place.agent]
  if (place.agent === undefined || typeof own !== 'object') return layers
  layers.push({ layer: 'stage', settings: own, at: [...at, 'agents', place.agent] })
  return layers
}

const fallbackOf = (
  written: NonNullable<AgentDefinition['fallback']>[number],
  { defaults, providers }: Configuration,
): FallbackModel => {
  const { provider, model } = typeof written === 'string' ? { provider: written, model: undefined } : written
  if (model === undefined) return { provider, model: providers[provider]?.model ?? 'unknown' }
  const meant = aliasOf(model, defaults)
  return { provider: meant.provider ?? provider, model: meant.model }
}

/** Who sums up the long results of an agent, by value; undefined when it is shown them as they are. */
export const summarizerOf = (
  { provider, model, summarizeResults: { value } }: ResolvedAgent,
  { defaults, providers }: Configuration,
): PinnedAgent['summarizeResults'] => {
  if (value === false) return undefined
  const written = value === true ? {} : value
  const named = written.provider ?? provider.value
  const own = written.provider === undefined ? model.value : (providers[named]?.model ?? 'unknown')
  const meant = written.model === undefined ? { model: own } : aliasOf(written.model, defaults)
  const asked = meant.provider ?? named
  const contextTokens = providers[asked]?.context_tokens
  return {
    overTokens: written.over_tokens ?? 5_000,
    toTokens: written.to_tokens ?? 1_000,
    provider: asked,
    model: meant.model,
    ...(contextTokens !== undefined && { contextTokens }),
  }
}

/** What a word for a model means; any other word is the model itself. */
const aliasOf = (
  model: string,
  { model_aliases }: Configuration['defaults'],
): { readonly provider?: string | undefined; readonly model: string } => {
  const alias = Object.hasOwn(model_aliases, model) ? model_aliases[model] : undefined
  return typeof alias === 'object' ? alias : { model: alias ?? model }
}

/** A model belongs to its provider: naming a provider further in drops the model named further out. */
const resolveModel = (
  layers: readonly LayerOf[],
  { defaults, providers }: Configuration,
): Pick<ResolvedAgent, 'provider' | 'model'> => {
  const ownModel = (provider: Setting<string>): Setting<string> => ({
    value: providers[provider.value]?.model ?? 'unknown',
    layer: provider.layer,
    path: ['providers', provider.value, 'model'],
  })
  let provider: Setting<string> = { value: defaults.provider, layer: 'defaults', path: ['defaults', 'provider'] }
  let model = ownModel(provider)
  for (const { layer, settings, at } of layers) {
    if (settings.provider !== undefined) {
      provider = { value: settings.provider, layer, path: pathOf(at, 'provider') }
      model = ownModel(provider)
    }
    if (settings.model !== undefined) {
      const path = pathOf(at, 'model')
      const meant = aliasOf(settings.model, defaults)
      if (meant.provider !== undefined) provider = { value: meant.provider, layer, path }
      model = { value: meant.model, layer, path }
    }
  }
  return { provider, model }
}

const pathOf = ([section, name, ...rest]: ConfigurationPath, field: string): ConfigurationPath =>
  section === 'defaults' ? ['defaults', field] : [section, name, ...rest, field]
