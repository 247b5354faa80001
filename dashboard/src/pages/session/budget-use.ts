// How much of each of its budgets a session has used, with what people granted since.
import type { SessionView } from '../../../../projections/session-view.ts'
import type { BudgetKind } from '../../../../schemas/session-inputs.ts'
import type { Board } from './board.ts'

export interface BudgetUse {
  readonly budget: BudgetKind
  /** Tokens, millionths of a dollar, seconds, calls. */
  readonly used: number
  /** Null: there is none. */
  readonly limit: number | null
}

export const budgetUse = (view: SessionView, { plan, raised }: Board, now: number): readonly BudgetUse[] => {
  const own = plan?.budgets?.session ?? {}
  const { inputTokens, outputTokens } = view.usage
  const until = view.endedAt === null ? now : Date.parse(view.endedAt)
  const limits: Readonly<Record<BudgetKind, number | undefined>> = {
    tokens: own.tokens,
    cost: own.usd === undefined ? undefined : own.usd * 1_000_000,
    wall_time: own.wall_seconds,
    tool_calls: own.tool_calls,
  }
  const of = (budget: BudgetKind, used: number): BudgetUse => ({
    budget,
    used,
    limit: raised[budget] ?? limits[budget] ?? null,
  })
  return [
    of('tokens', inputTokens + outputTokens),
    of('cost', view.cost.usdMicros),
    of('wall_time', Math.max(0, Math.round((until - Date.parse(view.startedAt)) / 1000))),
    of('tool_calls', view.toolCalls.requested),
  ]
}
