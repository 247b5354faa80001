// How the bars of a session follow its events: the one fold of the API and of the page that follows it live.

import { builtInServer } from '../schemas/built-in-tools.ts'
import type { RecordedEvent } from '../schemas/commit.ts'
import type { InputQuestion } from '../schemas/session-inputs.ts'
import { before, createBars, latest } from './waterfall-bars.ts'
import type { Waterfall } from './waterfall-view.ts'

export interface WaterfallFold {
  /** `at`: the time of its commit. */
  take(event: RecordedEvent, at: string, sequence: number): void
  /** @returns null before the session has started. */
  read(): Waterfall | null
}

/** `from`: where another fold has come to. */
export const createWaterfall = (from?: Waterfall): WaterfallFold => {
  const bars = createBars(from?.bars ?? [])
  let { title = '', version = 0, sequence = 0, until = '', fork = null } = from ?? {}
  let root = from?.bars[0]?.id ?? ''

  /** The bar that a question holds up. */
  const heldUp = (question: InputQuestion): string => {
    switch (question.kind) {
      case 'tool_approval': {
        const { toolCallId: id, executionId: parent, turn, name } = question
        bars.open({ id, kind: 'tool', parent, name, turn })
        return id
      }
      case 'question':
      case 'elicitation':
        return question.toolCallId
      case 'budget':
        return question.executionId ?? root
      default:
        return question satisfies never
    }
  }
  /** A reply tells its turn; of the attempts at it, the last one is answered. */
  const lastAttempt = (executionId: string, turn: number): string => {
    let attempt = 1
    while (bars.get(turnId({ executionId, turn, attempt: attempt + 1 })) !== undefined) attempt += 1
    return turnId({ executionId, turn, attempt })
  }

  const apply = (event: RecordedEvent, now: string): void => {
    switch (event.type) {
      case 'session.started':
        root = event.data.sessionId
        title = event.data.title
        bars.open({ id: root, kind: 'session', parent: null, name: title })
        break
      case 'session.forked':
        // What had happened in the source is told there.
        root = event.data.sessionId
        title = event.data.title
        fork = { sessionId: event.data.from.sessionId, at: event.data.from.at }
        bars.beginAnew(root)
        bars.change(root, () => ({
          name: title,
          ...(event.data.queue === undefined
            ? { status: 'running', startedAt: now }
            : { status: 'queued', startedAt: null }),
        }))
        break
      case 'session.plan_adopted':
        if (event.data.queue === undefined) bars.start(root)
        break
      case 'session.admitted':
        // Of a fork, agents were at work when its history ended, and go on here.
        for (const { id, status } of bars.all()) if (status === 'running') bars.change(id, () => ({ startedAt: now }))
        bars.start(root)
        break
      case 'session.stage_started':
        bars.open({ id: event.data.stageId, kind: 'stage', parent: root, name: event.data.name })
        bars.start(event.data.stageId)
        break
      case 'session.stage_ended':
        bars.end(event.data.stageId, event.data.status)
        break
      case 'session.helper_dispatched': {
        const { executionId: id, parentId: parent, agent: name } = event.data
        bars.open({ id, kind: 'helper', parent, name })
        break
      }
      case 'session.question_asked': {
        const { executionId: id, agent } = event.data
        bars.open({ id, kind: 'agent', parent: root, name: agent?.name ?? 'chat' })
        break
      }
      case 'session.execution_started': {
        const { executionId: id, stageId, agent: name } = event.data
        const parent = bars.get(stageId) === undefined ? root : stageId
        bars.open({ id, kind: 'agent', parent, name })
        bars.start(id)
        break
      }
      case 'session.execution_ended': {
        const { executionId, status } = event.data
        bars.endAll(({ parent, kind }) => parent === executionId && (kind === 'model' || kind === 'tool'))
        bars.end(executionId, status)
        break
      }
      case 'session.turn_requested': {
        const { executionId: parent, turn, attempt, notBefore = now } = event.data
        const name = attempt === 1 ? `Turn ${turn}` : `Turn ${turn}, attempt ${attempt}`
        const startedAt = latest(notBefore, now)
        bars.open({ id: turnId(event.data), kind: 'model', parent, name, turn, attempt, startedAt, status: 'running' })
        break
      }
      case 'session.model_replied': {
        const id = lastAttempt(event.data.executionId, event.data.turn)
        bars.took(id, event.data.durationMs)
        bars.spend(id, event.data)
        bars.end(id, 'succeeded')
        break
      }
      case 'session.model_failed':
        bars.end(turnId(event.data), 'failed')
        break
      case 'session.turn_held':
        bars.change(turnId(event.data), () => ({ startedAt: null }))
        bars.end(turnId(event.data), 'held')
        break
      case 'session.context_compacted': {
        const { executionId: parent, throughTurn, durationMs } = event.data
        const askedAt = before(now, durationMs)
        const id = `${parent}:compaction:${throughTurn}`
        bars.open({ id, kind: 'model', parent, name: 'Compaction', askedAt, startedAt: askedAt })
        bars.spend(id, event.data)
        bars.end(id, 'succeeded')
        break
      }
      case 'session.tool_call_requested': {
        const { toolCallId: id, executionId: parent, turn, name, server } = event.data
        bars.open({ id, kind: 'tool', parent, name, turn })
        // Nobody begins these: they are settled where they are decided, or wait for what they have started.
        if (server === builtInServer) bars.start(id)
        break
      }
      case 'session.tool_call_refused': {
        const { toolCallId: id, executionId: parent, turn, name } = event.data
        bars.open({ id, kind: 'tool', parent, name, turn })
        bars.end(id, 'refused')
        break
      }
      case 'session.tool_call_begun':
        bars.start(event.data.toolCallId)
        break
      case 'session.tool_call_recorded':
        if (event.data.late !== true) bars.end(event.data.toolCallId, event.data.outcome)
        break
      case 'session.result_summary_requested': {
        const { toolCallId, executionId: parent } = event.data
        const name = `Summary of ${bars.get(toolCallId)?.name ?? 'a result'}`
        bars.open({ id: `${toolCallId}:summary`, kind: 'model', parent, name, startedAt: now, status: 'running' })
        break
      }
      case 'session.result_summarized': {
        const id = `${event.data.toolCallId}:summary`
        bars.spend(id, event.data)
        bars.end(id, event.data.how === 'summary' ? 'succeeded' : 'failed')
        break
      }
      case 'session.child_started': {
        const { childId: id, executionId: parent = root, title: name } = event.data
        bars.open({ id, kind: 'child', parent, name, startedAt: now, status: 'running' })
        break
      }
      case 'session.child_ended':
        bars.end(event.data.childId, event.data.status)
        break
      case 'session.input_requested':
        bars.wait(heldUp(event.data.question), event.data.inputId)
        break
      case 'session.input_answered':
      case 'session.input_expired':
      case 'session.input_withdrawn':
        bars.goOn(event.data.inputId, root)
        break
      case 'session.paused':
        bars.wait(root, null)
        break
      case 'session.resumed':
        bars.goOn(null, root)
        break
      case 'session.summary_requested':
        bars.open({
          id: `${root}:summary`,
          kind: 'model',
          parent: root,
          name: 'Executive summary',
          startedAt: now,
          status: 'running',
        })
        break
      case 'session.summary_recorded':
        bars.spend(`${root}:summary`, event.data)
        bars.end(`${root}:summary`, 'succeeded')
        break
      case 'session.ended':
        // Sessions it has started may outlive it: their own ends are told.
        bars.endAll(({ id, kind }) => id !== root && kind !== 'child')
        bars.end(root, event.data.status)
        break
      default:
        break
    }
  }

  return {
    take: (event, at, from) => {
      version = event.version
      sequence = from
      until = at
      bars.at(at, version)
      apply(event, at)
    },
    read: () => (root === '' ? null : { title, version, sequence, until, fork, bars: bars.all() }),
  }
}

interface Asked {
  readonly executionId: string
  readonly turn: number
  readonly attempt: number
}

const turnId = ({ executionId, turn, attempt }: Asked): string => `${executionId}:${turn}:${attempt}`
