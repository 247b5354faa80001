// What a session, or one agent of it, may use up, and what happens then.
import { z } from 'zod'

export const budget = z.strictObject({
  tokens: z.int().positive().optional(),
  /** US dollars. What has no known price counts as nothing spent and is shown as unpriced. */
  usd: z.number().positive().optional(),
  wall_seconds: z.number().positive().optional(),
  tool_calls: z.int().positive().optional(),
})
export type Budget = Readonly<z.infer<typeof budget>>

/** `ask` pauses and asks a person; `finish` has every agent conclude from what it knows. */
export const budgetAction = z.enum(['ask', 'finish'])

export const sessionBudgets = z.strictObject({
  session: budget.default({}),
  agent: budget.default({}),
  on_reached: budgetAction.default('finish'),
})
export type SessionBudgets = Readonly<z.infer<typeof sessionBudgets>>
