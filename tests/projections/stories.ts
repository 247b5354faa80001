// One story after the other in which every type of event occurs: what a read model must take, whatever its values.
import {
  answerIdOf,
  chatStageIdOf,
  executionIdOf,
  helperIdOf,
  inputIdOf,
  messageIdOf,
  stageIdOf,
  toolCallIdOf,
} from '../../domain/session/session-ids.ts'
import type { StreamId } from '../../schemas/commit.ts'
import type { DomainEvent, SessionEvent } from '../../schemas/events.ts'
import { alertId, type ExecutionId, personId, sessionId, taskId } from '../../schemas/ids.ts'
import type { InputAnswer, InputQuestion } from '../../schemas/session-inputs.ts'
import {
  acme,
  alertStream,
  investigation,
  sampleAlert,
  sessionStream,
  startedOnly,
  timeAt,
} from '../support/histories.ts'
import { agent } from '../support/session-samples.ts'

export interface Story {
  readonly stream: StreamId
  /** One array per commit. */
  readonly commits: readonly (readonly DomainEvent[])[]
}

export const investigationStory = (name: string): Story => ({
  stream: sessionStream(`ses_${name}`),
  commits: investigation(`ses_${name}`),
})

export const alertStory = (name: string): Story => {
  const fired = { occurrenceKey: 'a', receivedAt: timeAt(0), episode: 1, sessionId: sessionId.parse(`ses_${name}`) }
  return {
    stream: alertStream(`alr_${name}`),
    commits: [
      [{ type: 'alert.fired', data: { ...fired, alert: sampleAlert() } }],
      [{ type: 'alert.repeated', data: { ...fired, occurrenceKey: 'b' } }],
      [{ type: 'alert.investigated', data: { episode: 1, sessionId: fired.sessionId, status: 'completed' } }],
      [{ type: 'alert.resolved', data: { ...fired, alert: sampleAlert({ status: 'resolved' }) } }],
    ],
  }
}

export const inputStory = (name: string): Story => {
  const id = sessionId.parse(`ses_${name}`)
  const executionId = executionIdOf(id, 1, 1)
  const asked = (number: number, question: InputQuestion): SessionEvent => ({
    type: 'session.input_requested',
    data: { inputId: inputIdOf(id, number), question, expiresAt: timeAt(60) },
  })
  const answered = (number: number, answer: InputAnswer): SessionEvent => ({
    type: 'session.input_answered',
    data: { inputId: inputIdOf(id, number), answer, by: { kind: 'user', id: 'jo' } },
  })
  const call = { executionId, toolCallId: toolCallIdOf(executionId, 1, 1) }
  const tool = { name: 'host__set', server: 'host', tool: 'set', arguments: { a: 1 }, effect: 'unsafe' } as const
  return {
    stream: sessionStream(id),
    commits: [
      [startedOnly(id, name)],
      [
        asked(1, { kind: 'tool_approval', ...call, ...tool, turn: 1, reason: 'it changes something' }),
        asked(2, { kind: 'question', ...call, text: 'Which?' }),
        asked(3, { kind: 'budget', budget: 'cost', executionId, used: 1.5, limit: 1 }),
      ],
      [
        answered(1, { kind: 'approve', scope: 'session', arguments: { a: 2 } }),
        answered(2, { kind: 'reply', text: 'This one.' }),
        answered(3, { kind: 'raise', by: 2 }),
      ],
    ],
  }
}

