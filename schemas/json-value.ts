// JSON as data: what can cross a wire and be stored in an event.
import { z } from 'zod'

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

export const jsonValue: z.ZodType<JsonValue> = z.json()

/** The schema as models and servers read it. */
export const toJsonSchema = (schema: z.ZodType): JsonValue => jsonValue.parse(z.toJSONSchema(schema, { io: 'input' }))
