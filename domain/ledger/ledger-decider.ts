// The ledger aggregate: books what an org uses up on a day, each commit once, and lets people raise its budgets.
import type { LedgerCommand } from '../../schemas/commands.ts'
import type { LedgerEvent } from '../../schemas/events.ts'
import { accept, alreadySo, type Decider, type Decision, unreachable } from '../decider.ts'
import { isBooked } from './booked-commits.ts'
import { emptyLedger, evolveLedger, type LedgerState } from './ledger-state.ts'

const decide = (command: LedgerCommand, state: LedgerState): Decision<LedgerEvent> => {
  switch (command.type) {
    case 'BookUsage': {
      const entries = command.data.entries.filter(
        ({ commit }, index, all) =>
          !isBooked(state.booked, commit) && all.findIndex((other) => other.commit === commit) === index,
      )
      return entries.length === 0 ? alreadySo : accept({ type: 'ledger.usage_booked', data: { entries } })
    }
    case 'NoteDayBudgetReached': {
      const { day: _, ...reached } = command.data
      const { sessionId, budget, limit } = reached
      const known = state.stopped.some(
        (each) => each.sessionId === sessionId && each.budget === budget && each.limit === limit,
      )
      return known ? alreadySo : accept({ type: 'ledger.budget_reached', data: reached })
    }
    case 'RaiseDayBudget': {
      const { day: _, ...raised } = command.data
      return state.raises.includes(raised.inputId) ? alreadySo : accept({ type: 'ledger.budget_raised', data: raised })
    }
    default:
      return unreachable(command)
  }
}

export const ledgerDecider: Decider<LedgerState, LedgerCommand, LedgerEvent> = {
  initial: emptyLedger,
  decide,
  evolve: evolveLedger,
}
