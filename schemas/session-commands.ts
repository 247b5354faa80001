// What can be asked of a session. Public commands come through any gateway; the others only from handlers.
import { z } from 'zod'
import { normalisedAlert } from './alert.ts'
import { budgetAction } from './budget.ts'
import { sessionOutcome } from './cause.ts'
import { elicitationRequest } from './elicitation.ts'
import { evaluationReport } from './evaluation.ts'
import { drift, forkChanges, forkKind, forkPoint, pinnedForkPoint } from './fork.ts'
import { alertId, executionId, inputId, sessionId, toolCallId } from './ids.ts'
import { labels } from './labels.ts'
import { dayBudgetKind } from './ledger-events.ts'
import { citation, finishReason, modelFailureClass, modelIdentity, proposedToolCall, tokenUsage } from './model.ts'
import { overrides } from './overrides.ts'
import { priority } from './priority.ts'
import { forkedQueue } from './queue.ts'
import { sessionEventData } from './session-events.ts'
import { inputAnswer } from './session-inputs.ts'
import { askedOrigin, childRelation, sessionOrigin } from './session-origin.ts'
import { storedText } from './stored-text.ts'
import { offeredTool, toolOutcome, unavailableServer } from './tool.ts'

/** A proposed tool call after the edge has parsed it: arguments by schema, or the reason they are not. */
export const checkedToolCall = z.object({
  proposed: proposedToolCall,
  parsed: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('valid'), arguments: sessionEventData['session.tool_call_requested'].shape.arguments }),
    z.object({ kind: z.literal('invalid'), message: z.string() }),
  ]),
})
export type CheckedToolCall = Readonly<z.infer<typeof checkedToolCall>>