/** Asked after the end: one answered with a call, one that failed, one that still waits. */
export const chatStory = (name: string): Story => {
  const { stream, commits } = investigationStory(name)
  const id = sessionId.parse(`ses_${name}`)
  const [one, two, three] = [answerIdOf(id, 1), answerIdOf(id, 2), answerIdOf(id, 3)]
  const helper = helperIdOf(id, 1)
  const call = toolCallIdOf(one, 1, 1)
  const stageId = chatStageIdOf(id)
  const asked = (executionId: ExecutionId, text: string, by = 'jo'): SessionEvent => ({
    type: 'session.question_asked',
    data: { executionId, text: { text }, by: { kind: 'user', id: by }, at: timeAt(99), commandId: text },
  })
  const began = (executionId: ExecutionId): SessionEvent => ({
    type: 'session.execution_started',
    data: { executionId, stageId, agent: 'chat', controller: 'chat', at: timeAt(99) },
  })
  const replied = (executionId: ExecutionId, turn: number, text: string): SessionEvent => ({
    type: 'session.model_replied',
    data: {
      executionId,
      turn,
      text: { text },
      toolCalls: [],
      finishReason: 'stop',
      usage: { inputTokens: 5, outputTokens: 2 },
      by: { provider: 'a', model: 'b', simulated: false },
      durationMs: 1,
      costMicros: 3,
    },
  })
  return {
    stream,
    commits: [
      ...commits,
      [asked(one, 'Why?'), began(one)],
      [asked(two, 'Since when?', 'ben')],
      [
        replied(one, 1, ''),
        {
          type: 'session.tool_call_requested',
          data: {
            toolCallId: call,
            executionId: one,
            turn: 1,
            name: 'host__disk',
            server: 'host',
            tool: 'disk',
            arguments: {},
            effect: 'read_only',
          },
        },
        {
          type: 'session.helper_dispatched',
          data: {
            executionId: helper,
            parentId: one,
            stageId,
            agent: 'scout',
            task: 'look',
            depth: 1,
            deadline: timeAt(200),
            maxIterations: 2,
          },
        },
        began(helper),
      ],
      [
        replied(helper, 1, 'Full.'),
        { type: 'session.execution_ended', data: { executionId: helper, stageId, status: 'completed' } },
      ],
      [
        {
          type: 'session.tool_call_recorded',
          data: { toolCallId: call, executionId: one, outcome: 'succeeded', content: { text: '94 %' }, durationMs: 2 },
        },
      ],
      [
        replied(one, 2, 'The disk.'),
        {
          type: 'session.execution_ended',
          data: { executionId: one, stageId, status: 'completed', conclusion: { text: 'The disk.' } },
        },
        began(two),
      ],
      [
        {
          type: 'session.execution_ended',
          data: {
            executionId: two,
            stageId,
            status: 'failed',
            cause: { code: 'model_auth', message: 'No key.', nextStep: 'Set it.' },
          },
        },
      ],
      [asked(three, 'And now?'), began(three)],
    ],
  }
}

