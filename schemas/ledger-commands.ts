// What can be asked of the ledger of an org's day; only the bookkeeper and the agent runner ask.
import { z } from 'zod'
import { bookedUsage, ledgerEventData } from './ledger-events.ts'

const day = z.iso.date()

export const ledgerCommandData = {
  BookUsage: z.strictObject({ day, entries: z.array(bookedUsage).min(1).max(1_000) }),
  NoteDayBudgetReached: z.strictObject({ day, ...ledgerEventData['ledger.budget_reached'].shape }),
  RaiseDayBudget: z.strictObject({ day, ...ledgerEventData['ledger.budget_raised'].shape }),
} as const
