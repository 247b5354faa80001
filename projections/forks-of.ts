// Which sessions share a session's history, by the copy of the log: none of them can be without it.
import { z } from 'zod'
import { cloudEventsOf } from '../schemas/commit-codec.ts'
import type { SharingFork } from '../schemas/fork.ts'
import { type OrgId, type SessionId, sessionId } from '../schemas/ids.ts'
import { auditProjection } from './audit.ts'
import type { Sql } from './database.ts'
import { liveSchemaOf } from './projection.ts'

const commits = `${liveSchemaOf(auditProjection)}.commits`

const found = z.object({ id: sessionId, payload: z.string(), ended: z.boolean() })
const forked = z.object({ from: z.object({ sessionId }) })

/** Forks of its forks, too, each after what it was forked from. To be asked when the copy has caught up with the log. @throws DatabaseUnavailable (retryable). */
export const forksOf = async (sql: Sql, org: OrgId, source: SessionId): Promise<readonly SharingFork[]> => {
  const all = new Map<SessionId, SharingFork>()
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
      .filter(({ id, payload }) => id !== source && !all.has(id) && sources.includes(sourceOf(payload)))
    for (const { id, ended } of forks) all.set(id, { id, ended })
    sources = forks.map(({ id }) => id)
  }
  return [...all.values()]
}

const sourceOf = (payload: string): SessionId => forked.parse(cloudEventsOf(payload)[0]?.data).from.sessionId
