// Which forks have not ended and share a session's history, by the copy of the log: what cannot go on when it is erased.
import { z } from 'zod'
import { cloudEventsOf } from '../schemas/commit-codec.ts'
import { type OrgId, type SessionId, sessionId } from '../schemas/ids.ts'
import { auditProjection } from './audit.ts'
import type { Sql } from './database.ts'
import { liveSchemaOf } from './projection.ts'

const commits = `${liveSchemaOf(auditProjection)}.commits`

const found = z.object({ id: sessionId, payload: z.string(), ended: z.boolean() })
const forked = z.object({ from: z.object({ sessionId }) })

/** Forks of its forks, too. To be asked when the copy has caught up with the log. @throws DatabaseUnavailable (retryable). */
export const forksAtWork = async (sql: Sql, org: OrgId, source: SessionId): Promise<readonly SessionId[]> => {
  const atWork: SessionId[] = []
  const seen = new Set<SessionId>([source])
  for (let sources: readonly SessionId[] = [source]; sources.length > 0; ) {
    const rows = await sql.query(
      `SELECT stream AS id, payload, EXISTS (
         SELECT FROM ${commits} AS later
         WHERE later.stream = fork.stream AND later.org = fork.org AND 'session.ended' = ANY(later.types)
       ) AS ended
       FROM ${commits} AS fork
       WHERE org = $1 AND category = 'session' AND error IS NULL AND 'session.forked' = ANY(types)
         AND EXISTS (SELECT FROM unnest($2::text[]) AS source (id) WHERE position(source.id in payload) > 0)
       ORDER BY sequence`,
      [org, sources],
    )
    const forks = rows
      .map((row) => found.parse(row))
      .filter(({ id, payload }) => !seen.has(id) && sources.includes(sourceOf(payload)))
    for (const { id } of forks) seen.add(id)
    atWork.push(...forks.filter(({ ended }) => !ended).map(({ id }) => id))
    sources = forks.map(({ id }) => id)
  }
  return atWork
}

const sourceOf = (payload: string): SessionId => forked.parse(cloudEventsOf(payload)[0]?.data).from.sessionId
