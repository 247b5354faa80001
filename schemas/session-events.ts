// The facts of a session. NOTE these names and fields are the storage format: change them only by a new version.
import { z } from 'zod'
import { actor } from './actor.ts'
import { pinnedAgent } from './agent-definition.ts'
import { normalisedAlert } from './alert.ts'
import { budgetAction, sessionBudgets } from './budget.ts'
import { childLimits, helperDispatched, helperLimits } from './built-in-tools.ts'
import { conclusionData } from './conclusion.ts'
import { alertId, executionId, inputId, messageId, sessionId, stageId, taskId, toolCallId } from './ids.ts'
import { jsonValue } from './json-value.ts'
import { citation, finishReason, modelFailureClass, modelIdentity, tokenUsage } from './model.ts'
import { overrides } from './overrides.ts'
import { priority } from './priority.ts'
import { plannedQueue } from './queue.ts'
import { budgetKind, inputAnswer, inputQuestion } from './session-inputs.ts'
import { extensionReason, plannedStage, sessionLimits } from './session-plan.ts'
import { blobRef, storedText } from './stored-text.ts'
import { offeredTool, toolEffect, toolOutcome, unavailableServer } from './tool.ts'
import { toolPolicy } from './tool-policy.ts'

export const childRelation = z.enum(['sub_task', 'follow_up'])

export const sessionOrigin = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('alert'), alertId }),
  z.object({ kind: z.literal('request') }),
  z.object({ kind: z.literal('task'), taskId, run: z.int().positive() }),
  z.object({
    kind: z.literal('child'),
    parentSessionId: sessionId,
    /** A sub-task is cancelled with its parent. */
    relation: childRelation,
    why: z.string().max(2000),
    /** Sessions above it. */
    depth: z.int().positive().optional(),
    /** The agent that asked, and by which call; absent when a person did. */
    executionId: executionId.optional(),
    toolCallId: toolCallId.optional(),
    /** The alert that the line of sessions began with. */
    alertId: alertId.optional(),
  }),
])

/** Why something ended: a stable code, words for a person, and what an operator can do next. */
export const cause = z.object({
  code: z.string(),
  message: z.string(),
  nextStep: z.string(),
  /** The event that led here, when one did. */
  eventId: z.string().optional(),
})
export type Cause = Readonly<z.infer<typeof cause>>

export const sessionOutcome = z.enum(['completed', 'failed', 'cancelled'])
export type SessionOutcome = z.infer<typeof sessionOutcome>

export const recordedToolCall = z.object({
  toolCallId,
  name: z.string(),
  /** As the model wrote them, masked. */
  arguments: z.string(),
})

export const turnMode = z.enum(['normal', 'forced_conclusion', 'nudge'])
export type TurnMode = z.infer<typeof turnMode>

export const toolRefusal = z.enum([
  'unknown_tool',
  'invalid_arguments',
  'tools_withdrawn',
  'denied_by_policy',
  'denied_by_person',
  'approval_expired',
  'budget_reached',
  'not_possible',
])
export type ToolRefusal = z.infer<typeof toolRefusal>

/** What led to a nudge or a forced conclusion, when it is not an empty reply or the last of an agent's turns. */
export const turnReason = z.enum(['budget', 'loop', 'asked'])
export type TurnReason = z.infer<typeof turnReason>

export const messageSender = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('person'), actor }),
  z.object({ kind: z.literal('agent'), executionId, name: z.string() }),
  z.object({ kind: z.literal('session'), sessionId, name: z.string() }),
])
export const messageRecipient = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('execution'), executionId }),
  /** Whichever agent of this name speaks next, in this stage or a later one. */
  z.object({ kind: z.literal('agent'), name: z.string() }),
])

