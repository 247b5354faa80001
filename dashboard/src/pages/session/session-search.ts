// What of a session is looked at, as it stands in the address.
export interface SessionSearch {
  /** A version of the session: how it stood then. */
  readonly at?: number
}

export const readSessionSearch = (search: Readonly<Record<string, unknown>>): SessionSearch => {
  const at = Number(search['at'])
  return Number.isInteger(at) && at > 0 ? { at } : {}
}
