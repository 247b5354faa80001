// The exact rows each read model makes of a whole investigation and of an alert, however often and in whatever batches.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inheritCommits } from '../../domain/session/inherit.ts'
import { executionIdOf, toolCallIdOf } from '../../domain/session/session-ids.ts'
import { projections as catalogue } from '../../projections/catalogue.ts'
import type { LogEntry } from '../../projections/log-reader.ts'
import { forkChanges } from '../../schemas/fork.ts'
import { sessionId } from '../../schemas/ids.ts'
import {
  alertStream,
  createHistory,
  investigation,
  longResultBlob,
  sampleAlert,
  sessionStream,
  timeAt,
} from '../support/histories.ts'
import { allRows, applyTo, startReadSide } from '../support/read-side.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

const session = 'ses_HIST01'
const alert = alertStream('alr_0001')

const wholeHistory = (): readonly LogEntry[] => {
  const history = createHistory()
  const fired = { occurrenceKey: 'o1', receivedAt: timeAt(0), episode: 1, sessionId: sessionId.parse(session) }
  history.commit(alert, { type: 'alert.fired', data: { ...fired, alert: sampleAlert() } })
  for (const events of investigation(session)) history.commit(sessionStream(session), ...events)
  history.commit(alert, {
    type: 'alert.repeated',
    data: { occurrenceKey: 'o2', receivedAt: timeAt(50), episode: 1, sessionId: fired.sessionId },
  })
  history.commit(alert, {
    type: 'alert.investigated',
    data: { episode: 1, sessionId: fired.sessionId, status: 'completed' },
  })
  history.commit(alert, {
    type: 'alert.resolved',
    data: {
      occurrenceKey: 'o3',
      receivedAt: timeAt(60),
      episode: 1,
      sessionId: fired.sessionId,
      alert: sampleAlert({ status: 'resolved', severity: 'warning' }),
    },
  })
  return history.entries
}

const rowsAfter = async (...batches: readonly (readonly LogEntry[])[]) => {
  const database = await readSide.database()
  for (const batch of batches) {
    for (const projection of catalogue) await applyTo(database, projection, batch)
  }
  return allRows(database)
}

const usage = (inputTokens: number, outputTokens: number) => ({
  inputTokens,
  outputTokens,
  cachedInputTokens: 0,
  reasoningTokens: 0,
})

