// A prompt is a fold of the log: folded again up to where the model was asked, it is what the model was sent.
import { conversationOf } from '../domain/prompt/conversation.ts'
import { charactersPerToken, defaultTokens, sizeOf } from '../domain/prompt/fit-prompt.ts'
import { toolsSent } from '../domain/prompt/tools-sent.ts'
import { evolveSession } from '../domain/session/evolve-session.ts'
import {
  absentSession,
  type Execution,
  type OpenTurn,
  type PresentSession,
  type SessionState,
} from '../domain/session/session-state.ts'
import type { Commit } from '../schemas/commit.ts'
import { type EventData, isSessionEvent, type SessionEvent } from '../schemas/events.ts'
import type { ExecutionId } from '../schemas/ids.ts'
import type { ConversationOverview, ConversationTurn, TurnLine } from './conversation-view.ts'
import type { SessionView } from './session-view.ts'

/** `view` is that of the last of the commits. */
export const conversationOverview = (view: SessionView, commits: readonly Commit[]): ConversationOverview => {
  const lines = turnLines(commits)
  const stages = new Map(view.stages.map(({ id, name }) => [id, name]))
  return {
    title: view.title,
    status: view.status,
    version: view.version,
    fork: view.fork && { sessionId: view.fork.sessionId, at: view.fork.at },
    executions: [
      ...view.executions.map((each) => ({ ...each, parentId: null })),
      ...view.helpers,
      ...answering(commits),
    ].map(({ id, agent, stageId, parentId, status }) => ({
      id,
      agent,
      stage: stages.get(stageId) ?? null,
      parentId,
      status,
      turns: lines.get(id) ?? [],
    })),
  }
}

/** Who answers questions about the session stands in no stage. */
const answering = (commits: readonly Commit[]) => {
  const found = new Map<string, { id: string; agent: string; stageId: string; parentId: null; status: string }>()
  const change = (id: string, part: { readonly agent?: string; readonly status: string }): void => {
    const known = found.get(id)
    if (known !== undefined) found.set(id, { ...known, ...part })
  }
  for (const event of commits.flatMap(({ events }) => events)) {
    if (event.type === 'session.question_asked') {
      const { executionId: id, agent } = event.data
      found.set(id, { id, agent: agent?.name ?? 'chat', stageId: '', parentId: null, status: 'planned' })
    } else if (event.type === 'session.execution_started') {
      change(event.data.executionId, { agent: event.data.agent, status: 'running' })
    } else if (event.type === 'session.execution_ended') {
      change(event.data.executionId, { status: event.data.status })
    }
  }
  return [...found.values()]
}

const turnLines = (commits: readonly Commit[]): ReadonlyMap<string, readonly TurnLine[]> => {
  const lines = new Map<string, TurnLine[]>()
  const compacted = new Map<string, number>()
  const settle = (executionId: string, at: string, status: TurnLine['status'], more: Partial<TurnLine> = {}): void => {
    const turns = lines.get(executionId)
    const last = turns?.at(-1)
    if (turns !== undefined && last?.status === 'open') {
      turns[turns.length - 1] = { ...last, status, settledAt: at, ...more }
    }
  }
  for (const { at, events } of commits) {
    for (const event of events) {
      switch (event.type) {
        case 'session.forked': {
          const { sessionId } = event.data.from
          for (const [executionId, turns] of lines) {
            settle(executionId, at, 'ended')
            lines.set(
              executionId,
              turns.map((line) => ({ ...line, inheritedFrom: line.inheritedFrom ?? sessionId })),
            )
          }
          break
        }
        case 'session.turn_requested': {
          const { executionId, turn, attempt, mode, why = null } = event.data
          settle(executionId, at, 'failed')
          const asked = { turn, attempt, mode, why, status: 'open', askedAt: at, settledAt: null } as const
          const line = { ...asked, usage: null, toolCalls: 0, compactedThrough: null, inheritedFrom: null }
          const turns = lines.get(executionId)
          if (turns === undefined) lines.set(executionId, [line])
          else turns.push(line)
          break
        }
        case 'session.context_compacted':
          compacted.set(event.data.executionId, event.data.throughTurn)
          break
        case 'session.model_replied': {
          const { executionId, usage, toolCalls } = event.data
          const compactedThrough = compacted.get(executionId) ?? null
          settle(executionId, at, 'answered', { usage, toolCalls: toolCalls.length, compactedThrough })
          compacted.delete(executionId)
          break
        }
        case 'session.model_failed':
          settle(event.data.executionId, at, 'failed')
          break
        case 'session.turn_held':
          settle(event.data.executionId, at, 'held')
          break
        case 'session.execution_ended':
          settle(event.data.executionId, at, 'ended')
          break
        default:
          break
      }
    }
  }
  return lines
}

