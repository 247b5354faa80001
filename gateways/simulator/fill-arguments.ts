// Arguments for a tool call out of the tool's own JSON Schema and the values the alert names.
import { z } from 'zod'
import { keyOf, namedValues, plainWords, titleOf } from './alert-topics.ts'

const schemaNode = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
  examples: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  minItems: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  format: z.string().optional(),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  $ref: z.string().optional(),
  $defs: z.record(z.string(), z.unknown()).optional(),
})
type SchemaNode = z.infer<typeof schemaNode>

interface Context {
  readonly root: SchemaNode
  readonly alert: string
  readonly words: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
  readonly budget: { left: number }
}

/** A schema may refer to itself; what lies deeper is left out. */
const maxDepth = 6
/** And it may do so many times over. */
const maxValues = 500
const maxItems = 20
const maxText = 1_000

/** Every required argument, and those optional ones for which the alert has a word. A schema of another kind gives `{}`. */
export const fillArguments = (
  parameters: Readonly<Record<string, unknown>>,
  alert: string,
): Readonly<Record<string, unknown>> => {
  const root = nodeOf(parameters)
  const words = new Set(plainWords(alert).match(/[a-z0-9]+/g) ?? [])
  return objectOf(root, { root, alert, words, values: namedValues(alert), budget: { left: maxValues } }, 0)
}

const nodeOf = (schema: unknown): SchemaNode => schemaNode.safeParse(schema).data ?? {}

const objectOf = (schema: SchemaNode, context: Context, depth: number): Readonly<Record<string, unknown>> => {
  const required = new Set(schema.required ?? [])
  const entries = Object.entries(schema.properties ?? {}).flatMap(([name, raw]): [string, unknown][] => {
    const node = resolve(nodeOf(raw), context)
    if (context.budget.left-- <= 0) return []
    const named = namedIn(name, node, context)
    if (named !== undefined) return [[name, named]]
    return required.has(name) ? [[name, argumentOf(name, node, context, depth + 1)]] : []
  })
  return Object.fromEntries(entries)
}

/** What the alert itself says: one of the choices by name, or a label of the argument's name. */
const namedIn = (name: string, node: SchemaNode, { words, values }: Context): unknown => {
  const choice = (node.enum ?? []).find((value) => typeof value === 'string' && words.has(value.toLowerCase()))
  if (choice !== undefined) return choice
  const labelled = node.enum === undefined && typeOf(node) === 'string' ? values.get(keyOf(name)) : undefined
  return labelled === undefined || node.format !== undefined ? undefined : fit(labelled, node)
}

const argumentOf = (name: string, node: SchemaNode, context: Context, depth: number): unknown => {
  if (node.const !== undefined) return node.const
  if (node.default !== undefined) return node.default
  if (node.enum?.[0] !== undefined) return node.enum[0]
  if (node.examples?.[0] !== undefined) return node.examples[0]
  switch (typeOf(node)) {
    case 'number':
    case 'integer':
      return numberOf(node)
    case 'boolean':
      return false
    case 'null':
      return null
    case 'array': {
      const item = resolve(nodeOf(node.items), context)
      const count = depth >= maxDepth || context.budget.left <= 0 ? 0 : Math.min(node.minItems ?? 0, maxItems)
      context.budget.left -= count
      return Array.from({ length: Math.max(0, count) }, () => argumentOf(name, item, context, depth + 1))
    }
    case 'object':
      return depth >= maxDepth ? {} : objectOf(node, context, depth)
    default:
      return stringOf(name, node, context)
  }
}

const numberOf = (node: SchemaNode): number => {
  const least = node.minimum ?? (node.exclusiveMinimum === undefined ? undefined : node.exclusiveMinimum + 1)
  const most = node.maximum ?? node.exclusiveMaximum
  const chosen = least ?? Math.min(1, most === undefined ? 1 : node.maximum === undefined ? most - 1 : most)
  return typeOf(node) === 'integer' ? Math.ceil(chosen) : chosen
}

/** The label a bare `name` most likely means, the most telling first. */
const likelyNames = ['service', 'pod', 'deployment', 'instance', 'job', 'alertname']

const stringOf = (name: string, node: SchemaNode, { alert, values }: Context): string => {
  if (node.format === 'date-time') return values.get('startsat') ?? '2000-01-01T00:00:00Z'
  if (node.format === 'date') return '2000-01-01'
  if (node.format === 'uri' || node.format === 'url') return 'http://127.0.0.1/'
  if (/query|search|text|question|prompt|message|input/i.test(name)) return fit(titleOf(alert), node)
  const likely = /^(?:name|target|resource|id)$/i.test(name) ? likelyNames.find((each) => values.has(each)) : undefined
  return fit(likely === undefined ? 'default' : (values.get(likely) ?? 'default'), node)
}

const fit = (text: string, { minLength = 0, maxLength = maxText }: SchemaNode): string =>
  text.slice(0, Math.max(0, Math.min(maxLength, maxText))).padEnd(Math.min(minLength, maxText), 'x')

const typeOf = ({ type, properties }: SchemaNode): string | undefined =>
  Array.isArray(type)
    ? type.find((each) => each !== 'null')
    : (type ?? (properties === undefined ? undefined : 'object'))

/** Follows one reference into `$defs`, and takes the first choice that is not null. */
const resolve = (node: SchemaNode, context: Context, depth = 0): SchemaNode => {
  if (depth >= maxDepth) return node
  const referred = /^#\/\$defs\/(.+)$/.exec(node.$ref ?? '')?.[1]
  if (referred !== undefined) return resolve(nodeOf(context.root.$defs?.[referred]), context, depth + 1)
  const choices = (node.anyOf ?? node.oneOf ?? []).map(nodeOf)
  const chosen = choices.find(({ type }) => type !== 'null')
  return chosen === undefined
    ? node
    : resolve({ ...node, anyOf: undefined, oneOf: undefined, ...chosen }, context, depth + 1)
}
