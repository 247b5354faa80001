// What an org used up on one day in UTC: one stream for each. NOTE these names and fields are the storage format.
import { z } from 'zod'
import { actor } from './actor.ts'
import { inputId, sessionId } from './ids.ts'
import { budgetKind } from './session-inputs.ts'

/** Wall time passes for every session by itself. */
export const dayBudgetKind = budgetKind.exclude(['wall_time'])
export type DayBudgetKind = z.infer<typeof dayBudgetKind>

/** What one commit of a session used. */
export const bookedUsage = z.object({
  /** Its sequence in the log: what keeps it from being booked twice. */
  commit: z.int().positive(),
  sessionId,
  tokens: z.int().nonnegative(),
  /** Millionths of a US dollar. */
  costMicros: z.int().nonnegative(),
  /** Replies without a known price, which count no cost. */
  unpriced: z.int().nonnegative(),
  toolCalls: z.int().nonnegative(),
})
export type BookedUsage = Readonly<z.infer<typeof bookedUsage>>

export const ledgerEventData = {
  'ledger.usage_booked': z.object({ entries: z.array(bookedUsage).min(1) }),
  'ledger.budget_reached': z.object({
    budget: dayBudgetKind,
    /** The session that was stopped by it. */
    sessionId,
    used: z.number().nonnegative(),
    limit: z.number().nonnegative(),
  }),
  'ledger.budget_raised': z.object({
    budget: dayBudgetKind,
    /** In the unit of the budget. */
    amount: z.number().positive(),
    /** Of the question that was answered so. */
    inputId,
    sessionId,
    by: actor,
  }),
} as const
