// The workflow engine: what follows from a session's state, rule by rule, until nothing more does – as events of one commit.
import type { CommandMetadata } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { asks, hasNothingToConclude, newlyReached } from './budgets.ts'
import { cancelledByPolicy, dayUsedUp, stageFailed } from './causes.ts'
import { questionsOf } from './chat.ts'
import { reportChildren, settleChildren } from './child-rules.ts'
import { condenseResults } from './condense-result.ts'
import { isAwaited } from './elicitations.ts'
import { endExecution, endSession } from './ends.ts'
import { evolveSession } from './evolve-session.ts'
import { extensionAfter } from './extend-plan.ts'
import { endOrphans, reportHelpers, settleAwaits } from './helper-rules.ts'
import { loopIn } from './loop-detector.ts'
import { isDue, nextTurnOf } from './next-turn.ts'
import { requestInput } from './request-input.ts'
import { openInputsOf } from './session-parts.ts'
import type { Execution, PresentSession, SessionState, Stage } from './session-state.ts'
import { currentStages, hasEnded, isOptional, lastStage, stagesToStart } from './stage-graph.ts'
import { executionsOf, verdictOnStage } from './stage-policy.ts'

/** The events given, and every event that follows from them. */
export const withConsequences = (
  state: SessionState,
  events: readonly SessionEvent[],
  metadata: CommandMetadata,
): readonly SessionEvent[] => {
  const all = [...events]
  let current = events.reduce(evolveSession, state)
  for (;;) {
    const next = current.status === 'absent' ? [] : consequencesOf(current, metadata)
    if (next.length === 0) return all
    all.push(...next)
    current = next.reduce(evolveSession, current)
  }
}

/** In the order in which they are asked: what ends comes before what begins. */
const rules: readonly ((state: PresentSession, metadata: CommandMetadata) => readonly SessionEvent[])[] = [
  (state) => endStages(state),
  (state) => failSession(state),
  (state) => endOrphans(state),
  (state) => settleAwaits(state),
  (state) => reportHelpers(state),
  (state) => settleChildren(state),
  (state) => reportChildren(state),
  (state) => withdrawInputs(state),
  (state, metadata) => condenseResults(state, metadata),
  (state, metadata) => startStages(state, metadata),
  (state, metadata) => reachBudgets(state, metadata),
  (state) => (hasNothingToConclude(state) ? endEverything(state, 'failed', dayUsedUp) : []),
  (state) => noticeLoops(state),
  (state) => requestTurns(state),
  (state) => concludeSession(state),
]

/** What still moves once the session has ended: who answers a question, and whom that agent calls on. */
const rulesOfChat: typeof rules = [
  (state) => endOrphans(state),
  (state) => settleAwaits(state),
  (state) => reportHelpers(state),
  (state) => withdrawInputs(state),
  (state, metadata) => condenseResults(state, metadata),
  (state, metadata) => startAnswer(state, metadata),
  (state, metadata) => reachBudgets(state, metadata),
  (state) => noticeLoops(state),
  (state) => requestTurns(state),
]

/** Each rule makes its own condition false, and no rule makes an earlier one true without using up a part of the plan: it ends. */
const consequencesOf = (state: PresentSession, metadata: CommandMetadata): readonly SessionEvent[] => {
  if (state.status !== 'running' && state.ended === null) return []
  for (const rule of state.ended === null ? rules : rulesOfChat) {
    const events = rule(state, metadata)
    if (events.length > 0) return events
  }
  return []
}

/** A stage whose policy is decided ends; it may call for another run. */
const endStages = (state: PresentSession): readonly SessionEvent[] => {
  for (const stage of Object.values(state.stages)) {
    if (stage.status !== 'running') continue
    const verdict = verdictOnStage(state, stage)
    if (verdict.kind === 'open') continue
    const { status } = verdict
    const ended: SessionEvent = { type: 'session.stage_ended', data: { stageId: stage.id, status } }
    const extension = extensionAfter(state, { ...stage, status })
    return [
      ...(verdict.settled ? [] : cancelOthers(state, stage)),
      ended,
      ...(extension.kind === 'extend' ? [{ type: 'session.plan_extended', data: extension.data } as const] : []),
      ...(extension.kind === 'limit' ? [{ type: 'session.limit_reached', data: extension.data } as const] : []),
    ]
  }
  return []
}

const cancelOthers = (state: PresentSession, stage: Stage): readonly SessionEvent[] =>
  executionsOf(state, stage)
    .filter(({ status }) => status === 'running')
    .map((execution) => endExecution(execution, { status: 'cancelled', cause: cancelledByPolicy(stage.name) }))

