// What an org used up on one day, by how much its budgets were raised, and which sessions they stopped.
import type { LedgerEvent } from '../../schemas/events.ts'
import type { InputId, SessionId } from '../../schemas/ids.ts'
import type { DayBudgetKind } from '../../schemas/ledger-events.ts'
import { type BookedCommits, nothingBooked, withBooked } from './booked-commits.ts'

export interface LedgerState {
  /** In the units of the budgets: `cost` in millionths of a US dollar. */
  readonly used: Readonly<Record<DayBudgetKind, number>>
  readonly booked: BookedCommits
  /** By how much in all, beyond what is configured. */
  readonly raised: Readonly<Record<DayBudgetKind, number>>
  /** Answers that raised it. */
  readonly raises: readonly InputId[]
  readonly stopped: readonly StoppedSession[]
}

export interface StoppedSession {
  readonly sessionId: SessionId
  readonly budget: DayBudgetKind
  readonly limit: number
}

const nothing = { tokens: 0, cost: 0, tool_calls: 0 }

export const emptyLedger: LedgerState = {
  used: nothing,
  booked: nothingBooked,
  raised: nothing,
  raises: [],
  stopped: [],
}

export const evolveLedger = (state: LedgerState, event: LedgerEvent): LedgerState => {
  switch (event.type) {
    case 'ledger.usage_booked': {
      const { entries } = event.data
      const used = entries.reduce(
        (sum, { tokens, costMicros, toolCalls }) => ({
          tokens: sum.tokens + tokens,
          cost: sum.cost + costMicros,
          tool_calls: sum.tool_calls + toolCalls,
        }),
        state.used,
      )
      const booked = withBooked(
        state.booked,
        entries.map(({ commit }) => commit),
      )
      return { ...state, used, booked }
    }
    case 'ledger.budget_reached': {
      const { sessionId, budget, limit } = event.data
      return { ...state, stopped: [...state.stopped, { sessionId, budget, limit }] }
    }
    case 'ledger.budget_raised': {
      const { budget, amount, inputId } = event.data
      const raised = { ...state.raised, [budget]: state.raised[budget] + amount }
      return { ...state, raised, raises: [...state.raises, inputId] }
    }
    default:
      return state
  }
}
