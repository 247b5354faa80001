// What of the machinery is looked at, as it stands in the address.
type Raw = Readonly<Record<string, unknown>>

const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((each) => each === value)
const words = (value: unknown): string | undefined =>
  (typeof value === 'string' || typeof value === 'number') && value !== '' ? String(value) : undefined
const day = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined

export const letterStatuses = ['open', 'retried', 'dropped', 'all'] as const
export interface LettersSearch {
  readonly status?: (typeof letterStatuses)[number]
  readonly consumer?: string
  /** The letter that is open. */
  readonly letter?: string
}
export const readLettersSearch = (search: Raw): LettersSearch => {
  const [status, consumer, letter] = [
    oneOf(letterStatuses, search['status']),
    words(search['consumer']),
    words(search['letter']),
  ]
  return { ...(status && { status }), ...(consumer && { consumer }), ...(letter && { letter }) }
}

export const costNames = ['day', 'model', 'agent', 'chain'] as const
export type CostName = (typeof costNames)[number]
export interface CostsSearch {
  /** Days in UTC. */
  readonly from?: string
  readonly to?: string
  readonly by?: CostName
  readonly split?: CostName
  readonly model?: string
  readonly agent?: string
  readonly chain?: string
}
export const readCostsSearch = (search: Raw): CostsSearch => {
  const [from, to, by, split] = [
    day(search['from']),
    day(search['to']),
    oneOf(costNames, search['by']),
    oneOf(costNames, search['split']),
  ]
  const [model, agent, chain] = [words(search['model']), words(search['agent']), words(search['chain'])]
  return {
    ...(from && { from }),
    ...(to && { to }),
    ...(by && { by }),
    ...(split && { split }),
    ...(model && { model }),
    ...(agent && { agent }),
    ...(chain && { chain }),
  }
}

export interface ConfigurationSearch {
  readonly chain?: string
}
export const readConfigurationSearch = (search: Raw): ConfigurationSearch => {
  const chain = words(search['chain'])
  return chain === undefined ? {} : { chain }
}

export interface EvaluationsSearch {
  readonly case?: string
  readonly tag?: string
  readonly passed?: 'true' | 'false'
}
export const readEvaluationsSearch = (search: Raw): EvaluationsSearch => {
  const [name, tag, passed] = [
    words(search['case']),
    words(search['tag']),
    oneOf(['true', 'false'] as const, String(search['passed'])),
  ]
  return { ...(name && { case: name }), ...(tag && { tag }), ...(passed && { passed }) }
}
