// One entry against its schema: every fault with the value that is there and what it should be.
import { z } from 'zod'
import { didYouMean } from '../../domain/plan/nearest-name.ts'
import { configuration } from '../../schemas/agent-definition.ts'
import type { Entry, Section } from './configuration-entry.ts'
import type { ConfigurationIssue } from './settings-errors.ts'
import { withoutSecrets } from './shown-value.ts'
import { asType, typedValues, unwrapped } from './typed-values.ts'
import { isRecord } from './yaml-document.ts'

const shape = configuration.shape

const schemaOf = (section: Section, name: string): z.ZodType | null => {
  if (section === 'defaults') {
    return Object.hasOwn(shape.defaults.shape, name) ? fieldOf(shape.defaults, name) : null
  }
  return shape[section].valueType
}

/** The entry with what variables gave it turned into numbers and truths where its fields are such. */
export const typedEntry = (entry: Entry): Entry => {
  const schema = schemaOf(entry.section, entry.name)
  if (schema === null) return entry
  const { value } = entry
  // Field by field: an agent file may spell a field in its own way.
  if (!isRecord(value)) return { ...entry, value: typedValues(schema, value, entry.written([])) }
  const written = Object.fromEntries(Object.keys(value).map((key) => [key, entry.written([key])]))
  return { ...entry, value: typedValues(schema, value, written) }
}

export const checkEntry = (entry: Entry): readonly ConfigurationIssue[] => {
  const { section, name } = entry
  const schema = schemaOf(section, name)
  if (schema === null) {
    const fields = Object.keys(shape.defaults.shape)
    return [
      entry.issue([], `is no field of defaults${didYouMean(name, fields) || `; fields are ${fields.join(', ')}`}`),
    ]
  }
  const named = section === 'defaults' ? undefined : shape[section].keyType.safeParse(name)
  const parsed = schema.safeParse(entry.value)
  return [
    ...(named?.error?.issues ?? []).map(({ message }) => entry.issue([], `the name "${name}" ${message}`)),
    ...(parsed.error?.issues ?? []).flatMap((issue) => issuesOf(entry, schema, issue)),
  ]
}

const issuesOf = (entry: Entry, schema: z.ZodType, issue: z.core.$ZodIssue): readonly ConfigurationIssue[] => {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path)
    return issue.keys.map((key) =>
      entry.issue(
        [...issue.path, key],
        `is no field here${didYouMean(key, known) || `; fields are ${known.join(', ')}`}`,
      ),
    )
  }
  const meant = issue.code === 'invalid_union' ? variantOf(issue) : undefined
  if (meant !== undefined) {
    return meant.flatMap((each) => issuesOf(entry, schema, { ...each, path: [...issue.path, ...each.path] }))
  }
  return [entry.issue(issue.path, `${mend(entry, issue)}${shown(entry, issue.path)}`)]
}

/** The faults of the variant that was meant: the one with the shape of what is written. */
const variantOf = (issue: z.core.$ZodIssueInvalidUnion): readonly z.core.$ZodIssue[] | undefined =>
  issue.errors.find((faults) => {
    return faults.every(
      ({ path, code }) => path.length > 0 || code === 'unrecognized_keys' || code === 'invalid_format',
    )
  })

const mend = (entry: Entry, issue: z.core.$ZodIssue): string => {
  const written = entry.written(issue.path)
  switch (issue.code) {
    case 'invalid_value': {
      const values = issue.values.map(String)
      return `must be ${values.length === 1 ? '' : 'one of '}${values.join(', ')}${didYouMean(String(written), values)}`
    }
    case 'invalid_union': {
      const values = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : []
      return values.length === 0
        ? issue.message.replace(/^Invalid input$/, 'is not valid')
        : `must be one of ${values.join(', ')}${didYouMean(String(written), values)}`
    }
    case 'invalid_type':
      return written === undefined ? `is missing; it must be ${issue.expected}` : `must be ${issue.expected}`
    case 'too_big':
      return `must be at most ${issue.maximum}${unit(issue.origin)}`
    case 'too_small':
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit(issue.origin)}`
    case 'invalid_format':
      return issue.format === 'url' ? 'must be a URL such as http://127.0.0.1:8000/v1' : issue.message
    default:
      return issue.message
  }
}

const unit = (origin: string): string => (origin === 'array' ? ' entries' : origin === 'string' ? ' characters' : '')

/** The value as written: a filled-in variable may be a secret, and so may anything sent to a server. */
const shown = (entry: Entry, path: readonly PropertyKey[]): string => {
  const written = entry.written(path)
  if (written === undefined || path.includes('headers') || path.includes('env')) return ''
  const text = withoutSecrets(JSON.stringify(written) ?? '')
  return `; it is ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`
}

/** The fields allowed at a path; of every variant where there are several. */
const keysAt = (schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] => {
  const found = path.reduce<readonly z.ZodType[]>((each, part) => each.flatMap((one) => inner(one, part)), [schema])
  return [...new Set(found.flatMap(objectsOf).flatMap((object) => Object.keys(object.shape)))]
}

const inner = (schema: z.ZodType, part: PropertyKey): readonly z.ZodType[] => {
  const plain = unwrapped(schema)
  if (plain instanceof z.ZodArray) return [asType(plain.element)]
  if (plain instanceof z.ZodRecord) return [asType(plain.valueType)]
  return objectsOf(plain).flatMap((object) =>
    Object.hasOwn(object.shape, part) ? [fieldOf(object, String(part))] : [],
  )
}

const objectsOf = (schema: z.ZodType): readonly z.ZodObject[] => {
  const plain = unwrapped(schema)
  if (plain instanceof z.ZodObject) return [plain]
  return plain instanceof z.ZodUnion ? plain.options.flatMap((option) => objectsOf(asType(option))) : []
}

const fieldOf = (object: z.ZodObject, name: string): z.ZodType => asType(object.shape[name])
