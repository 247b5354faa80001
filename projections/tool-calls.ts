// One row per tool call: what was asked, what it may do, how it went.
import { z } from 'zod'
import { settledByFork } from '../domain/session/evolve-fork.ts'
import type { EventOf } from '../schemas/events.ts'
import { toolOutcome } from '../schemas/tool.ts'
import { toJsonb, toTimestamp } from './postgres-text.ts'
import { type EventAt, historiesOf, type Projection } from './projection.ts'
import { textColumns } from './text-columns.ts'

export const toolCallsProjection: Projection = {
  name: 'tool-calls',
  version: 2,
  tableNames: ['tool_calls'],
  sessionColumn: { tool_calls: 'session_id' },
  tables: `
    CREATE TABLE IF NOT EXISTS tool_calls (
      org text NOT NULL,
      id text NOT NULL,
      session_id text NOT NULL,
      execution_id text NOT NULL,
      turn int8 NOT NULL,
      name text NOT NULL,
      server text,
      tool text,
      effect text,
      status text NOT NULL,
      arguments jsonb,
      result jsonb,
      attempts int8 NOT NULL,
      requested_at timestamptz NOT NULL,
      begun_at timestamptz,
      settled_at timestamptz,
      duration_ms int8,
      late boolean NOT NULL,
      PRIMARY KEY (org, id)
    );`,
  indexes: `
    CREATE INDEX IF NOT EXISTS tool_calls_of_session ON tool_calls (org, session_id, requested_at, id);`,
  apply: async (sql, entries) => {
    const rows = new Map<string, Row>()
    for (const at of historiesOf(entries, 'session')) {
      if (at.event.type === 'session.forked') {
        for (const [key, row] of rows) {
          const own = settledThere(at, at.event, row)
          if (own !== null) rows.set(key, { ...row, ...own })
        }
        continue
      }
      const change = changeOf(at)
      if (change === null) continue
      const key = `${change.org}/${change.id}`
      rows.set(key, { ...rows.get(key), ...change })
    }
    if (rows.size === 0) return
    // A call begun in an earlier batch is only partly known here: what this batch does not say stays as it was.
    const columns = Object.keys(columnTypes)
    const updates = columns.slice(2).map((column) => `${column} = COALESCE(EXCLUDED.${column}, tool_calls.${column})`)
    const { select, values } = textColumns(columnTypes, [...rows.values()])
    await sql.query(
      `INSERT INTO tool_calls (${columns.join(', ')})
       SELECT ${columns.map((column) => `COALESCE(row.${column}, old.${column}${defaults[column] ?? ''})`).join(', ')}
       FROM (${select}) AS row
       LEFT JOIN tool_calls AS old ON old.org = row.org AND old.id = row.id
       ON CONFLICT (org, id) DO UPDATE SET ${updates.join(', ')}`,
      values,
    )
  },
}

const columnTypes: Readonly<Record<string, string>> = {
  org: 'text',
  id: 'text',
  session_id: 'text',
  execution_id: 'text',
  turn: 'int8',
  name: 'text',
  server: 'text',
  tool: 'text',
  effect: 'text',
  status: 'text',
  arguments: 'jsonb',
  result: 'jsonb',
  attempts: 'int8',
  requested_at: 'timestamptz',
  begun_at: 'timestamptz',
  settled_at: 'timestamptz',
  duration_ms: 'int8',
  late: 'boolean',
}
const defaults: Readonly<Record<string, string>> = { attempts: ', 0', late: ', false' }

type Row = Readonly<Record<string, string | number | null>>

/** What a fork shares comes in one entry with its first event, so its calls are all at hand. */
const settledThere = ({ entry }: EventAt, { data }: EventOf<'session.forked'>, row: Row): Row | null => {
  if (row['session_id'] !== data.sessionId || row['org'] !== entry.commit.stream.org) return null
  const call = callThen.safeParse(row)
  const own = call.success ? settledByFork(call.data, data) : null
  if (own === null) return null
  return { status: own.status, result: toJsonb({ text: own.text }), settled_at: toTimestamp(data.at) }
}

const callThen = z.object({
  id: z.string(),
  status: z.enum(['requested', 'begun', 'refused', ...toolOutcome.options]),
  server: z.string().nullable().default(null),
  tool: z.string().nullable().default(null),
  effect: z.string().nullable().default(null),
})

const changeOf = ({ entry, event }: EventAt): Row | null => {
  const { stream } = entry.commit
  const at = toTimestamp(entry.commit.at)
  switch (event.type) {
    case 'session.tool_call_requested': {
      const { toolCallId, executionId, turn, name, server, tool, effect, arguments: input } = event.data
      const call = {
        execution_id: executionId,
        turn,
        name,
        server,
        tool,
        effect,
        arguments: input === null ? null : toJsonb(input),
        status: 'requested',
      }
      return { org: stream.org, id: toolCallId, session_id: stream.id, requested_at: at, ...call }
    }
    case 'session.tool_call_refused': {
      const { toolCallId, executionId, turn, name, code, message } = event.data
      const call = {
        execution_id: executionId,
        turn,
        name,
        status: 'refused',
        result: toJsonb({ text: message, code }),
      }
      return { org: stream.org, id: toolCallId, session_id: stream.id, requested_at: at, settled_at: at, ...call }
    }
    case 'session.tool_call_begun':
      return { org: stream.org, id: event.data.toolCallId, status: 'begun', attempts: event.data.attempt, begun_at: at }
    case 'session.tool_call_recorded': {
      const { toolCallId, outcome, content, durationMs, late } = event.data
      const settled = { status: outcome, result: toJsonb(content), duration_ms: durationMs, settled_at: at }
      return { org: stream.org, id: toolCallId, ...settled, ...(late === true && { late: 'true' }) }
    }
    default:
      return null
  }
}
