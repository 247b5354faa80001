// How a sealed text stands in events, copies and rows: a word by itself, wherever in a string, that names the key it opens with.

/** What is read in place of a text whose key was destroyed. */
export const forgotten = 'forgotten'

const pattern = /sealed:1:(per_[A-Za-z0-9_-]{22}):([A-Za-z0-9_-]{38,})/g

export const sealedWord = (personId: string, sealed: string): string => `sealed:1:${personId}:${sealed}`

/** True of what is one sealed word and nothing else. */
export const isSealed = (text: string): boolean => /^sealed:1:per_[A-Za-z0-9_-]{22}:[A-Za-z0-9_-]{38,}$/.test(text)

/** True of a string that has a sealed word in it, and of whatever holds one. */
export const holdsSealed = (value: unknown): boolean => {
  if (typeof value === 'string') return value.includes('sealed:1:')
  if (Array.isArray(value)) return value.some(holdsSealed)
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsSealed)
}

/** The persons whose keys open what a value holds. */
export const personsIn = (value: unknown): ReadonlySet<string> => {
  const found = new Set<string>()
  mapSealed(value, (personId) => {
    found.add(personId)
    return ''
  })
  return found
}

/** The value with every sealed word replaced; what holds none is the very same. Plain data only. */
export const mapSealed = (value: unknown, open: (personId: string, sealed: string) => string): unknown => {
  if (typeof value === 'string') {
    return value.includes('sealed:1:')
      ? value.replaceAll(pattern, (_, personId: string, sealed: string) => open(personId, sealed))
      : value
  }
  if (!holdsSealed(value)) return value
  if (Array.isArray(value)) return value.map((each) => mapSealed(each, open))
  return Object.fromEntries(Object.entries(value ?? {}).map(([name, each]) => [name, mapSealed(each, open)]))
}
