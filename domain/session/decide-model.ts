// What follows from a model's reply or failure: tool calls, a conclusion, a nudge, another attempt, or an end.

import type { CommandData, CommandMetadata } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { readConclusion } from '../conclusion/read-conclusion.ts'
import { accept, alreadySo, type Decision, reject } from '../decider.ts'
import { countsDollars } from './budgets.ts'
import { modelGaveUp, noConclusion, overrideToolUnknown } from './causes.ts'
import { isOver } from './chat.ts'
import { citableCalls } from './citable-calls.ts'
import { endEverything } from './consequences.ts'
import { ended } from './decide-lifecycle.ts'
import { backoffMs, endExecution, laterThan } from './ends.ts'
import { evolveSession } from './evolve-session.ts'
import { helpersOf, isAtWork } from './helpers.ts'
import { maxNudges, messagesFor } from './next-turn.ts'
import { eventIdAt, toolCallIdOf } from './session-ids.ts'
import type { Execution, OpenTurn, PresentSession } from './session-state.ts'
import { type ProposedCall, settleCalls } from './settle-call.ts'

type Decided = Decision<SessionEvent>

export const offerTools = (data: CommandData<'OfferTools'>, state: PresentSession): Decided => {
  const execution = state.executions[data.executionId]
  if (execution === undefined) return reject('execution_not_found', `No execution ${data.executionId}.`)
  if (execution.tools !== null) return alreadySo
  if (isOver(state, execution.id)) return ended(state)
  const { executionId, tools, unavailable, unknown = [] } = data
  // An agent that should be kept to tools that are not there would work on without the limits somebody set.
  if (unknown.length > 0 && state.ended === null) {
    return accept(...endEverything(state, 'failed', overrideToolUnknown(unknown)))
  }
  return accept({ type: 'session.tools_offered', data: { executionId, tools, unavailable } })
}

export const recordModelReply = (
  data: CommandData<'RecordModelReply'>,
  state: PresentSession,
  metadata: CommandMetadata,
): Decided => {
  const execution = state.executions[data.executionId]
  if (execution === undefined) return reject('execution_not_found', `No execution ${data.executionId}.`)
  if (execution.turns.some(({ turn }) => turn === data.turn)) return alreadySo
  if (isOver(state, execution.id)) return ended(state)
  const open = execution.openTurn
  if (open === null || open.turn !== data.turn) {
    return reject('turn_not_open', `Turn ${data.turn} of ${data.executionId} is not open.`)
  }

  const calls = data.toolCalls.map((call, index) => ({
    id: toolCallIdOf(execution.id, data.turn, index + 1),
    call,
  }))
  const { sessionId: _, toolCalls: __, toolCallsLeft: ___, dollarsOfDay: ____, ...reply } = data
  const replied: SessionEvent = {
    type: 'session.model_replied',
    data: {
      ...reply,
      toolCalls: calls.map(({ id, call }) => ({
        toolCallId: id,
        name: call.proposed.name,
        arguments: call.proposed.arguments,
      })),
    },
  }
  return accept(
    replied,
    ...unpriced(state, data),
    ...afterReply(state, execution, open, replied, data, calls, metadata),
  )
}

/** Told once for each model: a budget in dollars does not hold it. */
const unpriced = (
  state: PresentSession,
  { costMicros, executionId, dollarsOfDay = false, by: { provider, model } }: CommandData<'RecordModelReply'>,
): readonly SessionEvent[] =>
  costMicros !== undefined || !(dollarsOfDay || countsDollars(state)) || state.unpriced.includes(`${provider}/${model}`)
    ? []
    : [{ type: 'session.unpriced_noticed', data: { executionId, provider, model } }]

const afterReply = (
  state: PresentSession,
  execution: Execution,
  open: OpenTurn,
  replied: SessionEvent,
  data: CommandData<'RecordModelReply'>,
  calls: readonly ProposedCall[],
  metadata: CommandMetadata,
): readonly SessionEvent[] => {
  const mustConclude = open.mode === 'forced_conclusion' || execution.agent.controller === 'single_shot'
  const said = data.text.text.trim() !== ''
  const after = evolveSession(state, replied)
  const settled =
    after.status === 'absent' ? [] : settleCalls(after, execution.id, data, calls, mustConclude, metadata.at)

  if (calls.length > 0 && !mustConclude) return settled
  // Somebody has said something meanwhile, or helpers are still at work: the agent hears of it before it ends.
  const moreToHear = messagesFor(state, execution).length > 0 || helpersOf(state, execution.id).some(isAtWork)
  if (said && open.mode !== 'forced_conclusion' && moreToHear) return settled
  if (said) {
    const forced = open.mode === 'forced_conclusion'
    const citable = citableCalls(state, execution)
    const reading = readConclusion(data.text.text, (call) => citable.get(call))
    return [
      ...settled,
      endExecution(execution, { status: 'completed', conclusion: data.text, ...reading, ...(forced && { forced }) }),
    ]
  }
  if (open.mode !== 'forced_conclusion' && nudges(execution, open) < maxNudges) return settled
  const cause = noConclusion(execution.agent.name, eventIdAt(metadata, 0))
  return [...settled, endExecution(execution, { status: 'failed', cause })]
}

