// Which tool calls are made, asked about or refused: rules over names, arguments and effects, pinned in the session's plan.
import { z } from 'zod'
import { toolEffect } from './tool.ts'

export const toolVerdict = z.enum(['allow', 'ask', 'deny'])
export type ToolVerdict = z.infer<typeof toolVerdict>

/** Every field given must match; `*` in a pattern stands for any characters. */
export const toolRule = z.strictObject({
  server: z.string().min(1).max(200).optional(),
  tool: z.string().min(1).max(200).optional(),
  effect: z.array(toolEffect).min(1).optional(),
  /** Patterns by the name of a top-level argument; an absent argument does not match. */
  arguments: z.record(z.string(), z.string()).optional(),
  action: toolVerdict,
  /** Shown to whoever is asked or refused. */
  reason: z.string().max(500).optional(),
})
export type ToolRule = Readonly<z.infer<typeof toolRule>>

export const toolPolicy = z.strictObject({
  /** The first that matches decides. */
  rules: z.array(toolRule).max(200).default([]),
  /** For what no rule matches, by effect; a tool that says nothing of itself counts as `unsafe`. */
  otherwise: z
    .strictObject({
      read_only: toolVerdict.default('allow'),
      idempotent: toolVerdict.default('ask'),
      unsafe: toolVerdict.default('ask'),
    })
    .default({ read_only: 'allow', idempotent: 'ask', unsafe: 'ask' }),
  /** An approval nobody gave in this time is a denial. */
  expiry_seconds: z.number().positive().max(604_800).default(3600),
})
export type ToolPolicy = Readonly<z.infer<typeof toolPolicy>>