/** A stage that failed for good takes the session with it, and everything still at work. */
const failSession = (state: PresentSession): readonly SessionEvent[] => {
  const failed = currentStages(state).find((stage) => stage.status === 'failed' && !isOptional(stage))
  if (failed === undefined) return []
  const own = executionsOf(state, failed).findLast(({ status }) => status === 'failed')?.cause
  return endEverything(state, 'failed', own ?? stageFailed(failed.name))
}

/** An agent that has ended waits for nobody, and neither does a call that is settled or was begun anew. */
const withdrawInputs = (state: PresentSession): readonly SessionEvent[] =>
  openInputsOf(state)
    .filter(({ question }) => {
      if (question.executionId === undefined) return false
      if (state.executions[question.executionId]?.status !== 'running') return true
      return question.kind === 'elicitation' && !isAwaited(state, question)
    })
    .map(({ id }) => ({ type: 'session.input_withdrawn', data: { inputId: id } }))

const startStages = (state: PresentSession, { at }: CommandMetadata): readonly SessionEvent[] =>
  (state.paused ? [] : stagesToStart(state)).flatMap((stage): readonly SessionEvent[] => [
    {
      type: 'session.stage_started',
      data: { stageId: stage.id, name: stage.name, index: stage.index, total: Object.keys(state.stages).length },
    },
    ...executionsOf(state, stage).map((execution) => executionStarted(execution, at)),
  ])

const executionStarted = ({ id, stageId, agent }: Execution, at: string): SessionEvent => ({
  type: 'session.execution_started',
  data: { executionId: id, stageId, agent: agent.name, controller: agent.controller, at },
})

/** One at a time, in the order in which they were asked: a question may be about the answer before it. */
const startAnswer = (state: PresentSession, { at }: CommandMetadata): readonly SessionEvent[] => {
  const questions = questionsOf(state)
  const next = questions.find(({ status }) => status === 'planned')
  if (next === undefined || questions.some(({ status }) => status === 'running')) return []
  return [executionStarted(next, at)]
}

/** One budget at a time: several agents may come upon the same one. */
const reachBudgets = (state: PresentSession, { at }: CommandMetadata): readonly SessionEvent[] => {
  if (state.plan?.budgets === undefined) return []
  for (const execution of Object.values(state.executions)) {
    const reached = isDue(state, execution) ? newlyReached(state, execution, at)[0] : undefined
    if (reached === undefined) continue
    const event: SessionEvent = { type: 'session.budget_reached', data: reached }
    if (!asks(state)) return [event]
    return [event, requestInput(state, { kind: 'budget', ...reached }, at)]
  }
  return []
}

/** Looked for once after every turn whose calls are settled. */
const noticeLoops = (state: PresentSession): readonly SessionEvent[] => {
  for (const execution of Object.values(state.executions)) {
    const turn = execution.turns.at(-1)?.turn
    if (turn === undefined || turn <= execution.loopsSeenUntil || !isDue(state, execution)) continue
    const loop = loopIn(state, execution)
    if (loop === undefined) continue
    return [
      { type: 'session.loop_detected', data: { executionId: execution.id, turn, ...loop, trip: execution.loops + 1 } },
    ]
  }
  return []
}

const requestTurns = (state: PresentSession): readonly SessionEvent[] => {
  const due = Object.values(state.executions).find((execution) => isDue(state, execution))
  return due === undefined ? [] : [nextTurnOf(state, due)]
}

const concludeSession = (state: PresentSession): readonly SessionEvent[] => {
  const stages = currentStages(state)
  if (!stages.every(hasEnded)) return []
  const last = lastStage(state)
  const best = last && executionsOf(state, last).find(({ status }) => status === 'completed')
  if (best === undefined) return endEverything(state, 'failed', stageFailed(stages.at(-1)?.name ?? 'the plan'))
  return [
    {
      type: 'session.final_analysis_recorded',
      data: { text: best.conclusion ?? { text: '' }, executionId: best.id, ...best.reading },
    },
    { type: 'session.summary_requested', data: { attempt: 1 } },
  ]
}

/** Ends what is still at work, then the session. */
export const endEverything = (
  state: PresentSession,
  status: 'failed' | 'cancelled',
  cause: Extract<SessionEvent, { type: 'session.ended' }>['data']['cause'],
): readonly SessionEvent[] => [
  ...Object.values(state.executions)
    .filter((execution) => execution.status === 'running')
    .map((execution) => endExecution(execution, { status: 'cancelled', cause })),
  ...Object.values(state.stages)
    .filter((stage) => stage.status === 'running')
    .map(({ id }): SessionEvent => ({ type: 'session.stage_ended', data: { stageId: id, status: 'cancelled' } })),
  ...state.openInputs.map((id): SessionEvent => ({ type: 'session.input_withdrawn', data: { inputId: id } })),
  endSession(status, cause),
]