test('a session is one row with its stages, executions, counts, usage, analysis, summary and cause', async () => {
  const rows = (await rowsAfter(wholeHistory()))['sessions_v4.sessions'] ?? []
  assert.is(rows.length, 1)
  const { search, document, ...columns } = rows[0] ?? {}
  assert.equal(columns, {
    org: 'acme',
    id: session,
    status: 'completed',
    title: 'Disk full on db-1',
    outcome: 'inconclusive',
    chain: 'kubernetes',
    alert_id: 'alr_0001',
    severity: 'critical',
    kind: 'investigation',
    waiting: false,
    labels: { service: 'db', team: 'storage', region: 'eu' },
    started_at: timeAt(2),
    // When the second agent concluded: the first one found nothing.
    first_finding_at: timeAt(10),
    ended_at: timeAt(11),
    version: 27,
    last_sequence: 12,
  })
  assert.match(String(search), /'logrotate'/)
  const evidence = { toolCallId: 'call_HIST01_01_01_001_01', call: 1, tool: 'host__disk', outcome: 'succeeded' }
  const reading = {
    outcome: 'inconclusive',
    missing: 'who turned logrotate off',
    findings: [{ text: 'Rotate the logs.', evidence: [evidence], unsupported: [9] }],
  }
  const execution = {
    agent: 'investigator',
    provider: 'simulator',
    model: 'casebook-simulated',
    status: 'completed',
    cause: null,
  }
  assert.equal(document, {
    id: session,
    org: 'acme',
    status: 'completed',
    title: 'Disk full on db-1',
    simulated: true,
    chain: 'kubernetes',
    chainReason: 'matched DiskFull',
    alertId: 'alr_0001',
    alertType: 'DiskFull',
    severity: 'critical',
    labels: { service: 'db', team: 'storage', region: 'eu' },
    input: { text: 'Why is /var full?' },
    startedAt: timeAt(2),
    endedAt: timeAt(11),
    currentStage: null,
    stages: [
      { id: 'stg_HIST01_01', name: 'collect', index: 0, status: 'completed', startedAt: timeAt(3), endedAt: timeAt(9) },
      {
        id: 'stg_HIST01_02',
        name: 'analyse',
        index: 1,
        status: 'completed',
        startedAt: timeAt(9),
        endedAt: timeAt(10),
      },
    ],
    executions: [
      {
        ...execution,
        id: 'exe_HIST01_01_01',
        stageId: 'stg_HIST01_01',
        turns: 2,
        usage: usage(200, 40),
        cost: { usdMicros: 0, unpricedReplies: 2 },
        startedAt: timeAt(3),
        endedAt: timeAt(9),
        conclusion: { text: 'Logs fill /var.' },
        outcome: null,
        missing: null,
        findings: [],
      },
      {
        ...execution,
        id: 'exe_HIST01_02_01',
        stageId: 'stg_HIST01_02',
        turns: 1,
        usage: usage(100, 20),
        cost: { usdMicros: 0, unpricedReplies: 1 },
        startedAt: timeAt(9),
        endedAt: timeAt(10),
        conclusion: { text: 'Rotate the logs.' },
        ...reading,
      },
    ],
    helpers: [],
    toolCalls: { requested: 2, refused: 1, settled: 2 },
    usage: usage(330, 65),
    cost: { usdMicros: 0, unpricedReplies: 4 },
    held: null,
    paused: false,
    waitingFor: [],
    fork: null,
    chat: { questions: 0, open: 0, answering: null },
    finalAnalysis: { text: 'Rotate the logs.' },
    ...reading,
    summary: 'Logrotate was off.',
    cause: { code: 'concluded', message: 'The last stage concluded.', nextStep: 'Read the analysis.' },
    correlationId: `cor-${session}`,
    version: 27,
    sequence: 12,
    origin: { kind: 'alert', alertId: 'alr_0001' },
    startedBy: { kind: 'handler', id: 'test' },
    children: [],
    overrides: [],
    queue: null,
  })
})

test('a session under way shows the stage it is in', async () => {
  const rows = (await rowsAfter(wholeHistory().slice(0, 3)))['sessions_v4.sessions'] ?? []
  const document = rows[0]?.['document'] as { readonly status: string; readonly currentStage: unknown }
  assert.is(document.status, 'running')
  assert.equal(document.currentStage, { name: 'collect', number: 1, of: 2 })
})

test('tool calls are followed from the request to the result, refusals and late results included', async () => {
  const rows = (await rowsAfter(wholeHistory()))['tool_calls_v2.tool_calls'] ?? []
  const common = { org: 'acme', session_id: session, execution_id: 'exe_HIST01_01_01', turn: 1 }
  assert.equal(rows, [
    {
      ...common,
      id: 'call_HIST01_01_01_001_01',
      name: 'host__disk',
      server: 'host',
      tool: 'disk',
      effect: 'read_only',
      status: 'succeeded',
      arguments: { path: '/var' },
      result: { text: '97 %…', blob: longResultBlob },
      attempts: 1,
      requested_at: timeAt(4),
      begun_at: timeAt(5),
      settled_at: timeAt(6),
      duration_ms: 31,
      late: false,
    },
    {
      ...common,
      id: 'call_HIST01_01_01_001_02',
      name: 'nope',
      server: null,
      tool: null,
      effect: null,
      status: 'refused',
      arguments: null,
      result: { text: 'No.', code: 'unknown_tool' },
      attempts: 0,
      requested_at: timeAt(4),
      begun_at: null,
      settled_at: timeAt(4),
      duration_ms: null,
      late: false,
    },
    {
      ...common,
      id: 'call_HIST01_01_01_001_03',
      name: 'host__restart',
      server: 'host',
      tool: 'restart',
      effect: 'unsafe',
      status: 'succeeded',
      arguments: { path: '/var' },
      result: { text: 'restarted' },
      attempts: 1,
      requested_at: timeAt(4),
      begun_at: timeAt(7),
      settled_at: timeAt(12),
      duration_ms: 90,
      late: true,
    },
  ])
})

