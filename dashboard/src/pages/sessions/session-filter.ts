// The filters of an address as the API takes them.
import { spanOf } from '../../lists/read-search.ts'
import type { SessionsSearch } from './sessions-search.ts'

const outcomes = ['conclusive', 'inconclusive'] as const
const flags = ['true', 'false'] as const

export const filterOf = ({ label, from, to, outcome, waiting, ...rest }: SessionsSearch) => {
  const knownOutcome = outcomes.find((each) => each === outcome)
  const flag = flags.find((each) => each === waiting)
  return {
    ...rest,
    ...(label !== undefined && { label: [...label] }),
    ...(knownOutcome !== undefined && { outcome: knownOutcome }),
    ...(flag !== undefined && { waiting: flag }),
    ...spanOf({ ...(from !== undefined && { from }), ...(to !== undefined && { to }) }),
  }
}

/** The same as the query of an address of the API. */
export const queryOf = (filter: Readonly<Record<string, string | readonly string[]>>): string => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filter)) for (const each of [value].flat()) query.append(name, each)
  return query.toString()
}
