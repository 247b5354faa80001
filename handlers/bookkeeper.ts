// Keeps the ledger of each org's day: what sessions use up, which of them its budgets stop, and what people grant.
import type { CommandBus } from '../commands/command.ts'
import type { LedgerReader, SessionReader } from '../commands/command-bus.ts'
import { valueAt } from '../domain/persistent-map.ts'
import type { CommandData } from '../schemas/commands.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import type { EventOf } from '../schemas/events.ts'
import { type SessionId, sessionId } from '../schemas/ids.ts'
import { dayBudgetKind } from '../schemas/ledger-events.ts'
import type { DayLedger } from './day-ledger.ts'
import { createSendFrom } from './handler-command.ts'
import { done, type Reactor } from './reactor.ts'

export interface BookkeeperDependencies {
  readonly bus: CommandBus
  readonly sessions: SessionReader
  readonly ledgers: LedgerReader
  readonly dayLedger: DayLedger
}

type Lift = Omit<CommandData<'LiftBudget'>, 'sessionId'>

export const createBookkeeper = ({ bus, sessions, ledgers, dayLedger }: BookkeeperDependencies): Reactor => {
  const send = createSendFrom(bus, 'bookkeeper')

  const lift = (commit: Commit, event: RecordedEvent, id: SessionId, more: Lift): Promise<unknown> =>
    send(commit, event.id, `${id}:lift:${more.budget}:${more.day}:${more.limit}`, 'LiftBudget', {
      sessionId: id,
      ...more,
    })

  /** Noted before the limit is read: whoever raises it meanwhile finds the session among those that wait. */
  const noteReached = async (
    commit: Commit,
    event: RecordedEvent & EventOf<'session.budget_reached'>,
  ): Promise<void> => {
    const { day, used, limit } = event.data
    const budget = dayBudgetKind.safeParse(event.data.budget)
    if (day === undefined || !budget.success) return
    const id = sessionId.parse(commit.stream.id)
    const reached = { day, budget: budget.data, sessionId: id, used, limit }
    const work = `${id}:reached:${budget.data}:${day}:${limit}`
    const noted = await send(commit, event.id, work, 'NoteDayBudgetReached', reached)
    if (noted.kind === 'rejected') return
    const standing = await dayLedger.limitOf(commit.stream.org, day, budget.data, noted.sequence)
    if (standing !== undefined && standing > limit) {
      await lift(commit, event, id, { day, budget: budget.data, limit: standing })
    }
  }

  const raise = async (commit: Commit, event: RecordedEvent & EventOf<'session.input_answered'>): Promise<void> => {
    const { inputId, answer, by } = event.data
    if (answer.kind !== 'raise') return
    const id = sessionId.parse(commit.stream.id)
    const state = await sessions.session(commit.stream.org, id, commit.sequence)
    const question = state.status === 'absent' ? undefined : valueAt(state.inputs, inputId)?.question
    if (question?.kind !== 'budget' || question.day === undefined) return
    const budget = dayBudgetKind.parse(question.budget)
    const raised = { day: question.day, budget, amount: answer.by, inputId, sessionId: id, by }
    await send(commit, event.id, `${inputId}:raised`, 'RaiseDayBudget', raised)
  }

  /** One answer lets every session go on that waits for the same. */
  const liftAll = async (commit: Commit, event: RecordedEvent & EventOf<'ledger.budget_raised'>): Promise<void> => {
    const { org, id: day } = commit.stream
    const { budget } = event.data
    const { stopped } = await ledgers.ledger(org, day, commit.sequence)
    const limit = await dayLedger.limitOf(org, day, budget, commit.sequence)
    if (limit === undefined) return
    const waiting = new Set(stopped.flatMap((each) => (each.budget === budget ? [each.sessionId] : [])))
    for (const id of waiting) await lift(commit, event, id, { day, budget, limit })
  }

  return {
    name: 'bookkeeper',
    reactsTo: [
      'session.model_replied',
      'session.context_compacted',
      'session.result_summarized',
      'session.summary_recorded',
      'session.tool_call_requested',
      'session.budget_reached',
      'session.input_answered',
      'ledger.budget_raised',
    ],
    concurrency: 256,
    react: async (commit) => {
      await dayLedger.book(commit)
      for (const event of commit.events) {
        if (event.type === 'session.budget_reached') await noteReached(commit, event)
        else if (event.type === 'session.input_answered') await raise(commit, event)
        else if (event.type === 'ledger.budget_raised') await liftAll(commit, event)
      }
      return done
    },
  }
}
