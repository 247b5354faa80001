// The budgets of an org's day, for handlers: books what was used, and says what still may be.
import type { CommandBus } from '../commands/command.ts'
import type { LedgerReader } from '../commands/command-bus.ts'
import { dayBudgetOf, dayOf, heldBy, standingOf } from '../domain/ledger/day-budget.ts'
import type { Execution, PresentSession } from '../domain/session/session-state.ts'
import type { DayBudgets } from '../schemas/budget.ts'
import type { CommandData } from '../schemas/commands.ts'
import type { Commit } from '../schemas/commit.ts'
import type { LogSequence, OrgId } from '../schemas/ids.ts'
import type { DayBudgetKind } from '../schemas/ledger-events.ts'
import { createBookUsage } from './book-usage.ts'

export interface DayLedgerDependencies {
  readonly bus: CommandBus
  readonly ledgers: LedgerReader
  /** Those of the configuration in force. */
  readonly budgets: () => DayBudgets
  /** Another clock, for tests. */
  readonly now?: () => Date
}

export type HeldTurn = Pick<CommandData<'HoldTurn'>, 'budget' | 'day' | 'used' | 'limit' | 'action'>

export interface DayLedger {
  /** Nothing is booked for an org without such budgets. */
  book(commit: Commit): Promise<void>
  /** Why a turn may not be begun now, with everything booked that led to it; null when it may. */
  holds(commit: Commit, state: PresentSession, execution: Execution): Promise<HeldTurn | null>
  /** True when it has a budget in dollars. */
  countsDollars(org: OrgId): boolean
  /** Tool calls that the org's day still has; undefined when it has no such budget. */
  toolCallsLeft(org: OrgId): Promise<number | undefined>
  /** The limit as it stands, with what people granted; undefined when there is none any more. */
  limitOf(org: OrgId, day: string, budget: DayBudgetKind, atLeast: LogSequence): Promise<number | undefined>
}

export const createDayLedger = ({
  bus,
  ledgers,
  budgets: configured,
  now = () => new Date(),
}: DayLedgerDependencies): DayLedger => {
  const bookUsage = createBookUsage(bus)
  const today = (): string => dayOf(now().toISOString())
  const book: DayLedger['book'] = async (commit) => {
    if (dayBudgetOf(configured(), commit.stream.org) !== null) await bookUsage(commit)
  }

  return {
    book,
    holds: async (commit, state, execution) => {
      const { org } = commit.stream
      const budgets = configured()
      const budget = dayBudgetOf(budgets, org)
      if (budget === null) return null
      await book(commit)
      const day = today()
      const held = heldBy(standingOf(budget, await ledgers.ledger(org, day)), day, state, execution)
      return held === undefined ? null : { ...held, day, action: budgets.on_reached }
    },
    countsDollars: (org) => dayBudgetOf(configured(), org)?.usd !== undefined,
    toolCallsLeft: async (org) => {
      const budget = dayBudgetOf(configured(), org)
      if (budget?.tool_calls === undefined) return undefined
      const calls = standingOf(budget, await ledgers.ledger(org, today())).find((each) => each.budget === 'tool_calls')
      return calls === undefined ? undefined : Math.max(0, calls.limit - calls.used)
    },
    limitOf: async (org, day, kind, atLeast) => {
      const budget = dayBudgetOf(configured(), org)
      if (budget === null) return undefined
      const ledger = await ledgers.ledger(org, day, atLeast)
      return standingOf(budget, ledger).find((each) => each.budget === kind)?.limit
    },
  }
}
