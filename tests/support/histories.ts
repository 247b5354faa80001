// Histories for tests of the read side: events become log entries as the log itself would store and read them.
import { hash } from 'node:crypto'
import type { z } from 'zod'
import { executionIdOf, stageIdOf, toolCallIdOf } from '../../domain/session/session-ids.ts'
import type { LogEntry } from '../../projections/log-reader.ts'
import type { NormalisedAlert } from '../../schemas/alert.ts'
import type { StreamId } from '../../schemas/commit.ts'
import { decodeCommit, encodeCommit } from '../../schemas/commit-codec.ts'
import type { conclusionData } from '../../schemas/conclusion.ts'
import type { DomainEvent, SessionEvent } from '../../schemas/events.ts'
import { alertId, commandId, correlationId, logSequence, orgId, sessionId } from '../../schemas/ids.ts'
import { agent } from './session-samples.ts'

export const acme = orgId.parse('acme')
export const other = orgId.parse('other')

export const sessionStream = (id: string, org = acme): StreamId => ({
  org,
  category: 'session',
  id: sessionId.parse(id),
})
export const alertStream = (id: string, org = acme): StreamId => ({ org, category: 'alert', id: alertId.parse(id) })
export const subjectOf = ({ org, category, id }: StreamId): string => `casebook.events.${org}.${category}.${id}`

/** What a tool of the histories below answered. It is to be in the object store where somebody looks whether it is. */
export const longResult = 'One line of a long result. '.repeat(2_700)
export const longResultBlob = {
  sha256: hash('sha256', longResult, 'hex'),
  bytes: longResult.length,
  mediaType: 'text/plain; charset=utf-8',
}

const base = Date.parse('2026-01-02T03:00:00.000Z')

/** The time of the commit at a sequence: one second apart. */
export const timeAt = (sequence: number): string => new Date(base + sequence * 1_000).toISOString()

/**
 * Gives each commit its sequence, version and hash in the order of the calls, and its time by its sequence.
 * `commands` begins the ids of its commands: two histories on one log need two.
 */
export const createHistory = (at: (sequence: number) => string = timeAt, commands = 'cmd') => {
  const entries: LogEntry[] = []
  const ends = new Map<string, { readonly version: number; readonly hash: string }>()

  const commit = (stream: StreamId, ...events: readonly DomainEvent[]): LogEntry => {
    const sequence = logSequence.parse(entries.length + 1)
    const subject = subjectOf(stream)
    const encoded = encodeCommit(stream, ends.get(subject) ?? { version: 0, hash: '' }, {
      commandId: commandId.parse(`${commands}-${sequence}`),
      bodyHash: 'body',
      at: at(sequence),
      actor: { kind: 'handler', id: 'test' },
      correlationId: correlationId.parse(`cor-${stream.id}`),
      causationId: `cause-${sequence}`,
      events,
    })
    ends.set(subject, { version: encoded.version, hash: encoded.hash })
    const decoded = decodeCommit(stream, sequence, encoded.payload, (name) => encoded.headers[name] ?? '')
    const { payload, headers } = encoded
    const entry = { sequence, commit: decoded, subject, payload, headers, bytes: Buffer.byteLength(payload) }
    entries.push(entry)
    return entry
  }
  return { entries, commit }
}

export const sampleAlert = (changes: Partial<NormalisedAlert> = {}): NormalisedAlert => ({
  source: 'alertmanager',
  fingerprint: 'f1',
  status: 'firing',
  severity: 'critical',
  title: 'Disk full on db-1',
  description: 'Filesystem /var is at 97 %.',
  alertType: 'DiskFull',
  labels: { service: 'db', team: 'storage' },
  annotations: {},
  startsAt: '2026-01-02T02:59:00.000Z',
  links: [],
  ...changes,
})

const by = { provider: 'simulator', model: 'casebook-simulated', simulated: true }

interface Turn {
  readonly text: string
  readonly calls?: readonly string[]
}

const replied = (
  execution: ReturnType<typeof executionIdOf>,
  turn: number,
  { text, calls = [] }: Turn,
): SessionEvent => ({
  type: 'session.model_replied',
  data: {
    executionId: execution,
    turn,
    text: { text },
    ...(turn === 1 && { thinking: { text: 'hm' } }),
    toolCalls: calls.map((name, index) => ({
      toolCallId: toolCallIdOf(execution, turn, index + 1),
      name,
      arguments: '{"path":"/var"}',
    })),
    finishReason: calls.length > 0 ? 'tool_calls' : 'stop',
    usage: { inputTokens: 100, outputTokens: 20 },
    by,
    durationMs: 7,
  },
})

/**
 * A whole investigation, one array per commit: two stages; a call that succeeds, one that is refused, one whose outcome
 * stays unknown and comes late; a summary; the end.
 */
