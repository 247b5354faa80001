// What a chain's sessions may do and use up: its own words before those of `defaults`, each with the place it stands at.
import type { Configuration } from '../../schemas/agent-definition.ts'
import type { SessionBudgets } from '../../schemas/budget.ts'
import type { ChainDefinition } from '../../schemas/chain-definition.ts'
import type { ToolPolicy } from '../../schemas/tool-policy.ts'
import type { ConfigurationPath, Layer } from './resolve-agent.ts'

const kinds = ['tokens', 'usd', 'wall_seconds', 'tool_calls'] as const
const effects = ['read_only', 'idempotent', 'unsafe'] as const

type Defaults = Configuration['defaults']

export const maxStagesOf = (chain: ChainDefinition, defaults: Defaults): number =>
  chain.max_stages ?? defaults.max_stages

/** Rules of the chain are asked first; those of `defaults` hold for what they leave open. */
export const toolPolicyOf = ({ tool_policy: own }: ChainDefinition, { tool_policy: wide }: Defaults): ToolPolicy => ({
  rules: [...(own?.rules ?? []), ...wide.rules],
  otherwise: {
    read_only: own?.otherwise?.read_only ?? wide.otherwise.read_only,
    idempotent: own?.otherwise?.idempotent ?? wide.otherwise.idempotent,
    unsafe: own?.otherwise?.unsafe ?? wide.otherwise.unsafe,
  },
  expiry_seconds: own?.expiry_seconds ?? wide.expiry_seconds,
})

export const budgetsOf = ({ budgets: own }: ChainDefinition, { budgets: wide }: Defaults): SessionBudgets => ({
  session: { ...wide.session, ...own?.session },
  agent: { ...wide.agent, ...own?.agent },
  on_reached: own?.on_reached ?? wide.on_reached,
})

export interface LimitPlace {
  /** Such as `tool_policy.otherwise.unsafe`. */
  readonly field: string
  readonly layer: Layer
  readonly path: ConfigurationPath
}

/** Every limit a session of the chain has, and where it is said; rules one by one, in the order they are asked. */
export const limitPlaces = (name: string, chain: ChainDefinition, defaults: Defaults): readonly LimitPlace[] => {
  const place = (isOwn: boolean, field: string, ...rest: (string | number)[]): LimitPlace => ({
    field,
    layer: isOwn ? 'chain' : 'defaults',
    path: isOwn ? ['chains', name, ...rest] : pathOfDefaults(rest),
  })
  const { tool_policy: policy, budgets } = chain
  const rules = [
    ...(policy?.rules ?? []).map((_, index) => [true, index] as const),
    ...defaults.tool_policy.rules.map((_, index) => [false, index] as const),
  ]
  return [
    place(chain.max_stages !== undefined, 'max_stages', 'max_stages'),
    ...rules.map(([isOwn, index], at) => place(isOwn, `tool_policy.rule ${at + 1}`, 'tool_policy', 'rules', index)),
    ...effects.map((effect) =>
      place(
        policy?.otherwise?.[effect] !== undefined,
        `tool_policy.otherwise.${effect}`,
        'tool_policy',
        'otherwise',
        effect,
      ),
    ),
    place(policy?.expiry_seconds !== undefined, 'tool_policy.expiry_seconds', 'tool_policy', 'expiry_seconds'),
    ...(['session', 'agent'] as const).flatMap((of) =>
      kinds.map((kind) => place(budgets?.[of]?.[kind] !== undefined, `budgets.${of}.${kind}`, 'budgets', of, kind)),
    ),
    place(budgets?.on_reached !== undefined, 'budgets.on_reached', 'budgets', 'on_reached'),
  ]
}

const pathOfDefaults = ([field = '', ...rest]: readonly (string | number)[]): ConfigurationPath => [
  'defaults',
  String(field),
  ...rest,
]
