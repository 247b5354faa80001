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

/** What an org may use up in a day: from midnight to midnight in UTC. */
const dayBudget = budget.omit({ wall_seconds: true })
export type DayBudget = Readonly<z.infer<typeof dayBudget>>

export const dayBudgets = z.strictObject({
  /** Holds for each org by itself. */
  each_org: dayBudget.default({}),
  /** Each limit goes before the one of `each_org`. */
  orgs: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be an org: 1–63 of a-z, 0-9 and "-"'), dayBudget)
    .default({}),
  on_reached: budgetAction.default('finish'),
})
export type DayBudgets = Readonly<z.infer<typeof dayBudgets>>
