// The filters of the session list as they stand in the address.
export interface SessionsSearch {
  readonly status?: string
  readonly text?: string
  readonly chain?: string
  readonly label?: string
}

const fields = ['status', 'text', 'chain', 'label'] as const

export const readSessionsSearch = (search: Readonly<Record<string, unknown>>): SessionsSearch =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const value = search[field]
      return typeof value === 'string' || typeof value === 'number' ? [[field, String(value)]] : []
    }),
  )
