// The budgets of an org's day as they stand: what is configured, what people added, what is used.
import type { DayBudget, DayBudgets } from '../../schemas/budget.ts'
import type { DayBudgetKind } from '../../schemas/ledger-events.ts'
import { budgetKey } from '../session/budgets.ts'
import { answersQuestion } from '../session/chat.ts'
import type { Execution, PresentSession } from '../session/session-state.ts'
import type { LedgerState } from './ledger-state.ts'

/** The day in UTC that a moment belongs to. */
export const dayOf = (moment: string): string => moment.slice(0, 10)

/** Null when the org has none. */
export const dayBudgetOf = ({ each_org, orgs }: DayBudgets, org: string): DayBudget | null => {
  const budget = { ...each_org, ...(Object.hasOwn(orgs, org) && orgs[org]) }
  return Object.values(budget).some((limit) => limit !== undefined) ? budget : null
}

interface StandingBudget {
  readonly budget: DayBudgetKind
  readonly used: number
  readonly limit: number
}

export const standingOf = (budget: DayBudget, { used, raised }: LedgerState): readonly StandingBudget[] => {
  const limits: readonly (readonly [DayBudgetKind, number | undefined])[] = [
    ['tokens', budget.tokens],
    ['cost', budget.usd === undefined ? undefined : Math.round(budget.usd * 1_000_000)],
    ['tool_calls', budget.tool_calls],
  ]
  return limits.flatMap(([kind, configured]) =>
    configured === undefined ? [] : [{ budget: kind, used: used[kind], limit: configured + raised[kind] }],
  )
}

/**
 * The first budget of the day that keeps a turn from being begun. A session that concludes because of it has its
 * concluding turns; one whose person granted more goes by that before the ledger has heard of it.
 */
export const heldBy = (
  standing: readonly StandingBudget[],
  day: string,
  state: PresentSession,
  { id, openTurn }: Execution,
): StandingBudget | undefined => {
  for (const each of standing) {
    const known = answersQuestion(state, id) ? undefined : state.reached[budgetKey({ ...each, day })]
    if (known?.status === 'finishing') {
      if (openTurn?.mode !== 'forced_conclusion') return each
      continue
    }
    const limit = Math.max(each.limit, known?.limit ?? 0)
    if (each.used >= limit) return { ...each, limit }
  }
  return undefined
}
