// What a session is, how far its plan has come, and how it ends. NOTE stored as it stands here.
import { z } from 'zod'
import { pinnedAgent } from './agent-definition.ts'
import { normalisedAlert } from './alert.ts'
import { sessionBudgets } from './budget.ts'
import { childLimits, helperLimits } from './built-in-tools.ts'
import { cause, sessionOutcome } from './cause.ts'
import { conclusionData } from './conclusion.ts'
import { alertId, executionId, sessionId, stageId } from './ids.ts'
import { modelFailureClass, modelIdentity, tokenUsage } from './model.ts'
import { overrides } from './overrides.ts'
import { priority } from './priority.ts'
import { plannedQueue } from './queue.ts'
import { sessionOrigin } from './session-origin.ts'
import { extensionReason, plannedStage, sessionLimits } from './session-plan.ts'
import { storedText } from './stored-text.ts'
import { toolPolicy } from './tool-policy.ts'

export const sessionCourseEventData = {
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
    /** Of the sessions it is started for, which hold beside its own: of all of them the strictest word counts. */
    policiesAbove: z.array(toolPolicy).max(20).optional(),
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
  'session.final_analysis_recorded': z.object({ text: storedText, executionId, ...conclusionData }),
  'session.summary_requested': z.object({
    attempt: z.int().positive(),
    notBefore: z.iso.datetime().optional(),
    /** Which of the models the agent may fall back on is asked, from 1; absent asks its own. */
    fallback: z.int().positive().optional(),
  }),
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
} as const
