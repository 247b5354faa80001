// A fork of a session, or of one of its forks, that is under a legal hold: by the read model of sessions, where few rows are looked at.
import { z } from 'zod'
import { type OrgId, type SessionId, sessionId } from '../schemas/ids.ts'
import type { Sql } from './database.ts'
import { liveSchemaOf } from './projection.ts'
import { sessionsProjection } from './sessions.ts'

const sessions = `${liveSchemaOf(sessionsProjection)}.sessions`
const found = z.object({ id: sessionId })

/** As old as the read model is. @throws DatabaseUnavailable (retryable). */
export const heldFork = async (sql: Sql, org: OrgId, source: SessionId): Promise<SessionId | null> => {
  const rows = await sql.query(
    `WITH RECURSIVE fork AS (
       SELECT id, document FROM ${sessions} WHERE org = $1 AND document #>> '{fork,sessionId}' = $2
       UNION ALL
       SELECT each.id, each.document FROM fork JOIN ${sessions} AS each
         ON each.org = $1 AND each.document #>> '{fork,sessionId}' = fork.id
     )
     SELECT id FROM fork WHERE document ->> 'held' IS NOT NULL LIMIT 1`,
    [org, source],
  )
  return rows.map((row) => found.parse(row))[0]?.id ?? null
}
