// Where a session's time went, as bars: its stages, agents, helpers, model calls, tool calls and the sessions it started.
import { z } from 'zod'
import { tokenUsage } from '../schemas/model.ts'
import { noUsage } from './spent.ts'

export const waterfallBar = z
  .object({
    id: z.string().describe('Of the stage, execution, tool call or child session; a model call has one of its own.'),
    kind: z.enum(['session', 'stage', 'agent', 'helper', 'model', 'tool', 'child']),
    parent: z.string().nullable().describe('The bar it belongs to; null for the session.'),
    name: z.string(),
    status: z.enum([
      'queued',
      'running',
      'waiting',
      'completed',
      'succeeded',
      'failed',
      'refused',
      'cancelled',
      'held',
      'tool_error',
      'outcome_unknown',
    ]),
    /** Of a model call: which one of its agent's. */
    turn: z.int().optional(),
    attempt: z.int().optional(),
    askedAt: z.string().describe('From here to `startedAt` it was queued.'),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
    waits: z
      .array(z.object({ from: z.string(), to: z.string().nullable(), inputId: z.string().nullable() }))
      .describe('When it waited for a person; without an input, it was paused.'),
    usage: tokenUsage.default(noUsage).describe('With that of the bars below it.'),
    costMicros: z.int().nonnegative().describe('Millionths of a US dollar, with those of the bars below it.'),
    version: z.int().describe('Of the event that asked for it.'),
  })
  .meta({ id: 'WaterfallBar' })
export type WaterfallBar = Readonly<z.infer<typeof waterfallBar>>

export const waterfall = z
  .object({
    title: z.string(),
    version: z.int(),
    sequence: z.int(),
    until: z.string().describe('Time of its last event.'),
    fork: z
      .object({ sessionId: z.string(), at: z.int() })
      .nullable()
      .describe('The session it goes on from: what it shares is the waterfall of that one, at that version.'),
    bars: z.array(waterfallBar).readonly().describe('The session first; each after the one it belongs to.'),
  })
  .meta({ id: 'Waterfall' })
export type Waterfall = Readonly<z.infer<typeof waterfall>>