test('the timeline tells the story in log order and keeps references to blobs', async () => {
  const rows = (await rowsAfter(wholeHistory()))['timeline_v1.timeline'] ?? []
  const lines = [...rows]
    .sort((a, b) => Number(a['sequence']) - Number(b['sequence']) || Number(a['index']) - Number(b['index']))
    .map(({ sequence, index, kind, title, text }) => [sequence, index, kind, title, text])
  assert.equal(lines, [
    [2, 0, 'session_started', 'Disk full on db-1', 'Why is /var full?'],
    [3, 0, 'plan', 'Chain kubernetes (matched DiskFull): collect → analyse', ''],
    [3, 1, 'stage_started', 'Stage 1 of 2: collect', ''],
    [3, 2, 'agent_started', 'investigator', ''],
    [4, 0, 'model_reply', 'casebook-simulated (simulated)', 'Looking.'],
    [4, 1, 'tool_call', 'host__disk', ''],
    [4, 2, 'tool_call_refused', 'nope', 'No.'],
    [4, 3, 'tool_call', 'host__restart', ''],
    [6, 0, 'tool_result', 'succeeded', '97 %…'],
    [8, 0, 'tool_result', 'outcome_unknown', 'The worker went away.'],
    [9, 0, 'model_reply', 'casebook-simulated (simulated)', 'Logs fill /var.'],
    [9, 1, 'agent_ended', 'completed', 'Logs fill /var.'],
    [9, 2, 'stage_ended', 'Stage completed', ''],
    [9, 3, 'stage_started', 'Stage 2 of 2: analyse', ''],
    [9, 4, 'agent_started', 'investigator', ''],
    [10, 0, 'model_reply', 'casebook-simulated (simulated)', 'Rotate the logs.'],
    [10, 1, 'agent_ended', 'completed', 'Rotate the logs.'],
    [10, 2, 'stage_ended', 'Stage completed', ''],
    [10, 3, 'final_analysis', 'Final analysis', 'Rotate the logs.'],
    [11, 0, 'summary', 'Executive summary', 'Logrotate was off.'],
    [11, 1, 'session_ended', 'completed', 'The last stage concluded.'],
    [12, 0, 'tool_result', 'succeeded', 'restarted'],
  ])
  const result = rows.find(({ sequence }) => sequence === 6) ?? {}
  assert.equal(result['data'], {
    toolCallId: 'call_HIST01_01_01_001_01',
    durationMs: 31,
    blob: longResultBlob,
  })
})

test('an alert is one row: occurrences, first and last seen, its episode and its session', async () => {
  const tables = await rowsAfter(wholeHistory())
  const rows = (tables['alerts_v2.alerts'] ?? []).map(({ search, ...row }) => {
    assert.match(String(search), /'diskfull'/)
    return row
  })
  assert.equal(rows, [
    {
      org: 'acme',
      id: 'alr_0001',
      status: 'resolved',
      severity: 'warning',
      title: 'Disk full on db-1',
      source: 'alertmanager',
      fingerprint: 'f1',
      occurrences: 3,
      episode: 1,
      session_id: session,
      session_status: 'completed',
      first_seen: timeAt(0),
      last_seen: timeAt(60),
      last_sequence: 15,
      alert: sampleAlert({ status: 'resolved', severity: 'warning' }),
      labels: { service: 'db', team: 'storage' },
    },
  ])
  const came = (sequence: number, kind: string, at: string) => ({
    org: 'acme',
    sequence,
    index: 0,
    alert_id: 'alr_0001',
    at,
    kind,
  })
  assert.equal(tables['alerts_v2.alert_arrivals'], [
    came(1, 'opened', timeAt(0)),
    came(13, 'joined', timeAt(50)),
    came(15, 'resolved', timeAt(60)),
  ])
})

