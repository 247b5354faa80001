// One row per run of an evaluation case that was checked: what was wanted, what came of it, what it took.
import { z } from 'zod'
import { sessionEvaluationEventData } from '../schemas/evaluation.ts'
import { toJsonb, toTimestamp } from './postgres-text.ts'
import { eventsOf, type Projection } from './projection.ts'

export const evaluationView = sessionEvaluationEventData['session.evaluated'].extend({
  sessionId: z.string(),
  at: z.string(),
  /** Log sequence of the commit that holds it. */
  sequence: z.int(),
})
export type EvaluationView = Readonly<z.infer<typeof evaluationView>>

export const evaluationsProjection: Projection = {
  name: 'evaluations',
  version: 1,
  tableNames: ['evaluations'],
  sessionColumn: { evaluations: 'session_id' },
  tables: `
    CREATE TABLE IF NOT EXISTS evaluations (
      org text NOT NULL,
      session_id text NOT NULL,
      sequence int8 NOT NULL,
      at timestamptz NOT NULL,
      case_id text NOT NULL,
      tags text[] NOT NULL,
      passed boolean NOT NULL,
      document jsonb NOT NULL,
      PRIMARY KEY (org, sequence)
    );`,
  apply: async (sql, entries) => {
    const rows = eventsOf(entries, 'session').flatMap(({ entry, event }) => {
      if (event.type !== 'session.evaluated') return []
      const { stream, at } = entry.commit
      const view: EvaluationView = {
        ...event.data,
        sessionId: stream.id,
        at: toTimestamp(at),
        sequence: entry.sequence,
      }
      const { case: case_id, tags, passed, sequence } = view
      return [{ org: stream.org, session_id: stream.id, sequence, at: view.at, case_id, tags, passed, document: view }]
    })
    if (rows.length === 0) return
    await sql.query(
      `INSERT INTO evaluations
       SELECT org, session_id, sequence, at, case_id, ARRAY(SELECT jsonb_array_elements_text(tags)), passed, document
       FROM jsonb_to_recordset($1::jsonb) AS row (org text, session_id text, sequence int8, at timestamptz, case_id text, tags jsonb, passed boolean,
         document jsonb)
       ON CONFLICT DO NOTHING`,
      [toJsonb(rows)],
    )
  },
}
