// One row per question about a session: who asked what, what was answered, by which calls and at what cost.
import { type ChatView, changedQuestion, chatView, mayConcernChat } from './chat-view.ts'
import type { Sql } from './database.ts'
import type { LogEntry } from './log-reader.ts'
import { toJsonb } from './postgres-text.ts'
import { commitsOf, type Projection } from './projection.ts'

export const chatProjection: Projection = {
  name: 'chat',
  version: 1,
  tableNames: ['chat'],
  sessionColumn: { chat: 'session_id' },
  tables: `
    CREATE TABLE IF NOT EXISTS chat (
      org text NOT NULL,
      session_id text NOT NULL,
      number int8 NOT NULL,
      document jsonb NOT NULL,
      last_sequence int8 NOT NULL,
      PRIMARY KEY (org, session_id, number)
    );`,
  apply: async (sql, entries) => {
    const commits = commitsOf(entries, 'session').filter(({ commit }) => commit.events.some(mayConcernChat))
    if (commits.length === 0) return
    const views = await load(sql, commits)
    const changed = new Map<string, ChatView>()
    for (const { commit, sequence } of commits) {
      const own = [...views.values()].filter(({ org, sessionId: id }) => keyOf(commit.stream) === keyOf({ org, id }))
      // It is being applied again: whatever it led to is there already.
      if (own.some((view) => view.sequence >= sequence)) continue
      for (const event of commit.events) {
        const view = changedQuestion([...views.values()], event, commit)
        if (view === null) continue
        views.set(keyOf(view), view)
        changed.set(keyOf(view), view)
      }
    }
    if (changed.size > 0) await store(sql, [...changed.values()])
  },
}

const keyOf = ({ org, id }: Pick<ChatView, 'org' | 'id'>): string => `${org}/${id}`

/** Every question of the sessions concerned: their number is the next one's, and late results come after an answer. */
const load = async (sql: Sql, commits: readonly LogEntry[]): Promise<Map<string, ChatView>> => {
  const streams = commits.map(({ commit }) => commit.stream)
  const sessions = [...new Map(streams.map((stream) => [keyOf(stream), stream])).values()]
  const rows = await sql.query(
    `SELECT document FROM chat JOIN unnest($1::text[], $2::text[]) AS wanted (o, s) ON org = o AND session_id = s`,
    [sessions.map(({ org }) => org), sessions.map(({ id }) => id)],
  )
  return new Map(rows.map(({ document }) => chatView.parse(document)).map((view) => [keyOf(view), view]))
}

const store = async (sql: Sql, views: readonly ChatView[]): Promise<void> => {
  const rows = views.map((view) => ({
    org: view.org,
    session_id: view.sessionId,
    number: view.number,
    document: view,
    last_sequence: view.sequence,
  }))
  await sql.query(
    `INSERT INTO chat (org, session_id, number, document, last_sequence)
     SELECT org, session_id, number, document, last_sequence
     FROM jsonb_to_recordset($1::jsonb) AS row (org text, session_id text, number int8, document jsonb, last_sequence int8)
     ON CONFLICT (org, session_id, number) DO UPDATE SET document = EXCLUDED.document, last_sequence = EXCLUDED.last_sequence
     WHERE chat.last_sequence < EXCLUDED.last_sequence`,
    [toJsonb(rows)],
  )
}
