// A number or a yes filled in from a variable: the text becomes what its field is.
import { z } from 'zod'
import { isRecord } from './yaml-document.ts'

/** Only where a reference stands: a quoted `"5"` in the file is the fault it looks like. */
export const typedValues = (schema: z.ZodType, value: unknown, written: unknown): unknown => {
  const plain = unwrapped(schema)
  if (typeof value === 'string') {
    return typeof written === 'string' && written.includes('${') ? typed(plain, value) : value
  }
  if (Array.isArray(value) && plain instanceof z.ZodArray) {
    const element = asType(plain.element)
    return value.map((each: unknown, index) => typedValues(element, each, partOf(written, index)))
  }
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const field = fieldAt(plain, key)
      return [key, field === null ? each : typedValues(field, each, partOf(written, key))]
    }),
  )
}

const typed = (schema: z.ZodType, text: string): unknown => {
  if (schema instanceof z.ZodNumber && /^-?\d+(?:\.\d+)?$/.test(text)) return Number(text)
  if (schema instanceof z.ZodBoolean && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

const fieldAt = (schema: z.ZodType, key: string): z.ZodType | null => {
  if (schema instanceof z.ZodRecord) return asType(schema.valueType)
  if (schema instanceof z.ZodUnion) {
    return schema.options.map((option) => fieldAt(unwrapped(asType(option)), key)).find((each) => each !== null) ?? null
  }
  return schema instanceof z.ZodObject && Object.hasOwn(schema.shape, key) ? asType(schema.shape[key]) : null
}

const partOf = (value: unknown, part: string | number): unknown => {
  if (Array.isArray(value)) return typeof part === 'number' ? value[part] : undefined
  return isRecord(value) ? value[String(part)] : undefined
}

export const unwrapped = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? unwrapped(asType(schema.unwrap())) : schema

export const asType = (schema: unknown): z.ZodType => (schema instanceof z.ZodType ? schema : z.unknown())