export const sessionCommandData = {
  StartSession: z.strictObject({
    sessionId,
    title: z.string().trim().min(1).max(500),
    input: storedText,
    origin: sessionOrigin.default({ kind: 'request' }),
    alert: normalisedAlert.optional(),
    chain: z.string().min(1).max(100).optional(),
    /** One agent instead of a chain. */
    agent: z.string().min(1).max(100).optional(),
    /** Absent: the alert's own, or what its severity maps to, else `normal`. */
    priority: priority.optional(),
    labels: labels.default({}),
    overrides: overrides.optional(),
  }),
  /** Begins a session that shares what happened in another one, and goes on from there with something changed. */
  ForkSession: z.strictObject({
    sessionId,
    /** `sequence` and `hash`: refused when the source's history is not that one. */
    from: z.strictObject({
      ...forkPoint.shape,
      ...pinnedForkPoint.pick({ sequence: true, hash: true }).partial().shape,
    }),
    kind: forkKind.default('fork'),
    title: z.string().trim().min(1).max(500).optional(),
    changes: forkChanges.default({}),
    /** Set where limits concern it: it waits for a place. */
    queue: forkedQueue.optional(),
  }),
  /** How a replay went beside what it replays. */
  RecordDrift: z.strictObject({ sessionId, drift }),
  /** A person started a session as a child of this one. */
  RecordChild: z.strictObject({
    sessionId,
    childId: sessionId,
    relation: childRelation,
    why: z.string(),
    title: z.string(),
    agent: z.string().optional(),
  }),
  RecordChildEnd: z.strictObject({ sessionId, childId: sessionId, status: sessionOutcome, report: storedText }),
  /** Of a session that has ended; it passes when every check does. */
  RecordEvaluation: z.strictObject({ sessionId, ...evaluationReport.shape }),
  CancelSession: z.strictObject({ sessionId, reason: z.string().trim().max(2000).default('') }),
  /** Says something to an agent, or to every agent at work; heard at the next step. */
  SendMessage: z.strictObject({
    sessionId,
    executionId: executionId.optional(),
    text: z.string().trim().min(1).max(20_000),
  }),
  /** Asks about a session that has ended; an agent answers from all that is known of it. */
  AskSession: z.strictObject({ sessionId, text: z.string().trim().min(1).max(20_000) }),
  HoldSession: z.strictObject({ sessionId, reason: z.string().trim().min(1).max(2000) }),
  ReleaseHold: z.strictObject({ sessionId }),
  /** Removes everything of a session that has ended, for good; a tombstone stays. */
  EraseSession: z.strictObject({ sessionId, reason: z.string().trim().min(1).max(2000) }),
  PauseSession: z.strictObject({ sessionId, reason: z.string().trim().max(2000).default('') }),
  ResumeSession: z.strictObject({ sessionId }),
  /** Ends one agent; what its stage makes of it is the stage's policy. */
  CancelExecution: z.strictObject({ sessionId, executionId, reason: z.string().trim().max(2000).default('') }),
  AnswerInput: z.strictObject({ sessionId, inputId, answer: inputAnswer }),
  /** Nobody answered in time: the cautious answer is taken. */
  ExpireInput: z.strictObject({ sessionId, inputId }),
  /** A helper's time is up. */
  ExpireExecution: z.strictObject({ sessionId, executionId }),
  AdoptPlan: z.strictObject({ sessionId, plan: sessionEventData['session.plan_adopted'] }),
  /** A place is free for a session that waits for one. */
  AdmitSession: z.strictObject({ sessionId, waitedMs: z.int().nonnegative() }),
  /** The planner cannot make a plan; the session ends and says why. */
  RejectPlan: z.strictObject({ sessionId, code: z.string(), message: z.string(), nextStep: z.string() }),
  OfferTools: z.strictObject({
    sessionId,
    executionId,
    tools: z.array(offeredTool),
    unavailable: z.array(unavailableServer),
    /** Tools the session's overrides name and no server has: it ends, and says so. */
    unknown: z.array(z.string().max(2000)).optional(),
  }),
  RecordModelReply: z.strictObject({
    sessionId,
    executionId,
    turn: z.int().positive(),
    text: storedText,
    thinking: storedText.optional(),
    citations: z.array(citation).max(50).optional(),
    toolCalls: z.array(checkedToolCall).max(64),
    finishReason,
    usage: tokenUsage,
    by: modelIdentity,
    durationMs: z.int().nonnegative(),
    firstTokenMs: z.int().nonnegative().optional(),
    costMicros: z.int().nonnegative().optional(),
    /** That the org's day still has; absent when it has no such budget. */
    toolCallsLeft: z.int().nonnegative().optional(),
    /** True when the org's day has a budget in dollars. */
    dollarsOfDay: z.boolean().optional(),
  }),
  /** A budget of the org's day is used up: the turn is not begun. */
  HoldTurn: z.strictObject({
    sessionId,
    executionId,
    turn: z.int().positive(),
    attempt: z.int().positive(),
    budget: dayBudgetKind,
    day: z.iso.date(),
    used: z.number().nonnegative(),
    limit: z.number().nonnegative(),
    action: budgetAction,
  }),
  /** Somebody raised a budget of the org's day. */
  LiftBudget: z.strictObject({
    sessionId,
    budget: dayBudgetKind,
    day: z.iso.date(),
    limit: z.number().nonnegative(),
  }),
  RecordModelFailure: z.strictObject({
    sessionId,
    executionId,
    turn: z.int().positive(),
    attempt: z.int().positive(),
    class: modelFailureClass,
    message: z.string().max(4000),
    retryAfterMs: z.int().nonnegative().optional(),
    partialText: z.string().max(4000).optional(),
  }),
  RecordCompaction: z.strictObject({
    sessionId,
    executionId,
    throughTurn: z.int().positive(),
    text: storedText,
    usage: tokenUsage,
    by: modelIdentity,
    durationMs: z.int().nonnegative(),
    costMicros: z.int().nonnegative().optional(),
  }),
  BeginToolCall: z.strictObject({ sessionId, toolCallId, attempt: z.int().positive(), worker: z.string() }),
  /** The server of a call under way asks a person something. */
  RequestElicitation: z.strictObject({
    sessionId,
    toolCallId,
    attempt: z.int().positive(),
    message: z.string().max(4_000),
    request: elicitationRequest,
  }),
  RecordToolCall: z.strictObject({
    sessionId,
    toolCallId,
    outcome: toolOutcome,
    content: storedText,
    attachments: sessionEventData['session.tool_call_recorded'].shape.attachments,
    durationMs: z.int().nonnegative(),
  }),
  RecordResultSummary: z.strictObject({
    sessionId,
    toolCallId,
    text: storedText,
    usage: tokenUsage,
    by: modelIdentity,
    durationMs: z.int().nonnegative(),
    costMicros: z.int().nonnegative().optional(),
  }),
  RecordResultSummaryFailure: z.strictObject({
    sessionId,
    toolCallId,
    attempt: z.int().positive(),
    class: modelFailureClass,
    message: z.string().max(4000),
    retryAfterMs: z.int().nonnegative().optional(),
  }),
  RecordSummary: z.strictObject({
    sessionId,
    text: z.string().max(20_000),
    usage: tokenUsage,
    by: modelIdentity,
    durationMs: z.int().nonnegative(),
    costMicros: z.int().nonnegative().optional(),
  }),
  RecordSummaryFailure: z.strictObject({
    sessionId,
    attempt: z.int().positive(),
    class: modelFailureClass,
    message: z.string().max(4000),
    retryAfterMs: z.int().nonnegative().optional(),
  }),
  NoteAlert: z.strictObject({
    sessionId,
    alertId,
    what: z.enum(['repeated', 'resolved']),
    occurrenceKey: z.string(),
    at: z.iso.datetime(),
  }),
} as const

/** Where an agent's child will begin can be foreseen: whoever were there first would answer in its place. */
const chosenId = sessionId.refine(
  (id) => !/_c\d+$/.test(id),
  'ends like the id of a session that an agent starts ("_c001"); choose another ending, or leave it out',
)

/** `StartSession` as it may come from outside. */
export const askedSession = sessionCommandData.StartSession.extend({
  sessionId: chosenId,
  origin: askedOrigin.default({ kind: 'request' }),
})

/** `ForkSession` as it may come from outside. */
export const askedFork = sessionCommandData.ForkSession.omit({ queue: true }).extend({ sessionId: chosenId })
