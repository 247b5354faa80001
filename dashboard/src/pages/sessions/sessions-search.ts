// The filters of the session list as they stand in the address.
import { labelsOf, textsOf } from '../../lists/read-search.ts'

const fields = ['status', 'kind', 'chain', 'severity', 'outcome', 'waiting', 'text', 'alert', 'from', 'to'] as const

export interface SessionsSearch extends Readonly<Partial<Record<(typeof fields)[number], string>>> {
  readonly label?: readonly string[]
}

export const readSessionsSearch = (search: Readonly<Record<string, unknown>>): SessionsSearch => {
  const label = labelsOf(search)
  return { ...textsOf(search, fields), ...(label.length > 0 && { label }) }
}
