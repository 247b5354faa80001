// A session as people read it: kept whole, and served whole.
import { z } from 'zod'
import { actor } from '../schemas/actor.ts'
import { cause } from '../schemas/cause.ts'
import { drift, forkChanges, forkKind } from '../schemas/fork.ts'
import { jsonValue } from '../schemas/json-value.ts'
import { tokenUsage } from '../schemas/model.ts'
import { priority } from '../schemas/priority.ts'
import { childRelation, sessionOrigin } from '../schemas/session-origin.ts'
import { storedText } from '../schemas/stored-text.ts'
import { chatCounts, noChat } from './chat-counts.ts'
import { conclusionView } from './conclusion-view.ts'
import { cost, noCost } from './spent.ts'

const executionView = z.object({
  id: z.string(),
  stageId: z.string(),
  agent: z.string(),
  provider: z.string(),
  model: z.string(),
  status: z.string(),
  turns: z.int(),
  usage: tokenUsage,
  cost: cost.default(noCost),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  conclusion: storedText.nullable(),
  ...conclusionView,
  cause: cause.nullable(),
})

/** An agent that another one called on. */
const helperView = executionView.extend({ parentId: z.string(), task: z.string() })

const stageView = z.object({
  id: z.string(),
  name: z.string(),
  index: z.int(),
  status: z.string(),
  /** Of a review loop, and of a stage that failed; absent for the first run. */
  cycle: z.int().optional(),
  attempt: z.int().optional(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
})

export const childView = z.object({
  id: z.string(),
  title: z.string(),
  agent: z.string().nullable(),
  relation: childRelation,
  why: z.string(),
  /** The agent that asked, and by which call; null when a person did. */
  executionId: z.string().nullable(),
  toolCallId: z.string().nullable(),
  depth: z.int(),
  status: z.enum(['running', 'completed', 'failed', 'cancelled']),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
})

export const sessionView = z.object({
  id: z.string(),
  org: z.string(),
  status: z.enum(['queued', 'running', 'summarizing', 'completed', 'failed', 'cancelled']),
  title: z.string(),
  /** True as soon as the built-in simulator has spoken in it. */
  simulated: z.boolean(),
  chain: z.string().nullable(),
  chainReason: z.string().nullable(),
  /** Who asked: an alert, a request, a task, another session. */
  origin: sessionOrigin.nullable().default(null),
  /** Null in rows from before it was kept. */
  startedBy: actor.nullable().default(null),
  /** Sessions that were started from this one. */
  children: z.array(childView).default([]),
  alertId: z.string().nullable(),
  alertType: z.string().nullable(),
  severity: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  /** What the session says for itself, in the layer over its configuration. */
  overrides: z.array(z.object({ field: z.string(), layer: z.literal('session'), value: jsonValue })).default([]),
  input: storedText,
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  currentStage: z.object({ name: z.string(), number: z.int(), of: z.int() }).nullable(),
  stages: z.array(stageView),
  executions: z.array(executionView),
  /** Its provider and model are known once it has spoken. */
  helpers: z.array(helperView).default([]),
  toolCalls: z.object({ requested: z.int(), refused: z.int(), settled: z.int() }),
  usage: tokenUsage,
  /** Of all agents and the summary; a reply without a known price is counted as unpriced, not as free. */
  cost: cost.default(noCost),
  /** It waits for a place; null when it does not. */
  queue: z
    .object({
      lane: priority,
      /** When it began to wait. */
      since: z.string(),
      /** 1 is next; null while it is not in line yet, or in line no more. */
      position: z.int().positive().nullable(),
    })
    .nullable()
    .default(null),
  /** Why a legal hold keeps it; null without one. */
  held: z.string().nullable().default(null),
  /** Nothing new begins until it is resumed. */
  paused: z.boolean().default(false),
  /** Inputs a person is asked for; `GET /v1/inputs` has the questions. */
  waitingFor: z.array(z.string()).default([]),
  /** Where its history begins; null when it began by itself. */
  fork: z
    .object({
      sessionId: z.string(),
      at: z.int(),
      kind: forkKind,
      changes: forkChanges,
      /** Of the history it shares: its own usage and cost begin at zero. */
      inherited: z.object({ usage: tokenUsage, cost }),
      /** Of a replay that has ended: how it went beside its source. */
      drift: drift.nullable(),
    })
    .nullable()
    .default(null),
  /** Questions asked since it ended; the status stays what it was. `GET …/chat` has them. */
  chat: chatCounts.default(noChat),
  finalAnalysis: storedText.nullable(),
  ...conclusionView,
  summary: z.string().nullable(),
  cause: cause.nullable(),
  correlationId: z.string(),
  version: z.int(),
  sequence: z.int(),
})
export type SessionView = z.infer<typeof sessionView>

/** In a list: everything but the long parts. */
export const listedSession = sessionView.omit({
  input: true,
  executions: true,
  helpers: true,
  finalAnalysis: true,
  findings: true,
  stages: true,
})
export type ListedSession = z.infer<typeof listedSession>
