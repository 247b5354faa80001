// One question about a session and its answer, as people read them: kept current event by event.
import { z } from 'zod'
import { actor } from '../schemas/actor.ts'
import { cause } from '../schemas/cause.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import { tokenUsage } from '../schemas/model.ts'
import { storedText } from '../schemas/stored-text.ts'
import { cost, costOf, noCost, noUsage, plusCost, plusUsage } from './spent.ts'

export const chatView = z.object({
  org: z.string(),
  sessionId: z.string(),
  /** Of the execution that answers; what `cancel` and live text name. */
  id: z.string(),
  /** 1 for the first question of the session. */
  number: z.int(),
  status: z.enum(['waiting', 'answering', 'answered', 'failed', 'cancelled']),
  askedBy: actor,
  askedAt: z.string(),
  question: storedText,
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** Null until it is answered, and when it was not. */
  answer: storedText.nullable(),
  /** Why there is no answer. */
  cause: cause.nullable(),
  model: z.string().nullable(),
  simulated: z.boolean(),
  turns: z.int(),
  /** Calls of tools, those of its helpers included. */
  toolCalls: z.array(z.object({ id: z.string(), name: z.string(), status: z.string() })),
  /** With what its helpers used. */
  usage: tokenUsage,
  cost,
  /** Executions that work on the answer: the agent and its helpers. */
  executions: z.array(z.string()),
  sequence: z.int(),
})
export type ChatView = Readonly<z.infer<typeof chatView>>

/** The question that an event asks or changes, as it is after it; null for every other event. */
export const changedQuestion = (known: readonly ChatView[], event: RecordedEvent, commit: Commit): ChatView | null => {
  const { org, id: sessionId } = commit.stream
  const own = known.filter((view) => view.org === org && view.sessionId === sessionId)
  if (event.type === 'session.question_asked') {
    const { executionId: id, text: question, by: askedBy } = event.data
    return {
      ...{ org, sessionId, id, number: own.length + 1, status: 'waiting', askedBy, askedAt: commit.at, question },
      ...{ startedAt: null, endedAt: null, answer: null, cause: null, model: null, simulated: false, turns: 0 },
      ...{ toolCalls: [], usage: noUsage, cost: noCost, executions: [id], sequence: commit.sequence },
    }
  }
  const worker = event.type === 'session.helper_dispatched' ? event.data.parentId : executionOf(event)
  const view = worker === null ? undefined : own.find(({ executions }) => executions.includes(worker))
  if (view === undefined) return null
  const change = changeOf(view, event, commit.at)
  return change === null ? null : { ...view, ...change, sequence: commit.sequence }
}

const changeOf = (view: ChatView, event: RecordedEvent, at: string): Partial<ChatView> | null => {
  switch (event.type) {
    case 'session.execution_started':
      return event.data.executionId === view.id ? { status: 'answering', startedAt: at } : null
    case 'session.helper_dispatched':
      return { executions: [...view.executions, event.data.executionId] }
    case 'session.model_replied':
    case 'session.context_compacted': {
      const { usage, by, executionId } = event.data
      const spoke = event.type === 'session.model_replied' && executionId === view.id
      return {
        ...(spoke && { turns: view.turns + 1, model: by.model }),
        simulated: view.simulated || by.simulated,
        usage: plusUsage(view.usage, usage),
        cost: plusCost(view.cost, costOf(event.data)),
      }
    }
    case 'session.tool_call_requested':
      return { toolCalls: withCall(view, event.data.toolCallId, 'requested', event.data.name) }
    case 'session.tool_call_refused':
      return { toolCalls: withCall(view, event.data.toolCallId, 'refused', event.data.name) }
    case 'session.tool_call_recorded':
      return { toolCalls: withCall(view, event.data.toolCallId, event.data.outcome) }
    case 'session.execution_ended': {
      const { executionId, status, conclusion = null, cause = null } = event.data
      if (executionId !== view.id) return null
      return { status: status === 'completed' ? 'answered' : status, endedAt: at, answer: conclusion, cause }
    }
    default:
      return null
  }
}

const withCall = (
  { toolCalls }: ChatView,
  id: string,
  status: string,
  name = toolCalls.find((call) => call.id === id)?.name ?? '',
): ChatView['toolCalls'] => [...toolCalls.filter((call) => call.id !== id), { id, name, status }]

const executionOf = ({ data }: RecordedEvent): string | null =>
  typeof data === 'object' && data !== null && 'executionId' in data && typeof data.executionId === 'string'
    ? data.executionId
    : null

/** Helpers of a stage bear the same ids as those of an answer: whose they are, the questions know. */
export const mayConcernChat = (event: RecordedEvent): boolean => /_[qh]\d{3,}$/.test(executionOf(event) ?? '')
