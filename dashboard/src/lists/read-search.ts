// Filters as they stand in the address: read field by field, and anything else is let go.
type Search = Readonly<Record<string, unknown>>

/** Each field as text; a number that looks like one was one, and one given several times is a list with commas. */
export const textsOf = <Field extends string>(
  search: Search,
  fields: readonly Field[],
): Readonly<Partial<Record<Field, string>>> =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const text = [search[field]].flat().filter(isText).join(',')
      return text === '' ? [] : [[field, text]]
    }),
  ) as Readonly<Partial<Record<Field, string>>>

const isText = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)

/** `name=value`, once or several times. */
export const labelsOf = ({ label }: Search): readonly string[] =>
  [label].flat().filter((each): each is string => typeof each === 'string' && each.includes('='))

/** A moment, or how long ago: `24h`, `7d`. */
export const momentOf = (text: string, now = Date.now()): string | undefined => {
  const [, count, unit] = /^(\d{1,4})([hd])$/.exec(text) ?? []
  if (count !== undefined) return new Date(now - Number(count) * (unit === 'h' ? 3_600_000 : 86_400_000)).toISOString()
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

/** The span of an address as the API takes it. */
export const spanOf = ({ from, to }: { readonly from?: string; readonly to?: string }) => {
  const [first, last] = [from, to].map((each) => (each === undefined ? undefined : momentOf(each)))
  return { ...(first !== undefined && { from: first }), ...(last !== undefined && { to: last }) }
}

/** `a,b` with one more, or one less. */
export const toggled = (list: string | undefined, value: string): string | undefined => {
  const before = list?.split(',') ?? []
  const after = before.includes(value) ? before.filter((each) => each !== value) : [...before, value]
  return after.length === 0 ? undefined : after.join(',')
}