/** A child session that waited for its place, and led to others: one an agent started, one a person did. */
export const lineageStory = (name: string): Story => {
  const session = sessionId.parse(`ses_${name}`)
  const [execution, summarizing] = [executionIdOf(session, 1, 1), executionIdOf(session, 1, 2)]
  const toolCallId = toolCallIdOf(execution, 1, 1)
  const [byAgent, byPerson] = [sessionId.parse(`ses_${name}_c001`), sessionId.parse(`ses_${name}X`)]
  const origin = {
    kind: 'child',
    parentSessionId: sessionId.parse('ses_PARENT'),
    relation: 'sub_task',
    why: 'to be sure',
    depth: 1,
    executionId: execution,
    toolCallId,
    alertId: alertId.parse('alr_0001'),
  } as const
  const [, planned = []] = investigation(session)
  const inLine = planned.map(
    (event): DomainEvent =>
      event.type === 'session.plan_adopted' ? { ...event, data: { ...event.data, queue: { lane: 'high' } } } : event,
  )
  const asked = { toolCallId: toolCallIdOf(summarizing, 1, 1), executionId: summarizing }
  return {
    stream: sessionStream(session),
    commits: [
      [
        {
          type: 'session.started',
          data: {
            sessionId: session,
            title: name,
            input: { text: 'Why?' },
            origin,
            agent: 'investigator',
            priority: 'high',
            labels: { team: 'storage' },
            overrides: { runbook: '# Look', budget: { usd: 1 } },
          },
        },
      ],
      inLine,
      [{ type: 'session.admitted', data: { lane: 'critical', waitedMs: 1_500 } }],
      [
        {
          type: 'session.child_started',
          data: {
            childId: byAgent,
            relation: 'sub_task',
            why: 'a second look',
            title: 'The disk',
            agent: 'investigator',
            input: { text: 'Look at it.' },
            depth: 2,
            awaited: true,
            executionId: execution,
            toolCallId,
          },
        },
        {
          type: 'session.child_started',
          data: { childId: byPerson, relation: 'follow_up', why: '', title: 'And now?', depth: 2, awaited: false },
        },
        { type: 'session.result_summary_requested', data: { ...asked, attempt: 1, notBefore: timeAt(9) } },
      ],
      [
        {
          type: 'session.child_ended',
          data: { childId: byAgent, status: 'completed', report: { text: 'It is full.' } },
        },
        { type: 'session.child_ended', data: { childId: byPerson, status: 'failed', report: { text: 'No model.' } } },
        {
          type: 'session.result_summary_failed',
          data: { ...asked, attempt: 1, class: 'transient', message: 'busy' },
        },
        {
          type: 'session.result_summarized',
          data: { ...asked, how: 'excerpt', text: { text: 'The beginning …' }, reason: 'no model answered' },
        },
      ],
      [
        {
          type: 'session.forked',
          data: {
            sessionId: session,
            from: { sessionId: sessionId.parse('ses_SOURCE'), at: 3, sequence: 4, hash: 'ab'.repeat(32) },
            kind: 'replay',
            title: 'What if',
            changes: { agent: 'investigator', model: { provider: 'other', model: 'small' }, task: 'Look elsewhere.' },
            at: timeAt(10),
          },
        },
        {
          type: 'session.drift_recorded',
          data: {
            calls: { same: 1, missing: 0, added: 1 },
            notRecorded: ['host__disk {}'],
            turns: { source: 2, replay: 3 },
            status: { source: 'completed', replay: 'failed' },
            outcome: { source: 'conclusive' },
            tokens: { source: 10, replay: 20 },
            costMicros: { source: 1, replay: 2 },
            finalAnalysis: { source: { text: 'It was full.' } },
          },
        },
      ],
      [
        { type: 'session.held', data: { by: { kind: 'user', id: 'jo' }, reason: 'case 7' } },
        { type: 'session.hold_released', data: { by: { kind: 'user', id: 'jo' } } },
        { type: 'session.erasure_requested', data: { by: { kind: 'user', id: 'jo' }, reason: 'asked to' } },
      ],
    ],
  }
}

export const taskStory = (name: string): Story => {
  const id = taskId.parse(`tsk_${name}`)
  const run = { run: 1, sessionId: sessionId.parse(`ses_${name}`) }
  return {
    stream: { org: acme, category: 'task', id },
    commits: [
      [
        {
          type: 'task.scheduled',
          data: {
            taskId: id,
            title: 'Every night',
            input: { text: 'Look at the disks.' },
            chain: 'default',
            labels: { team: 'storage' },
            at: timeAt(0),
            repeat: { every_seconds: 3_600, times: 3 },
            priority: 'low',
            overrides: { runbook: '# Look' },
          },
        },
      ],
      [
        { type: 'task.started', data: run },
        { type: 'task.ended', data: { ...run, status: 'completed' } },
        { type: 'task.run_scheduled', data: { run: 2, at: timeAt(3_600), why: 'repeat' } },
      ],
      [{ type: 'task.cancelled', data: { by: { kind: 'user', id: 'jo' }, reason: 'enough' } }],
    ],
  }
}

