// The filters of the alert list as they stand in the address.
import { labelsOf, spanOf, textsOf } from '../../lists/read-search.ts'

const fields = ['status', 'severity', 'source', 'session_status', 'came', 'text', 'from', 'to'] as const

export interface AlertsSearch extends Readonly<Partial<Record<(typeof fields)[number], string>>> {
  readonly label?: readonly string[]
}

export const readAlertsSearch = (search: Readonly<Record<string, unknown>>): AlertsSearch => {
  const label = labelsOf(search)
  return { ...textsOf(search, fields), ...(label.length > 0 && { label }) }
}

const statuses = ['firing', 'resolved'] as const
const ways = ['opened', 'joined', 'resolved'] as const

/** As the API takes them. */
export const filterOf = ({ label, from, to, status, came, ...rest }: AlertsSearch) => {
  const knownStatus = statuses.find((each) => each === status)
  const knownWay = ways.find((each) => each === came)
  return {
    ...rest,
    ...(label !== undefined && { label: [...label] }),
    ...(knownStatus !== undefined && { status: knownStatus }),
    ...(knownWay !== undefined && { came: knownWay }),
    ...spanOf({ ...(from !== undefined && { from }), ...(to !== undefined && { to }) }),
  }
}