export const sessionEventData = {
  'session.started': z.object({
    sessionId,
    title: z.string(),
    input: storedText,
    origin: sessionOrigin,
    alert: normalisedAlert.optional(),
    /** The chain asked for; absent lets the planner choose. */
    chain: z.string().optional(),
    /** One agent instead of a chain. */
    agent: z.string().optional(),
    /** The priority asked for; absent lets the alert's severity decide. */
    priority: priority.optional(),
    labels: z.record(z.string(), z.string()),
    overrides: overrides.optional(),
  }),
  'session.plan_adopted': z.object({
    chain: z.object({ name: z.string(), description: z.string(), reason: z.string() }),
    /** SHA-256 of the configuration it was resolved from. */
    configurationHash: z.string(),
    runbook: z.string().optional(),
    stages: z.array(plannedStage).min(1),
    summaryAgent: pinnedAgent,
    limits: sessionLimits,
    /** Absent in plans from before there were policies: every call is made. */
    toolPolicy: toolPolicy.optional(),
    /** Agents that agents may call on or plan with, by value. */
    helperAgents: z.array(pinnedAgent).optional(),
    helperLimits: helperLimits.optional(),
    childLimits: childLimits.optional(),
    budgets: sessionBudgets.optional(),
    /** The session's own words, the last layer: applied to all of the above. */
    overrides: overrides.optional(),
    /** Absent: it begins at once, and takes no place that is counted. */
    queue: plannedQueue.optional(),
    /** Answers questions once the session has ended. Absent in plans from before there was a chat. */
    chatAgent: pinnedAgent.optional(),
  }),
  /** A place is free: the session begins, and has it until it ends. */
  'session.admitted': z.object({ lane: priority, waitedMs: z.int().nonnegative() }),
  'session.plan_extended': z.object({
    reason: extensionReason,
    /** Appended to the plan. One that `repeats` another takes its place for whatever has not started yet. */
    stages: z.array(plannedStage).min(1),
  }),
  /** The hop budget, or a loop's cycles, ended what would have gone on. */
  'session.limit_reached': z.object({
    limit: z.enum(['stages', 'cycles']),
    stageId,
    message: z.string(),
  }),
  'session.stage_started': z.object({ stageId, name: z.string(), index: z.int(), total: z.int() }),
  'session.execution_started': z.object({
    executionId,
    stageId,
    agent: z.string(),
    controller: z.string(),
    /** The clock the agent is told: fixed at its start, so that its prompt is a fold of the log. */
    at: z.iso.datetime(),
  }),
  /** An agent called on another; the helper's own events follow under its execution id. */
  'session.helper_dispatched': helperDispatched,
  /** The helper's parent has been given its report. */
  'session.helper_reported': z.object({ executionId, parentId: executionId }),
  'session.tools_offered': z.object({
    executionId,
    tools: z.array(offeredTool),
    unavailable: z.array(unavailableServer),
  }),
  'session.turn_requested': z.object({
    executionId,
    /** 1-based within the execution. */
    turn: z.int().positive(),
    /** 1-based within the turn; rises when the model fails and is asked again. */
    attempt: z.int().positive(),
    mode: turnMode,
    /** Why it is not an ordinary turn. */
    why: turnReason.optional(),
    /** Messages the agent gets with this turn. */
    delivers: z.array(messageId).optional(),
    /** Not to be begun before this moment (back-off). */
    notBefore: z.iso.datetime().optional(),
  }),
  'session.model_replied': z.object({
    executionId,
    turn: z.int().positive(),
    text: storedText,
    thinking: storedText.optional(),
    /** What its provider found on the web for it. */
    citations: z.array(citation).max(50).optional(),
    toolCalls: z.array(recordedToolCall),
    finishReason,
    usage: tokenUsage,
    by: modelIdentity,
    durationMs: z.int().nonnegative(),
    firstTokenMs: z.int().nonnegative().optional(),
    /** Millionths of a US dollar; absent when the model has no known price. */
    costMicros: z.int().nonnegative().optional(),
  }),
  /** The conversation had grown too long: up to this turn the agent goes on from its own summary. */
  'session.context_compacted': z.object({
    executionId,
    throughTurn: z.int().positive(),
    text: storedText,
    usage: tokenUsage,
    by: modelIdentity,
    durationMs: z.int().nonnegative(),
    /** Millionths of a US dollar; absent when the model has no known price. */
    costMicros: z.int().nonnegative().optional(),
  }),
  /** An agent went round in circles: told once, made to conclude the second time. */
  'session.loop_detected': z.object({
    executionId,
    /** The last turn of the circle; the one being answered where the text of a reply repeats itself. */
    turn: z.int().positive(),
    pattern: z.enum(['same_result', 'same_error', 'alternating', 'monologue', 'repeated_text']),
    evidence: z.string(),
    /** 1 leads to a nudge, 2 to a forced conclusion. */
    trip: z.int().positive(),
  }),
  /** From here on the execution asks another model: the one before failed for good. */
  'session.provider_switched': z.object({
    executionId,
    turn: z.int().positive(),
    from: z.object({ provider: z.string(), model: z.string() }),
    to: z.object({ provider: z.string(), model: z.string() }),
    class: modelFailureClass,
  }),
  'session.model_failed': z.object({
    executionId,
    turn: z.int().positive(),
    attempt: z.int().positive(),
    class: modelFailureClass,
    message: z.string(),
    /** What had arrived before a stream broke off. */
    partialText: z.string().optional(),
  }),
  'session.tool_call_requested': z.object({
    toolCallId,
    executionId,
    turn: z.int().positive(),
    name: z.string(),
    server: z.string(),
    tool: z.string(),
    arguments: jsonValue,
    effect: toolEffect,
  }),
  'session.tool_call_refused': z.object({
    toolCallId,
    executionId,
    turn: z.int().positive(),
    name: z.string(),
    code: toolRefusal,
    /** Said to the model, so that it can mend its call. */
    message: z.string(),
  }),
  'session.tool_call_begun': z.object({ toolCallId, executionId, attempt: z.int().positive(), worker: z.string() }),
  'session.tool_call_recorded': z.object({
    toolCallId,
    executionId,
    outcome: toolOutcome,
    content: storedText,
    /** Parts that are not text, by reference. */
    attachments: z
      .array(z.object({ type: z.string(), mediaType: z.string(), blob: z.string(), bytes: z.int() }))
      .optional(),
    durationMs: z.int().nonnegative(),
    /** Arrived after the session had ended or the outcome had been given up: kept for the audit, changes nothing. */
    late: z.boolean().optional(),
  }),
  /** The result is longer than the agent is to be shown. */
  'session.result_summary_requested': z.object({
    toolCallId,
    executionId,
    attempt: z.int().positive(),
    notBefore: z.iso.datetime().optional(),
  }),
  'session.result_summary_failed': z.object({
    toolCallId,
    executionId,
    attempt: z.int().positive(),
    class: modelFailureClass,
    message: z.string(),
  }),
  /** What the agent is shown in the place of the result: by a model, or cut short where none could be asked. */
  'session.result_summarized': z.object({
    toolCallId,
    executionId,
    how: z.enum(['summary', 'excerpt']),
    text: storedText,
    /** The whole result; absent where it stands whole in `session.tool_call_recorded`. */
    original: blobRef.optional(),
    usage: tokenUsage.optional(),
    by: modelIdentity.optional(),
    durationMs: z.int().nonnegative().optional(),
    /** Millionths of a US dollar; absent when the model has no known price. */
    costMicros: z.int().nonnegative().optional(),
    /** Why it is only an excerpt. */
    reason: z.string().optional(),
  }),
  'session.execution_ended': z.object({
    executionId,
    stageId,
    status: sessionOutcome,
    conclusion: storedText.optional(),
    ...conclusionData,
    /** True when the iteration cap forced the conclusion. */
    forced: z.boolean().optional(),
    cause: cause.optional(),
  }),
  'session.stage_ended': z.object({ stageId, status: sessionOutcome }),
  'session.input_requested': z.object({ inputId, question: inputQuestion, expiresAt: z.iso.datetime() }),
  'session.input_answered': z.object({ inputId, answer: inputAnswer, by: actor }),
  'session.input_expired': z.object({ inputId }),
  /** What asked has ended: nobody needs to answer any more. */
  'session.input_withdrawn': z.object({ inputId }),
  'session.message_sent': z.object({
    messageId,
    from: messageSender,
    to: messageRecipient,
    text: storedText,
    /** The command that sent it, so that a repeat is sent once. */
    commandId: z.string().optional(),
  }),
  /** A session of its own was started from here: its events are in its own stream. */
  'session.child_started': z.object({
    childId: sessionId,
    relation: childRelation,
    why: z.string(),
    title: z.string(),
    agent: z.string().optional(),
    /** What it is to look into, when an agent asked. */
    input: storedText.optional(),
    depth: z.int().positive(),
    /** The call waits for its report. */
    awaited: z.boolean(),
    executionId: executionId.optional(),
    toolCallId: toolCallId.optional(),
  }),
  'session.child_ended': z.object({ childId: sessionId, status: sessionOutcome, report: storedText }),
  'session.paused': z.object({ by: actor, reason: z.string() }),
  'session.resumed': z.object({ by: actor }),
  'session.budget_reached': z.object({
    budget: budgetKind,
    /** Absent: the session's own. */
    executionId: executionId.optional(),
    /** Set when it is the budget of the whole org on this day in UTC. */
    day: z.iso.date().optional(),
    /** What follows; absent: what the plan's budgets say. */
    action: budgetAction.optional(),
    used: z.number().nonnegative(),
    limit: z.number().nonnegative(),
  }),
  'session.budget_raised': z.object({
    budget: budgetKind,
    day: z.iso.date(),
    limit: z.number().nonnegative(),
  }),
  'session.turn_held': z.object({ executionId, turn: z.int().positive(), attempt: z.int().positive() }),
  'session.unpriced_noticed': z.object({ executionId, provider: z.string(), model: z.string() }),
  'session.final_analysis_recorded': z.object({ text: storedText, executionId, ...conclusionData }),
  'session.summary_requested': z.object({ attempt: z.int().positive(), notBefore: z.iso.datetime().optional() }),
  'session.summary_recorded': z.object({
    text: z.string(),
    usage: tokenUsage,
    by: modelIdentity,
    durationMs: z.int().nonnegative(),
    /** Millionths of a US dollar; absent when the model has no known price. */
    costMicros: z.int().nonnegative().optional(),
  }),
  'session.summary_failed': z.object({
    attempt: z.int().positive(),
    class: modelFailureClass,
    message: z.string(),
  }),
  'session.alert_noted': z.object({
    alertId,
    what: z.enum(['repeated', 'resolved']),
    at: z.iso.datetime(),
    /** The occurrence, so that a redelivery is noted once. */
    occurrenceKey: z.string(),
  }),
  'session.ended': z.object({ status: sessionOutcome, cause }),
  /** Asked of the session after its end; answered under `executionId`, one question after another. */
  'session.question_asked': z.object({
    executionId,
    text: storedText,
    by: actor,
    at: z.iso.datetime(),
    /** The command that asked, so that a repeat is answered once. */
    commandId: z.string(),
    /** Who answers; absent, the `chatAgent` of the plan. */
    agent: pinnedAgent.optional(),
  }),
} as const
