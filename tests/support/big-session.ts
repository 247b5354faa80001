// A session of many bars, as lines of an export: agents side by side, each with turns of one model call and three tool calls.
import { executionIdOf, stageIdOf, toolCallIdOf } from '../../domain/session/session-ids.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { linesOfCommit } from '../../schemas/export-line.ts'
import { orgId, sessionId } from '../../schemas/ids.ts'
import { createHistory, sessionStream } from './histories.ts'
import { agent, plan } from './session-samples.ts'

const callsATurn = 3

/** Bars: the session, its stage, the agents, and four for each turn of each. */
export const bigSession = (id: string, agents: number, turns: number): readonly string[] => {
  const session = sessionId.parse(id)
  const stageId = stageIdOf(session, 1)
  const all = Array.from({ length: agents }, (_, index) => executionIdOf(session, 1, index + 1))
  const history = createHistory()
  const stream = sessionStream(id, orgId.parse('default'))
  const commit = (...events: readonly SessionEvent[]): void => void history.commit(stream, ...events)
  const each = (event: (execution: (typeof all)[number], index: number) => readonly SessionEvent[]): void =>
    commit(...all.flatMap(event))
  const calls = (execution: (typeof all)[number], turn: number) =>
    Array.from({ length: callsATurn }, (_, index) => toolCallIdOf(execution, turn, index + 1))

  commit({
    type: 'session.started',
    data: {
      sessionId: session,
      title: 'Ten thousand bars',
      input: { text: '' },
      origin: { kind: 'request' },
      labels: {},
    },
  })
  const stage = { stageId, name: 'all at once', agents: all.map((executionId) => ({ executionId, agent: agent() })) }
  commit(
    { type: 'session.plan_adopted', data: { ...plan(), stages: [stage] } },
    { type: 'session.stage_started', data: { stageId, name: stage.name, index: 0, total: 1 } },
    ...all.map(
      (executionId): SessionEvent => ({
        type: 'session.execution_started',
        data: {
          executionId,
          stageId,
          agent: 'investigator',
          controller: 'native_tools',
          at: new Date(0).toISOString(),
        },
      }),
    ),
  )
  for (let turn = 1; turn <= turns; turn++) {
    each((executionId) => [{ type: 'session.turn_requested', data: { executionId, turn, attempt: 1, mode: 'normal' } }])
    each((executionId, index) => [
      {
        type: 'session.model_replied',
        data: {
          executionId,
          turn,
          text: { text: '' },
          toolCalls: calls(executionId, turn).map((toolCallId) => ({
            toolCallId,
            name: 'host__disk',
            arguments: '{}',
          })),
          finishReason: 'tool_calls',
          usage: { inputTokens: 100 * (index + 1), outputTokens: turn },
          by: { provider: 'simulator', model: 'casebook-simulated', simulated: true },
          durationMs: 200 + ((index * 37) % 700),
          costMicros: 100 * index,
        },
      },
      ...calls(executionId, turn).map(
        (toolCallId): SessionEvent => ({
          type: 'session.tool_call_requested',
          data: {
            toolCallId,
            executionId,
            turn,
            name: 'host__disk',
            server: 'host',
            tool: 'disk',
            arguments: {},
            effect: 'read_only',
          },
        }),
      ),
    ])
    each((executionId) =>
      calls(executionId, turn).map((toolCallId) => ({
        type: 'session.tool_call_begun',
        data: { toolCallId, executionId, attempt: 1, worker: 'w1' },
      })),
    )
    each((executionId) =>
      calls(executionId, turn).map((toolCallId) => ({
        type: 'session.tool_call_recorded',
        data: { toolCallId, executionId, outcome: 'succeeded', content: { text: 'ok' }, durationMs: 1_000 },
      })),
    )
  }
  each((executionId) => [
    {
      type: 'session.execution_ended',
      data: { executionId, stageId, status: 'completed', conclusion: { text: 'Done.' } },
    },
  ])
  commit(
    { type: 'session.stage_ended', data: { stageId, status: 'completed' } },
    {
      type: 'session.ended',
      data: { status: 'completed', cause: { code: 'completed', message: 'Done.', nextStep: '' } },
    },
  )
  return history.entries.flatMap(linesOfCommit)
}
