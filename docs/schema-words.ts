// A schema in words for the reference: what a field holds, with links to the shapes that have a section.
import { z } from 'zod'
import { alertId, executionId, inputId, messageId, sessionId, stageId, taskId, toolCallId } from '../schemas/ids.ts'
import { jsonValue } from '../schemas/json-value.ts'
import { sharedShapes } from './shared-shapes.ts'

const words = new Map<z.ZodType, string>([
  [jsonValue, 'any JSON'],
  [sessionId, '`ses_…`'],
  [alertId, '`alr_…`'],
  [stageId, '`stg_…`'],
  [executionId, '`exe_…`'],
  [toolCallId, '`call_…`'],
  [inputId, '`inp_…`'],
  [messageId, '`msg_…`'],
  [taskId, '`tsk_…`'],
])
const names = new Map<z.ZodType, string>(Object.entries(sharedShapes).map(([name, schema]) => [schema, name]))

export const asType = (schema: unknown): z.ZodType => (schema instanceof z.ZodType ? schema : z.unknown())

/** @throws TypeError for a kind of schema nobody has written words for yet. */
export const typeOf = (schema: z.ZodType, itself?: z.ZodType): string => {
  const word = words.get(schema)
  if (word !== undefined) return word
  const name = names.get(schema)
  if (name !== undefined && schema !== itself) return `[${name}](#${name.toLowerCase()})`
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return typeOf(asType(schema.unwrap()))
  if (schema instanceof z.ZodISODateTime) return 'moment'
  if (schema instanceof z.ZodISODate) return 'day'
  if (schema instanceof z.ZodString) return 'text'
  if (schema instanceof z.ZodURL) return 'address'
  if (schema instanceof z.ZodNumber) return schema.isInt ? 'integer' : 'number'
  if (schema instanceof z.ZodBoolean) return 'true or false'
  if (schema instanceof z.ZodUnknown) return 'by type'
  if (schema instanceof z.ZodEnum) return schema.options.map((option) => `\`${option}\``).join(', ')
  if (schema instanceof z.ZodLiteral) return [...schema.values].map((value) => `\`${String(value)}\``).join(', ')
  if (schema instanceof z.ZodArray) return `list of ${typeOf(asType(schema.element))}`
  if (schema instanceof z.ZodRecord) return `map of text to ${typeOf(asType(schema.valueType))}`
  if (schema instanceof z.ZodUnion) return schema.options.map((each) => typeOf(asType(each))).join(' or ')
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape).map(
      ([field, type]) => `${fieldName(field, type)} ${typeOf(asType(type))}`,
    )
    return `{ ${fields.join('; ')} }`
  }
  throw new TypeError(`No words for a schema of the kind ${schema.constructor.name}; add them to docs/schema-words.ts.`)
}

export const fieldName = (field: string, type: unknown): string =>
  `\`${field}\`${type instanceof z.ZodOptional ? '?' : ''}`