const nudges = (execution: Execution, open: OpenTurn): number => {
  const modes = [...execution.turns.map(({ mode }) => mode), open.mode]
  return modes.length - 1 - modes.findLastIndex((mode) => mode !== 'nudge')
}

export const recordModelFailure = (
  data: CommandData<'RecordModelFailure'>,
  state: PresentSession,
  metadata: CommandMetadata,
): Decided => {
  const execution = state.executions[data.executionId]
  if (execution === undefined) return reject('execution_not_found', `No execution ${data.executionId}.`)
  const open = execution.openTurn
  // A failure of a turn that has been answered, or of an attempt already replaced, changes nothing.
  if (isOver(state, execution.id) || open === null || open.turn !== data.turn || open.attempt !== data.attempt)
    return alreadySo
  if (open.failed) return alreadySo

  const { sessionId: _, retryAfterMs, ...failure } = data
  const failed: SessionEvent = { type: 'session.model_failed', data: failure }
  // Asked the same again it would say the same; told of it, twice at most, it may not.
  if (data.class === 'repetition' && execution.loops < 2) {
    return accept<SessionEvent>(failed, {
      type: 'session.loop_detected',
      data: {
        executionId: execution.id,
        turn: open.turn,
        pattern: 'repeated_text',
        evidence: data.message,
        trip: execution.loops + 1,
      },
    })
  }
  const limits = state.plan?.limits
  const attempts = data.attempt - execution.attemptsBefore
  const mayPass = isRetryable(data.class) && data.class !== 'repetition'
  if (limits !== undefined && mayPass && attempts < limits.modelAttempts) {
    if (state.paused) return accept(failed)
    return accept<SessionEvent>(failed, {
      type: 'session.turn_requested',
      data: {
        executionId: execution.id,
        turn: open.turn,
        attempt: open.attempt + 1,
        mode: open.mode,
        ...(open.why !== null && { why: open.why }),
        notBefore: laterThan(metadata, backoffMs(limits.modelBackoffMs, attempts, retryAfterMs)),
      },
    })
  }
  const { provider, model, fallback = [] } = execution.agent
  const next = fallback[execution.switches]
  if (next !== undefined) {
    const { turn, attempt, mode, why } = open
    return accept<SessionEvent>(
      failed,
      {
        type: 'session.provider_switched',
        data: { executionId: execution.id, turn, from: { provider, model }, to: next, class: data.class },
      },
      ...(state.paused
        ? []
        : [
            {
              type: 'session.turn_requested',
              data: { executionId: execution.id, turn, attempt: attempt + 1, mode, ...(why !== null && { why }) },
            } satisfies SessionEvent,
          ]),
    )
  }
  const cause = modelGaveUp(data.class, data.attempt, data.message, eventIdAt(metadata, 0))
  return accept(failed, endExecution(execution, { status: 'failed', cause }))
}

/** Changes what the open turn is asked with, not that it is asked. */
export const recordCompaction = (data: CommandData<'RecordCompaction'>, state: PresentSession): Decided => {
  const execution = state.executions[data.executionId]
  if (execution === undefined) return reject('execution_not_found', `No execution ${data.executionId}.`)
  if (data.throughTurn <= (execution.compacted?.throughTurn ?? 0)) return alreadySo
  if (isOver(state, execution.id)) return ended(state)
  if (execution.openTurn === null || !execution.turns.some(({ turn }) => turn === data.throughTurn)) {
    return reject('turn_not_open', `${data.executionId} is not asked for anything after turn ${data.throughTurn}.`)
  }
  const { sessionId: _, ...compaction } = data
  return accept({ type: 'session.context_compacted', data: compaction })
}

export const isRetryable = (failure: CommandData<'RecordModelFailure'>['class']): boolean =>
  failure === 'transient' || failure === 'rate_limited' || failure === 'timeout' || failure === 'repetition'
