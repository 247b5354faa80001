// What a person filled in, held to the form a server asked with.
import type { ElicitationField, ElicitationForm, ElicitedContent } from '../../schemas/elicitation.ts'

type Value = ElicitedContent[string]

/** @returns what is wrong, by the name of the field; null when it fits. */
export const contentNotFitting = (form: ElicitationForm, content: ElicitedContent): string | null => {
  const unknown = Object.keys(content).find((name) => !Object.hasOwn(form.properties, name))
  if (unknown !== undefined) {
    return `there is no field "${unknown}"; there are: ${Object.keys(form.properties).join(', ')}`
  }
  const missing = form.required?.find((name) => !Object.hasOwn(content, name))
  if (missing !== undefined) return `the field "${missing}" must be filled in`
  for (const [name, field] of Object.entries(form.properties)) {
    const value = content[name]
    const wrong = value === undefined ? null : wrongWith(field, value)
    if (wrong !== null) return `the field "${name}" ${wrong}`
  }
  return null
}

/** What may be chosen, when it is a choice. */
export const choicesOf = (field: ElicitationField): readonly string[] | undefined => {
  if (field.type === 'array') {
    return 'enum' in field.items ? field.items.enum : field.items.anyOf.map(({ const: value }) => value)
  }
  if ('oneOf' in field) return field.oneOf.map(({ const: value }) => value)
  return 'enum' in field ? field.enum : undefined
}

const wrongWith = (field: ElicitationField, value: Value): string | null => {
  const choices = choicesOf(field)
  const among = `must be ${field.type === 'array' ? 'some' : 'one'} of: ${choices?.join(', ')}`
  switch (field.type) {
    case 'string':
      if (typeof value !== 'string') return 'must be a text'
      if (choices !== undefined) return choices.includes(value) ? null : among
      return 'enum' in field || 'oneOf' in field ? null : wrongText(field, value)
    case 'boolean':
      return typeof value === 'boolean' ? null : 'must be true or false'
    case 'integer':
    case 'number':
      if (typeof value !== 'number') return 'must be a number'
      if (field.type === 'integer' && !Number.isInteger(value)) return 'must be a whole number'
      return outside(value, field.minimum, field.maximum, '')
    case 'array':
      if (!Array.isArray(value)) return 'must be a list'
      if (!value.every((each) => choices?.includes(each))) return among
      return outside(value.length, field.minItems, field.maxItems, ' choices')
  }
}

type TextField = Extract<ElicitationField, { minLength?: unknown }>

const wrongText = ({ minLength, maxLength, format }: TextField, value: string): string | null => {
  if (format !== undefined && !isOfFormat[format](value)) return `must be ${wordFor[format]}`
  return outside([...value].length, minLength, maxLength, ' characters')
}

const outside = (value: number, least: number | undefined, most: number | undefined, unit: string): string | null => {
  if (least !== undefined && value < least) return `must be at least ${least}${unit}`
  if (most !== undefined && value > most) return `must be at most ${most}${unit}`
  return null
}

const isOfFormat = {
  email: (text: string) => /^[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+$/.test(text.slice(0, 400)),
  uri: (text: string) => URL.canParse(text),
  date: (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)),
  'date-time': (text: string) =>
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i.test(text) &&
    !Number.isNaN(Date.parse(text)),
} as const

const wordFor = {
  email: 'an e-mail address',
  uri: 'an address (URI)',
  date: 'a date such as 2026-11-21',
  'date-time': 'a time such as 2026-11-21T08:00:00Z',
} as const