/** What an ordinary investigation does not have, in an order that no session takes. */
export const troubledStory = (name: string): Story => {
  const session = sessionId.parse(`ses_${name}`)
  const [stage, execution] = [stageIdOf(session, 1), executionIdOf(session, 1, 1)]
  const helper = executionIdOf(session, 1, 2)
  const by = { kind: 'user', id: 'jo' } as const
  const model = { provider: 'a', model: 'b' }
  const expiresAt = timeAt(90)
  const trouble: readonly DomainEvent[] = [
    {
      type: 'session.plan_extended',
      data: {
        reason: { kind: 'retry', stageId: stage, attempt: 2, of: 3 },
        stages: [{ stageId: stage, name: 'again', agents: [{ executionId: execution, agent: agent() }], attempt: 2 }],
      },
    },
    { type: 'session.limit_reached', data: { limit: 'stages', stageId: stage, message: 'enough' } },
    {
      type: 'session.helper_dispatched',
      data: {
        executionId: helper,
        parentId: execution,
        stageId: stage,
        agent: 'helper',
        task: 'look',
        depth: 1,
        deadline: expiresAt,
        maxIterations: 3,
      },
    },
    { type: 'session.helper_reported', data: { executionId: helper, parentId: execution } },
    {
      type: 'session.tools_offered',
      data: {
        executionId: execution,
        tools: [
          { name: 'a__b', server: 'a', tool: 'b', description: 'c', inputSchema: { type: 'object' }, effect: 'unsafe' },
        ],
        unavailable: [{ server: 'kube', reason: 'away' }],
      },
    },
    {
      type: 'session.context_compacted',
      data: {
        executionId: execution,
        throughTurn: 1,
        text: { text: 'so far' },
        usage: { inputTokens: 2, outputTokens: 1 },
        by: { ...model, simulated: false },
        durationMs: 3,
        costMicros: 4,
      },
    },
    {
      type: 'session.result_summarized',
      data: {
        toolCallId: toolCallIdOf(execution, 1, 1),
        executionId: execution,
        how: 'summary',
        text: { text: 'in short' },
        original: { sha256: 'a'.repeat(64), bytes: 30_000, mediaType: 'text/plain' },
        usage: { inputTokens: 2, outputTokens: 1 },
        by: { ...model, simulated: false },
        durationMs: 3,
        costMicros: 4,
      },
    },
    {
      type: 'session.loop_detected',
      data: { executionId: execution, turn: 1, pattern: 'same_error', evidence: 'again', trip: 1 },
    },
    {
      type: 'session.provider_switched',
      data: { executionId: execution, turn: 1, from: model, to: model, class: 'auth' },
    },
    {
      type: 'session.model_failed',
      data: { executionId: execution, turn: 1, attempt: 1, class: 'other', message: 'busy', partialText: 'so far' },
    },
    { type: 'session.budget_reached', data: { budget: 'tokens', executionId: execution, used: 2, limit: 1 } },
    { type: 'session.turn_held', data: { executionId: execution, turn: 1, attempt: 1 } },
    { type: 'session.budget_raised', data: { budget: 'tokens', day: '2026-01-02', limit: 3 } },
    { type: 'session.unpriced_noticed', data: { executionId: execution, provider: 'p', model: 'm' } },
    {
      type: 'session.message_sent',
      data: {
        messageId: messageIdOf(session, 1),
        from: { kind: 'person', actor: by },
        to: { kind: 'agent', name: 'investigator' },
        text: { text: 'Look again.' },
      },
    },
    { type: 'session.paused', data: { by, reason: 'lunch' } },
  ]
  const ends: readonly DomainEvent[] = [
    { type: 'session.resumed', data: { by } },
    { type: 'session.input_expired', data: { inputId: inputIdOf(session, 2) } },
    { type: 'session.input_withdrawn', data: { inputId: inputIdOf(session, 3) } },
    { type: 'session.summary_failed', data: { attempt: 1, class: 'timeout', message: 'slow' } },
    {
      type: 'session.alert_noted',
      data: { alertId: alertId.parse('alr_0001'), what: 'repeated', at: timeAt(3), occurrenceKey: 'o' },
    },
    {
      type: 'session.evaluated',
      data: {
        case: 'disk',
        run: 1,
        tools: 'recorded',
        tags: ['easy'],
        checks: [{ kind: 'expected', wanted: 'disk', passed: false, found: 'No analysis.' }],
        passed: false,
        costMicros: 0,
        tokens: 10,
      },
    },
  ]
  return { stream: sessionStream(session), commits: [[startedOnly(session, 'Troubled')], trouble, ends] }
}

/** Under the id of a key: who it was is on no stream. */
export const personStory = (): Story => {
  const id = personId.parse(`per_${'A'.repeat(22)}`)
  return {
    stream: { org: acme, category: 'person', id },
    commits: [
      [
        {
          type: 'person.forgotten',
          data: { personId: id, by: { kind: 'user', id: 'jo' }, reason: 'asked to' },
        },
      ],
      [{ type: 'person.key_destroyed', data: { personId: id } }],
    ],
  }
}
