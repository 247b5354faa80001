// Values that go through every branch of a schema, and which branches given values go through.
import { z } from 'zod'

const asType = (schema: unknown): z.ZodType => (schema instanceof z.ZodType ? schema : z.unknown())

/** A schema without its wrappers, and whether it may be absent. */
const unwrapped = (schema: z.ZodType): { readonly inner: z.ZodType; readonly optional: boolean } => {
  if (schema instanceof z.ZodOptional) return { inner: unwrapped(asType(schema.unwrap())).inner, optional: true }
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly)
    return unwrapped(asType(schema.unwrap()))
  return { inner: schema, optional: false }
}

type Visit = (path: string) => void

/** Every optional field and every alternative below a schema, by its path. */
export const branchesOf = (schema: z.ZodType): ReadonlySet<string> => {
  const paths = new Set<string>()
  const walk = (each: z.ZodType, at: string): void => {
    const { inner } = unwrapped(each)
    if (inner instanceof z.ZodObject) {
      for (const [field, type] of Object.entries(inner.shape)) {
        if (unwrapped(asType(type)).optional) paths.add(`${at}.${field}`)
        walk(asType(type), `${at}.${field}`)
      }
    } else if (inner instanceof z.ZodArray) walk(asType(inner.element), `${at}[]`)
    else if (inner instanceof z.ZodRecord) walk(asType(inner.valueType), `${at}{}`)
    else if (inner instanceof z.ZodUnion) {
      inner.options.forEach((option, index) => {
        paths.add(`${at}|${index}`)
        walk(asType(option), `${at}|${index}`)
      })
    }
  }
  walk(schema, '')
  return paths
}

export const branchesIn = (schema: z.ZodType, value: unknown): ReadonlySet<string> => {
  const paths = new Set<string>()
  visit(schema, value, '', (path) => paths.add(path))
  return paths
}

const fields = z.record(z.string(), z.unknown())

const visit = (schema: z.ZodType, value: unknown, at: string, note: Visit): void => {
  if (value === undefined || value === null) return
  const { inner } = unwrapped(schema)
  if (inner instanceof z.ZodObject) {
    const given = fields.parse(value)
    for (const [field, type] of Object.entries(inner.shape)) {
      if (given[field] === undefined) continue
      if (unwrapped(asType(type)).optional) note(`${at}.${field}`)
      visit(asType(type), given[field], `${at}.${field}`, note)
    }
  } else if (inner instanceof z.ZodArray)
    for (const each of z.array(z.unknown()).parse(value)) visit(asType(inner.element), each, `${at}[]`, note)
  else if (inner instanceof z.ZodRecord)
    for (const each of Object.values(fields.parse(value))) visit(asType(inner.valueType), each, `${at}{}`, note)
  else if (inner instanceof z.ZodUnion) {
    // The first that fits, as the schema itself chooses.
    const index = inner.options.findIndex((option) => asType(option).safeParse(value).success)
    if (index === -1) return
    note(`${at}|${index}`)
    visit(asType(inner.options[index]), value, `${at}|${index}`, note)
  }
}

const texts = [
  'text',
  ...['ses', 'alr', 'stg', 'exe', 'call', 'inp', 'tsk', 'msg'].map((prefix) => `${prefix}_01CORPUS`),
  '2026-01-02T03:04:05.000Z',
  '2026-01-02',
  'a'.repeat(64),
  'https://example.org/',
  `per_${'A'.repeat(22)}`,
  'host__*',
]
const numbers = [1, 0, 2, 60, 0.5]

/**
 * Examples that go through every branch together, every optional field set in each.
 * @throws TypeError for a kind of schema nobody has written examples for yet.
 */
export const examplesOf = (schema: z.ZodType): readonly unknown[] => {
  const { inner } = unwrapped(schema)
  if (inner instanceof z.ZodObject) {
    const columns = Object.entries(inner.shape).map(([field, type]) => [field, examplesOf(asType(type))] as const)
    const length = Math.max(1, ...columns.map(([, examples]) => examples.length))
    return Array.from({ length }, (_, row) =>
      Object.fromEntries(columns.map(([field, examples]) => [field, examples[row % examples.length]])),
    )
  }
  if (inner instanceof z.ZodArray) {
    const whole = examplesOf(asType(inner.element))
    return inner.safeParse(whole).success ? [whole] : whole.map((each) => [each])
  }
  if (inner instanceof z.ZodRecord)
    return [Object.fromEntries(examplesOf(asType(inner.valueType)).map((each, nth) => [`key-${nth}`, each]))]
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((option) => examplesOf(asType(option)))
  if (inner instanceof z.ZodEnum) return inner.options.slice(0, 1)
  if (inner instanceof z.ZodLiteral) return [...inner.values].slice(0, 1)
  const found = [...texts, ...numbers, true, { any: ['json', 1, null] }].find((each) => inner.safeParse(each).success)
  if (found === undefined)
    throw new TypeError(
      `no example of ${JSON.stringify(z.toJSONSchema(inner, { unrepresentable: 'any' }))}; add one here`,
    )
  return [found]
}
