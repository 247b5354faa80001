// What is used against what may be: checked before every turn, so that no more than the call in flight goes over.
import type { Budget } from '../../schemas/budget.ts'
import type { EventData } from '../../schemas/events.ts'
import type { ExecutionId } from '../../schemas/ids.ts'
import type { BudgetKind } from '../../schemas/session-inputs.ts'
import { answersQuestion } from './chat.ts'
import { lineageOf } from './helpers.ts'
import type { Execution, PresentSession, Usage } from './session-state.ts'

type Reached = EventData<'session.budget_reached'>

export const budgetKey = ({ budget, executionId, day }: Pick<Reached, 'budget' | 'executionId' | 'day'>): string =>
  `${budget}:${day === undefined ? (executionId ?? 'session') : `${ofDay}${day}`}`

const ofDay = 'day_'

/** Nobody is asked in a replay. */
export const asks = ({ plan, fork }: PresentSession): boolean =>
  plan?.budgets?.on_reached === 'ask' && fork?.kind !== 'replay'

/** Budgets that this agent's next turn would go over and that nobody has dealt with yet. */
export const newlyReached = (state: PresentSession, execution: Execution, at: string): readonly Reached[] =>
  budgetsOf(state, execution, at).filter((each) => {
    if (each.used < each.limit) return false
    const before = state.reached[budgetKey(each)]
    return before === undefined || before.status === 'raised'
  })

/** True when a budget says that this agent has to conclude. */
export const mustFinish = (state: PresentSession, execution: Execution): boolean =>
  standing(state, execution, 'finishing')

/** True while a person is asked whether this agent may go on. */
export const waitsForBudget = (state: PresentSession, execution: Execution): boolean =>
  standing(state, execution, 'waiting')

const standing = (state: PresentSession, { id }: Execution, status: 'finishing' | 'waiting'): boolean =>
  Object.entries(state.reached).some(
    ([key, each]) =>
      each.status === status &&
      (((key.endsWith(':session') || isOfDay(key)) && !answersQuestion(state, id)) ||
        lineageOf(state, id).some((above) => key.endsWith(`:${above.id}`))),
  )

const isOfDay = (key: string): boolean => key.includes(`:${ofDay}`)

/** True when it has to conclude because of its org's day, and knows nothing yet that it could conclude from. */
export const hasNothingToConclude = ({ reached, used, executions }: PresentSession): boolean =>
  used.tokens === 0 &&
  Object.entries(reached).some(([key, { status }]) => status === 'finishing' && isOfDay(key)) &&
  Object.values(executions).every(({ openTurn }) => openTurn === null || openTurn.failed)

/** True when dollars are counted for this session. */
export const countsDollars = ({ plan }: PresentSession): boolean =>
  plan?.budgets?.session.usd !== undefined || plan?.budgets?.agent.usd !== undefined

/** Calls that may still be made, for the session and for the agent. */
export const toolCallsLeft = (state: PresentSession, execution: Execution): number =>
  Math.min(
    ...budgetsOf(state, execution, '').flatMap(({ budget, used, limit }) =>
      budget === 'tool_calls' ? [Math.max(0, limit - used)] : [],
    ),
    Number.POSITIVE_INFINITY,
  )

const budgetsOf = (state: PresentSession, execution: Execution, at: string): readonly Reached[] => {
  const budgets = state.plan?.budgets
  if (budgets === undefined) return []
  return [
    // The session's own was for the investigation, which is over when questions come.
    ...(answersQuestion(state, execution.id) ? [] : reckon(state, budgets.session, state.used, state.startedAt, at)),
    // What a helper uses, its parents use: their budgets hold for it too.
    ...lineageOf(state, execution.id).flatMap(({ id, used, startedAt, question }) => {
      const budget = question === null ? budgets.agent : smaller(budgets.agent, budgets.session)
      return reckon(state, budget, used, startedAt, at, id)
    }),
  ]
}

/** An answer is the work of an agent and as much as a session of its own. */
const smaller = (one: Budget, other: Budget): Budget => {
  const kinds = ['tokens', 'usd', 'wall_seconds', 'tool_calls'] as const
  const limits = kinds.flatMap((kind) => {
    const said = [one[kind], other[kind]].filter((limit) => limit !== undefined)
    return said.length === 0 ? [] : [[kind, Math.min(...said)] as const]
  })
  return Object.fromEntries(limits)
}

const reckon = (
  state: PresentSession,
  budget: Budget,
  used: Usage,
  since: string | null,
  at: string,
  executionId?: ExecutionId,
): readonly Reached[] => {
  const seconds = since === null || at === '' ? 0 : (Date.parse(at) - Date.parse(since)) / 1000
  const kinds: readonly (readonly [BudgetKind, number, number | undefined])[] = [
    ['tokens', used.tokens, budget.tokens],
    ['cost', used.costMicros, budget.usd === undefined ? undefined : Math.round(budget.usd * 1_000_000)],
    ['wall_time', Math.max(0, seconds), budget.wall_seconds],
    ['tool_calls', used.toolCalls, budget.tool_calls],
  ]
  return kinds.flatMap(([kind, spent, configured]): readonly Reached[] => {
    if (configured === undefined) return []
    const of = { budget: kind, ...(executionId !== undefined && { executionId }) }
    return [{ ...of, used: spent, limit: state.reached[budgetKey(of)]?.limit ?? configured }]
  })
}