interface Asked {
  readonly state: PresentSession
  readonly execution: Execution
  readonly open: OpenTurn
  readonly status: TurnLine['status']
  readonly reply: EventData<'session.model_replied'> | null
  readonly failure: EventData<'session.model_failed'> | null
}

/** `attempt`: absent, the last one. @returns null when the agent was never asked for this turn. */
export const conversationTurn = (
  commits: readonly Commit[],
  executionId: ExecutionId,
  turn: number,
  attempt?: number,
): ConversationTurn | null => {
  const asked = findTurn(commits, executionId, turn, attempt)
  if (asked === null) return null
  const { state, execution, open, reply, failure } = asked
  const { agent } = execution
  const messages = conversationOf(state, execution, open)
  const characters = messages.reduce((sum, message) => sum + sizeOf(message), 0)
  return {
    executionId,
    agent: agent.name,
    turn,
    attempt: open.attempt,
    mode: open.mode,
    status: asked.status,
    provider: agent.provider,
    model: agent.model,
    contextTokens: agent.contextTokens ?? defaultTokens,
    promptTokens: reply?.usage.inputTokens ?? Math.ceil(characters / charactersPerToken),
    messages: messages.map((message) =>
      message.role === 'assistant' ? { ...message, toolCalls: [...message.toolCalls] } : message,
    ),
    tools: toolsSent(execution, open),
    reply,
    failure,
  }
}

/** As the session stood when the attempt was settled: what came in between, such as tools and a compaction, was waited for. */
const findTurn = (
  commits: readonly Commit[],
  executionId: ExecutionId,
  turn: number,
  attempt: number | undefined,
): Asked | null => {
  let state: SessionState = absentSession
  let found: Asked | null = null
  for (const event of commits.flatMap(({ events }) => events)) {
    if (!isSessionEvent(event)) continue
    found = found === null ? null : settledBy(event, found)
    state = evolveSession(state, event)
    if (found !== null && isLast(found, attempt)) return found
    const execution = state.status === 'absent' ? undefined : state.executions[executionId]
    const open = execution?.openTurn
    if (state.status === 'absent' || execution === undefined || open == null || open.failed) continue
    if (open.turn > turn) return found
    if (open.turn === turn && (attempt ?? open.attempt) === open.attempt) {
      found = { state, execution, open, status: 'open', reply: null, failure: null }
    }
  }
  return found
}

/** A failed attempt is followed by another one; which is looked for when none is named. */
const isLast = ({ status, open }: Asked, attempt: number | undefined): boolean =>
  status === 'answered' || status === 'ended' || (status !== 'open' && open.attempt === attempt)

const settledBy = (event: SessionEvent, asked: Asked): Asked => {
  const isOf = (executionId: string): boolean => asked.status === 'open' && executionId === asked.execution.id
  switch (event.type) {
    case 'session.model_replied':
      return isOf(event.data.executionId) ? { ...asked, status: 'answered', reply: event.data } : asked
    case 'session.model_failed':
      return isOf(event.data.executionId) ? { ...asked, status: 'failed', failure: event.data } : asked
    case 'session.turn_held':
      return isOf(event.data.executionId) ? { ...asked, status: 'held' } : asked
    case 'session.execution_ended':
      return isOf(event.data.executionId) ? { ...asked, status: 'ended' } : asked
    case 'session.forked':
      return isOf(asked.execution.id) ? { ...asked, status: 'ended' } : asked
    default:
      return asked
  }
}
