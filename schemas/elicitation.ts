// What an MCP server may ask a person in the middle of a tool call: a flat form, or a link to open. Shapes: MCP 2025-11-25 and 2026-07-28.
import { z } from 'zod'

const words = { title: z.string().max(500).optional(), description: z.string().max(2_000).optional() }
const choice = z.object({ const: z.string().max(500), title: z.string().max(500) })
const choices = z.array(z.string().max(500)).min(1).max(200)
const titledChoices = z.array(choice).min(1).max(200)

/** What is not in here is dropped: nothing that a server adds takes part in checking or showing. */
export const elicitationField = z.union([
  z.object({ type: z.literal('string'), ...words, oneOf: titledChoices, default: z.string().optional() }),
  z.object({
    type: z.literal('string'),
    ...words,
    enum: choices,
    enumNames: choices.optional(),
    default: z.string().optional(),
  }),
  z.object({
    type: z.literal('string'),
    ...words,
    minLength: z.int().nonnegative().optional(),
    maxLength: z.int().nonnegative().optional(),
    format: z.enum(['email', 'uri', 'date', 'date-time']).optional(),
    default: z.string().optional(),
  }),
  z.object({
    type: z.enum(['number', 'integer']),
    ...words,
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    default: z.number().optional(),
  }),
  z.object({ type: z.literal('boolean'), ...words, default: z.boolean().optional() }),
  z.object({
    type: z.literal('array'),
    ...words,
    items: z.union([
      z.object({ type: z.literal('string').optional(), enum: choices }),
      z.object({ anyOf: titledChoices }),
    ]),
    minItems: z.int().nonnegative().optional(),
    maxItems: z.int().nonnegative().optional(),
    default: z.array(z.string()).optional(),
  }),
])
export type ElicitationField = Readonly<z.infer<typeof elicitationField>>

const mostFields = 50

export const elicitationForm = z.object({
  type: z.literal('object'),
  properties: z
    .record(z.string().min(1).max(100), elicitationField)
    .refine((fields) => Object.keys(fields).length <= mostFields, `at most ${mostFields} fields`),
  required: z.array(z.string()).optional(),
})
export type ElicitationForm = Readonly<z.infer<typeof elicitationForm>>

export const elicitationRequest = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('form'), requestedSchema: elicitationForm }),
  /** Shown as a link; Casebook never opens it. */
  z.object({ mode: z.literal('url'), url: z.url({ protocol: /^https?$/ }).max(2_000) }),
])
export type ElicitationRequest = Readonly<z.infer<typeof elicitationRequest>>

export const elicitedContent = z.record(
  z.string(),
  z.union([z.string().max(20_000), z.number(), z.boolean(), z.array(z.string().max(500)).max(200)]),
)
export type ElicitedContent = Readonly<z.infer<typeof elicitedContent>>