test('the second copy holds every commit verbatim', async () => {
  const entries = wholeHistory()
  const rows = [...((await rowsAfter(entries))['audit_v1.commits'] ?? [])]
  assert.equal(
    rows.sort((a, b) => Number(a['sequence']) - Number(b['sequence'])),
    entries.map(({ sequence, subject, commit, headers, payload }) => ({
      sequence,
      subject,
      org: 'acme',
      category: commit.stream.category,
      stream: commit.stream.id,
      version: commit.version,
      at: timeAt(sequence),
      command_id: `cmd-${sequence}`,
      actor: 'handler:test',
      types: commit.events.map(({ type }) => type),
      hash: commit.hash,
      headers,
      payload,
      error: null,
    })),
  )
})

test('commits applied twice, one by one, and in any batches give the same rows', async () => {
  const entries = wholeHistory()
  const once = await rowsAfter(entries)
  // Nobody is asked for anything in this history, nobody asks, nothing is scheduled, and nothing is evaluated.
  assert.equal(
    Object.entries(once).flatMap(([table, rows]) => (rows.length > 0 ? [] : [table])),
    ['inputs_v1.inputs', 'chat_v1.chat', 'tasks_v1.tasks', 'evaluations_v1.evaluations'],
  )
  assert.equal(await rowsAfter(...entries.flatMap((entry) => [[entry], [entry]])), once, 'each twice')
  assert.equal(await rowsAfter(entries.flatMap((entry) => [entry, entry])), once, 'each twice in one batch')
  assert.equal(await rowsAfter(entries, entries), once, 'all of it twice')
  assert.equal(await rowsAfter(entries.slice(0, 7), entries.slice(7)), once, 'cut in the middle of a tool call')
})

test('what a fork makes of calls that were under way at its point is in its list', async () => {
  const history = createHistory()
  const source = sessionId.parse('ses_SOURCE')
  const fork = sessionId.parse('ses_FORK')
  const executionId = executionIdOf(source, 1, 1)
  const calls = (['unsafe', 'unsafe', 'read_only'] as const).map((effect, index) => {
    const toolCallId = toolCallIdOf(executionId, 1, index + 1)
    const asked = { toolCallId, executionId, turn: 1, name: 'host__set', server: 'host', tool: 'set', effect }
    return { type: 'session.tool_call_requested', data: { ...asked, arguments: {} } } as const
  })
  const begun = calls.map(({ data: { toolCallId } }) => {
    return { type: 'session.tool_call_begun', data: { toolCallId, executionId, attempt: 1, worker: 'w' } } as const
  })
  history.commit(sessionStream(source), ...calls)
  history.commit(sessionStream(source), ...begun)
  const inherited = inheritCommits(
    history.entries.map(({ commit }) => commit),
    Number.POSITIVE_INFINITY,
    sessionStream(fork),
  )
  const toolResults = [{ toolCallId: calls[1]?.data.toolCallId, outcome: 'failed', text: 'It is away.' }]
  const forked = {
    sessionId: fork,
    from: { sessionId: source, at: 6, sequence: 2, hash: 'x' },
    kind: 'fork',
    title: 'Fork',
    changes: forkChanges.parse({ toolResults }),
    at: timeAt(3),
  } as const
  const entry = history.commit(sessionStream(fork), { type: 'session.forked', data: forked })
  const rows = await rowsAfter([...history.entries.slice(0, 2), { ...entry, commit: { ...entry.commit, inherited } }])
  assert.equal(
    rows['tool_calls_v2.tool_calls']?.map((row) => [row['session_id'], row['status'], row['settled_at']]),
    [
      [fork, 'outcome_unknown', timeAt(3)],
      [fork, 'failed', timeAt(3)],
      [fork, 'begun', null],
      [source, 'begun', null],
      [source, 'begun', null],
      [source, 'begun', null],
    ],
  )
})

test.run()
