// What of the log is looked at, as it stands in the address.
export interface EventsSearch {
  /** Parts of names of types, separated by commas. */
  readonly type?: string
  readonly category?: Category
  readonly actor?: string
  readonly session?: string
  readonly correlation?: string
  /** ISO 8601, UTC. */
  readonly from?: string
  readonly to?: string
  readonly order?: 'asc' | 'desc'
  /** New events come in by themselves. */
  readonly tail?: true
  /** Log sequence of the event that is open, and its id. */
  readonly open?: number
  readonly event?: string
}

/** Those of one session; `at` is the version that is looked at. */
export interface SessionEventsSearch extends Omit<EventsSearch, 'session' | 'category' | 'open' | 'event'> {
  readonly at?: number
  readonly show?: Shown
}

export const categories = ['session', 'alert', 'task', 'definition', 'access', 'ledger', 'erasure'] as const
export type Category = (typeof categories)[number]

export const shownParts = ['changes', 'event', 'causes'] as const
/** What changed, the event itself, or what it came from. */
export type Shown = (typeof shownParts)[number]

type Raw = Readonly<Record<string, unknown>>

const text = (search: Raw, name: string): string | undefined => {
  const value = search[name]
  return (typeof value === 'string' || typeof value === 'number') && value !== '' ? String(value) : undefined
}
const whole = (search: Raw, name: string): number | undefined => {
  const value = Number(search[name])
  return Number.isInteger(value) && value > 0 ? value : undefined
}
const moment = (search: Raw, name: string): string | undefined => {
  const at = Date.parse(text(search, name) ?? '')
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}
const present = <T extends object>(values: { readonly [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T

const shared = (search: Raw) => ({
  type: text(search, 'type'),
  actor: text(search, 'actor'),
  correlation: text(search, 'correlation'),
  from: moment(search, 'from'),
  to: moment(search, 'to'),
  order: (['asc', 'desc'] as const).find((order) => order === search['order']),
  tail: search['tail'] === true || undefined,
})

export const readEventsSearch = (search: Raw): EventsSearch =>
  present({
    ...shared(search),
    category: categories.find((category) => category === search['category']),
    session: text(search, 'session'),
    open: whole(search, 'open'),
    event: text(search, 'event'),
  })

export const readSessionEventsSearch = (search: Raw): SessionEventsSearch =>
  present({
    ...shared(search),
    at: whole(search, 'at'),
    show: shownParts.find((part) => part === search['show']),
  })
