// Plans with several stages, and a way to carry them on: who is asked, and what they answer.

import { sessionDecider } from '../../domain/session/session-decider.ts'
import { executionIdOf, stageIdOf } from '../../domain/session/session-ids.ts'
import type { SessionState } from '../../domain/session/session-state.ts'
import type { CommandData, CommandMetadata, SessionCommand } from '../../schemas/commands.ts'
import type { EventData, SessionEvent } from '../../schemas/events.ts'
import type { ExecutionId, StageId } from '../../schemas/ids.ts'
import type { PlannedStage, SessionLimits } from '../../schemas/session-plan.ts'
import { metadata } from './decider-spec.ts'
import { agent, plan, session, started } from './session-samples.ts'

export const stageId = (number: number): StageId => stageIdOf(session, number)
export const executionId = (stage: number, index = 1): ExecutionId => executionIdOf(session, stage, index)

/** Stage `number` with `agents` agents; the rest as the test needs it. */
export const stageOf = (
  number: number,
  changes: Partial<PlannedStage> & { readonly size?: number } = {},
): PlannedStage => {
  const { size = 1, ...rest } = changes
  return {
    stageId: stageId(number),
    name: `stage ${number}`,
    agents: Array.from({ length: size }, (_, index) => ({
      executionId: executionId(number, index + 1),
      agent: agent({ name: size === 1 ? `agent ${number}` : `agent ${number}.${index + 1}` }),
    })),
    ...rest,
  }
}

/** A session as it goes on: what happened so far, and what every next command leads to. */
export interface Course {
  readonly history: readonly SessionEvent[]
  readonly state: SessionState
  readonly send: (command: SessionCommand, as?: Partial<CommandMetadata>) => Course
  /** The execution's open turn is answered with these words: it concludes. */
  readonly conclude: (execution: ExecutionId, text?: string) => Course
  /** The execution's open turn fails for good. */
  readonly fail: (execution: ExecutionId) => Course
  /** Of the last command. */
  readonly news: readonly SessionEvent[]
}

const courseOf = (history: readonly SessionEvent[], news: readonly SessionEvent[] = []): Course => {
  const state = history.reduce(sessionDecider.evolve, sessionDecider.initial)
  const send: Course['send'] = (command, as = {}) => {
    const decision = sessionDecider.decide(command, state, { ...metadata, ...as })
    if (decision.kind === 'reject') throw new Error(`${decision.rejection.code}: ${decision.rejection.message}`)
    return courseOf([...history, ...decision.events], decision.events)
  }
  const openTurn = (id: ExecutionId): { readonly turn: number; readonly attempt: number } => {
    const open = state.status === 'absent' ? undefined : state.executions[id]?.openTurn
    if (open === undefined || open === null) throw new Error(`${id} is not asked for anything.`)
    return open
  }
  return {
    history,
    state,
    news,
    send,
    conclude: (id, text = `findings of ${id}`) => send(replyTo(id, openTurn(id).turn, text)),
    fail: (id) => {
      const { turn, attempt } = openTurn(id)
      return send({
        type: 'RecordModelFailure',
        data: { sessionId: session, executionId: id, turn, attempt, class: 'auth', message: 'no key' },
      })
    },
  }
}

export const replyTo = (
  id: ExecutionId,
  turn: number,
  text: string,
  toolCalls: CommandData<'RecordModelReply'>['toolCalls'] = [],
): SessionCommand => ({
  type: 'RecordModelReply',
  data: {
    sessionId: session,
    executionId: id,
    turn,
    text: { text },
    toolCalls,
    finishReason: toolCalls.length > 0 ? 'tool_calls' : 'stop',
    usage: { inputTokens: 10, outputTokens: 5 },
    by: { provider: 'simulator', model: 'casebook-simulated', simulated: true },
    durationMs: 7,
  },
})

/** A session under a plan of these stages, its first stages started. */
export const underPlan = (
  stages: readonly PlannedStage[],
  limits: Partial<SessionLimits> = {},
  changes: Partial<EventData<'session.plan_adopted'>> = {},
): Course => {
  const base = plan()
  return courseOf([started]).send({
    type: 'AdoptPlan',
    data: {
      sessionId: session,
      plan: { ...base, stages: [...stages], limits: { ...base.limits, ...limits }, ...changes },
    },
  })
}

/** Events in short: the type without its prefix and what it is about, such as `stage_started 02`. */
export const inShort = (events: readonly SessionEvent[]): readonly string[] => events.map(short)

const short = (event: SessionEvent): string => {
  const type = event.type.slice('session.'.length)
  const { data } = event
  const about =
    'executionId' in data && data.executionId !== undefined && event.type !== 'session.stage_ended'
      ? data.executionId.slice('exe_01TEST_'.length)
      : 'stageId' in data
        ? data.stageId.slice('stg_01TEST_'.length)
        : ''
  const status = 'status' in data ? ` ${data.status}` : ''
  return `${type}${about === '' ? '' : ` ${about}`}${status}`
}
