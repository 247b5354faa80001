// One row per thing a person is asked: the question, how long it waits, and who answered what.
import { z } from 'zod'
import { actor } from '../schemas/actor.ts'
import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import { inputQuestion, recordedAnswer } from '../schemas/session-inputs.ts'
import type { Sql } from './database.ts'
import { toJsonb, toTimestamp } from './postgres-text.ts'
import { type EventAt, eventsOf, type Projection } from './projection.ts'

export const inputStatus = z.enum(['open', 'answered', 'expired', 'withdrawn'])
export const inputKind = z.enum(['tool_approval', 'question', 'budget', 'elicitation'])

export const inputView = z.object({
  org: z.string(),
  id: z.string(),
  sessionId: z.string(),
  kind: inputKind,
  status: inputStatus,
  question: inputQuestion,
  requestedAt: z.string(),
  /** Nobody answered by then: the cautious answer is taken. */
  expiresAt: z.string(),
  answer: recordedAnswer.nullable(),
  answeredBy: actor.nullable(),
  /** When it was answered, expired or was withdrawn. */
  closedAt: z.string().nullable(),
  sequence: z.int(),
})
export type InputView = Readonly<z.infer<typeof inputView>>

export const inputsProjection: Projection = {
  name: 'inputs',
  version: 1,
  tableNames: ['inputs'],
  sessionColumn: { inputs: 'session_id' },
  tables: `
    CREATE TABLE IF NOT EXISTS inputs (
      org text NOT NULL,
      id text NOT NULL,
      session_id text NOT NULL,
      kind text NOT NULL,
      status text NOT NULL,
      question jsonb NOT NULL,
      requested_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      answer jsonb,
      answered_by jsonb,
      closed_at timestamptz,
      last_sequence int8 NOT NULL,
      PRIMARY KEY (org, id)
    );
    CREATE INDEX IF NOT EXISTS inputs_open ON inputs (org, session_id) WHERE status = 'open';`,
  indexes: `
    CREATE INDEX IF NOT EXISTS inputs_latest ON inputs (org, requested_at DESC, id DESC);`,
  apply: async (sql, entries) => {
    const events = eventsOf(entries, 'session').filter(({ event }) => concernsInputs(event))
    if (events.length === 0) return
    // What is closed changes no more: the open ones are all there is to know.
    const views = await loadOpen(sql, events)
    const changed = new Map<string, InputView>()
    for (const { event, entry } of events) {
      for (const view of changedInputs([...views.values()], event, entry.commit)) {
        views.set(keyOf(view), view)
        changed.set(keyOf(view), view)
      }
    }
    if (changed.size > 0) await store(sql, [...changed.values()])
  },
}

/** The inputs that an event opens or closes, as they are after it. */
export const changedInputs = (
  known: readonly InputView[],
  event: RecordedEvent,
  commit: Commit,
): readonly InputView[] => {
  const { org, id: sessionId } = commit.stream
  const open = known.filter((view) => view.status === 'open' && view.org === org && view.sessionId === sessionId)
  const closed = (id: string | null, change: Pick<InputView, 'status'> & Partial<InputView>): readonly InputView[] =>
    open
      .filter((view) => id === null || view.id === id)
      .map((view) => ({ ...view, ...change, closedAt: toTimestamp(commit.at), sequence: commit.sequence }))
  switch (event.type) {
    case 'session.input_requested': {
      const { inputId, question, expiresAt } = event.data
      const asked = { id: inputId, kind: question.kind, status: 'open', question } as const
      const times = { requestedAt: toTimestamp(commit.at), expiresAt: toTimestamp(expiresAt), closedAt: null }
      return [{ org, sessionId, ...asked, ...times, answer: null, answeredBy: null, sequence: commit.sequence }]
    }
    case 'session.input_answered': {
      const { inputId, answer, by } = event.data
      return closed(inputId, { status: 'answered', answer, answeredBy: by })
    }
    case 'session.input_expired':
      return closed(event.data.inputId, { status: 'expired' })
    case 'session.input_withdrawn':
      return closed(event.data.inputId, { status: 'withdrawn' })
    case 'session.ended':
      return closed(null, { status: 'withdrawn' })
    default:
      return []
  }
}

const concernsInputs = ({ type }: RecordedEvent): boolean =>
  type === 'session.input_requested' ||
  type === 'session.input_answered' ||
  type === 'session.input_expired' ||
  type === 'session.input_withdrawn' ||
  type === 'session.ended'

const keyOf = ({ org, id }: Pick<InputView, 'org' | 'id'>): string => `${org}/${id}`

const columns =
  'id, session_id AS "sessionId", kind, status, question, requested_at AS "requestedAt", expires_at AS "expiresAt", answer, answered_by AS "answeredBy", closed_at AS "closedAt", last_sequence AS sequence'

const loadOpen = async (sql: Sql, events: readonly EventAt[]): Promise<Map<string, InputView>> => {
  const streams = events.map(({ entry }) => entry.commit.stream)
  const sessions = [...new Map(streams.map((stream) => [keyOf(stream), stream])).values()]
  const rows = await sql.query(
    `SELECT org, ${columns} FROM inputs JOIN unnest($1::text[], $2::text[]) AS wanted (o, s) ON org = o AND session_id = s
     WHERE status = 'open'`,
    [sessions.map(({ org }) => org), sessions.map(({ id }) => id)],
  )
  return new Map(rows.map((row) => inputView.parse(row)).map((view) => [keyOf(view), view]))
}

/** A row that has seen a later commit stays as it is: an old one is being applied again. */
const store = async (sql: Sql, views: readonly InputView[]): Promise<void> => {
  const rows = views.map(({ sessionId, requestedAt, expiresAt, answeredBy, closedAt, sequence, ...view }) => ({
    ...view,
    session_id: sessionId,
    requested_at: requestedAt,
    expires_at: expiresAt,
    answered_by: answeredBy,
    closed_at: closedAt,
    last_sequence: sequence,
  }))
  await sql.query(
    `INSERT INTO inputs (org, id, session_id, kind, status, question, requested_at, expires_at, answer, answered_by,
       closed_at, last_sequence)
     SELECT org, id, session_id, kind, status, question, requested_at, expires_at, answer, answered_by, closed_at,
       last_sequence
     FROM jsonb_to_recordset($1::jsonb) AS row (org text, id text, session_id text, kind text, status text, question jsonb,
       requested_at timestamptz, expires_at timestamptz, answer jsonb, answered_by jsonb, closed_at timestamptz,
       last_sequence int8)
     ON CONFLICT (org, id) DO UPDATE SET status = EXCLUDED.status, answer = EXCLUDED.answer,
       answered_by = EXCLUDED.answered_by, closed_at = EXCLUDED.closed_at, last_sequence = EXCLUDED.last_sequence
     WHERE inputs.last_sequence < EXCLUDED.last_sequence`,
    [toJsonb(rows)],
  )
}
