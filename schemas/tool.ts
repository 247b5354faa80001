// A tool as it was offered to an agent: pinned on the log, so that policy is decided on facts and not on text.
import { z } from 'zod'
import { jsonValue } from './json-value.ts'

/**
 * What repeating a call may do, from the server's annotations; a missing annotation means the cautious reading:
 * `read_only` and `idempotent` calls may run again after a crash, `unsafe` ones never do.
 */
export const toolEffect = z.enum(['read_only', 'idempotent', 'unsafe'])
export type ToolEffect = z.infer<typeof toolEffect>

export const toolOutcome = z.enum(['succeeded', 'tool_error', 'failed', 'outcome_unknown'])
export type ToolOutcome = z.infer<typeof toolOutcome>

export const offeredTool = z.object({
  /** The name the model sees: `<server>__<tool>`, unique among the tools offered. */
  name: z.string().max(200),
  server: z.string().max(100),
  tool: z.string().max(200),
  description: z.string().max(8000),
  /** JSON Schema of the arguments. */
  inputSchema: jsonValue,
  effect: toolEffect,
})
export type OfferedTool = Readonly<z.infer<typeof offeredTool>>

/** What a server changed of its tools while agents could use them: a description that turns is worth a look. */
export const toolDrift = z.object({
  at: z.iso.datetime(),
  tool: z.string(),
  what: z.enum(['added', 'removed', 'changed']),
  /** Of `description`, `inputSchema`, `effect`, those that changed. */
  fields: z.array(z.string()),
})
export type ToolDrift = Readonly<z.infer<typeof toolDrift>>

export const unavailableServer = z.object({ server: z.string(), reason: z.string().max(2000) })
export type UnavailableServer = Readonly<z.infer<typeof unavailableServer>>