export const investigation = (id: string, title = 'Disk full on db-1'): readonly (readonly SessionEvent[])[] => {
  const session = sessionId.parse(id)
  const [first, second] = [stageIdOf(session, 1), stageIdOf(session, 2)]
  const [one, two] = [executionIdOf(session, 1, 1), executionIdOf(session, 2, 1)]
  const call = (turn: number, index: number) => toolCallIdOf(one, turn, index)
  const requested = (turn: number, index: number, tool: string, effect: 'read_only' | 'unsafe'): SessionEvent => ({
    type: 'session.tool_call_requested',
    data: {
      toolCallId: call(turn, index),
      executionId: one,
      turn,
      name: `host__${tool}`,
      server: 'host',
      tool,
      arguments: { path: '/var' },
      effect,
    },
  })
  const begun = (turn: number, index: number): SessionEvent => ({
    type: 'session.tool_call_begun',
    data: { toolCallId: call(turn, index), executionId: one, attempt: 1, worker: 'w1' },
  })
  const evidence = { toolCallId: call(1, 1), call: 1, tool: 'host__disk', outcome: 'succeeded' } as const
  const reading: z.infer<z.ZodObject<typeof conclusionData>> = {
    outcome: 'inconclusive',
    missing: 'who turned logrotate off',
    findings: [{ text: 'Rotate the logs.', evidence: [evidence], unsupported: [9] }],
  }
  const plannedStage = (stage: typeof first, name: string, execution: typeof one) => ({
    stageId: stage,
    name,
    agents: [{ executionId: execution, agent: agent() }],
  })
  return [
    [
      {
        type: 'session.started',
        data: {
          sessionId: session,
          title,
          input: { text: 'Why is /var full?' },
          origin: { kind: 'alert', alertId: alertId.parse('alr_0001') },
          alert: sampleAlert({ title }),
          labels: { service: 'db', region: 'eu' },
        },
      },
    ],
    [
      {
        type: 'session.plan_adopted',
        data: {
          chain: { name: 'kubernetes', description: '', reason: 'matched DiskFull' },
          configurationHash: 'c0ffee',
          stages: [plannedStage(first, 'collect', one), plannedStage(second, 'analyse', two)],
          summaryAgent: agent({ name: 'summarizer', controller: 'single_shot' }),
          limits: { modelAttempts: 3, modelBackoffMs: 1000 },
        },
      },
      { type: 'session.stage_started', data: { stageId: first, name: 'collect', index: 0, total: 2 } },
      {
        type: 'session.execution_started',
        data: {
          executionId: one,
          stageId: first,
          agent: 'investigator',
          controller: 'native_tools',
          at: '2026-01-02T03:00:02.000Z',
        },
      },
      { type: 'session.turn_requested', data: { executionId: one, turn: 1, attempt: 1, mode: 'normal' } },
    ],
    [
      replied(one, 1, { text: 'Looking.', calls: ['host__disk', 'nope', 'host__restart'] }),
      requested(1, 1, 'disk', 'read_only'),
      {
        type: 'session.tool_call_refused',
        data: { toolCallId: call(1, 2), executionId: one, turn: 1, name: 'nope', code: 'unknown_tool', message: 'No.' },
      },
      requested(1, 3, 'restart', 'unsafe'),
    ],
    [begun(1, 1)],
    [
      {
        type: 'session.tool_call_recorded',
        data: {
          toolCallId: call(1, 1),
          executionId: one,
          outcome: 'succeeded',
          content: {
            text: '97 %…',
            blob: longResultBlob,
          },
          durationMs: 31,
        },
      },
    ],
    [begun(1, 3)],
    [
      {
        type: 'session.tool_call_recorded',
        data: {
          toolCallId: call(1, 3),
          executionId: one,
          outcome: 'outcome_unknown',
          content: { text: 'The worker went away.' },
          durationMs: 0,
        },
      },
      { type: 'session.turn_requested', data: { executionId: one, turn: 2, attempt: 1, mode: 'normal' } },
    ],
    [
      replied(one, 2, { text: 'Logs fill /var.' }),
      {
        type: 'session.execution_ended',
        data: { executionId: one, stageId: first, status: 'completed', conclusion: { text: 'Logs fill /var.' } },
      },
      { type: 'session.stage_ended', data: { stageId: first, status: 'completed' } },
      { type: 'session.stage_started', data: { stageId: second, name: 'analyse', index: 1, total: 2 } },
      {
        type: 'session.execution_started',
        data: {
          executionId: two,
          stageId: second,
          agent: 'investigator',
          controller: 'native_tools',
          at: '2026-01-02T03:00:08.000Z',
        },
      },
    ],
    [
      replied(two, 1, { text: 'Rotate the logs.' }),
      {
        type: 'session.execution_ended',
        data: {
          executionId: two,
          stageId: second,
          status: 'completed',
          conclusion: { text: 'Rotate the logs.' },
          ...reading,
        },
      },
      { type: 'session.stage_ended', data: { stageId: second, status: 'completed' } },
      {
        type: 'session.final_analysis_recorded',
        data: { text: { text: 'Rotate the logs.' }, executionId: two, ...reading },
      },
      { type: 'session.summary_requested', data: { attempt: 1 } },
    ],
    [
      {
        type: 'session.summary_recorded',
        data: { text: 'Logrotate was off.', usage: { inputTokens: 30, outputTokens: 5 }, by, durationMs: 4 },
      },
      {
        type: 'session.ended',
        data: {
          status: 'completed',
          cause: { code: 'concluded', message: 'The last stage concluded.', nextStep: 'Read the analysis.' },
        },
      },
    ],
    [
      {
        type: 'session.tool_call_recorded',
        data: {
          toolCallId: call(1, 3),
          executionId: one,
          outcome: 'succeeded',
          content: { text: 'restarted' },
          durationMs: 90,
          late: true,
        },
      },
    ],
  ]
}

/** A second session that only starts. */
export const startedOnly = (
  id: string,
  title: string,
  labels: Readonly<Record<string, string>> = {},
): SessionEvent => ({
  type: 'session.started',
  data: { sessionId: sessionId.parse(id), title, input: { text: title }, origin: { kind: 'request' }, labels },
})
