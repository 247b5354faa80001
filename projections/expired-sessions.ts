// Sessions whose time is up by a retention policy, found in the read model of sessions.
import { z } from 'zod'
import type { NamedPolicy } from '../domain/retention/rank-policies.ts'
import { type ExpiringSession, expiringSession, type RetentionPreview } from '../schemas/retention.ts'
import type { Sql } from './database.ts'
import { toTimestamp } from './postgres-text.ts'
import { liveSchemaOf } from './projection.ts'
import { sessionsProjection } from './sessions.ts'

/**
 * $1–$4: the policies by rank; the first that fits counts, and a null is kept for ever. $5: the moment. $6: the org, or null for all.
 * A fork cannot be without its source.
 */
const expiring = `
  FROM ${liveSchemaOf(sessionsProjection)}.sessions AS session
  CROSS JOIN LATERAL (SELECT COALESCE(document #>> '{origin,kind}', 'request') AS kind, document ->> 'held' AS held) AS told
  CROSS JOIN LATERAL (
    SELECT each.name, each.days FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[]) WITH ORDINALITY AS each (name, org, kind, days, rank)
    WHERE (each.org IS NULL OR each.org = session.org) AND (each.kind IS NULL OR each.kind = told.kind)
    ORDER BY rank LIMIT 1
  ) AS policy
  WHERE ended_at + policy.days * interval '1 day' <= $5::timestamptz AND ($6::text IS NULL OR session.org = $6)
    AND NOT EXISTS (
      SELECT FROM ${liveSchemaOf(sessionsProjection)}.sessions AS fork
      WHERE fork.org = session.org AND fork.document #>> '{fork,sessionId}' = session.id
    )`

const row = z
  .object({
    org: z.string(),
    id: z.string(),
    title: z.string(),
    kind: z.string(),
    policy: z.string(),
    days: z.number(),
    ended_at: z.string(),
    expires_at: z.string(),
    held: z.string().nullable(),
  })
  .transform(({ days, ended_at, expires_at, ...same }) => ({
    ...same,
    keepDays: days,
    endedAt: ended_at,
    expiresAt: expires_at,
  }))
  .pipe(expiringSession)

/** With those that are held only when asked for. @throws DatabaseUnavailable (retryable). */
export const expiredSessions = async (
  sql: Sql,
  policies: readonly NamedPolicy[],
  { at, org, limit, withHeld }: ExpiredQuery,
): Promise<readonly ExpiringSession[]> => {
  const rows = await sql.query(
    `SELECT session.org, id, title, told.kind, policy.name AS policy, policy.days, ended_at,
            ended_at + policy.days * interval '1 day' AS expires_at, told.held
     ${expiring} AND ($7 OR told.held IS NULL)
     ORDER BY expires_at, id LIMIT $8`,
    [...columnsOf(policies), toTimestamp(at), org, withHeld, limit],
  )
  return rows.map((each) => row.parse(each))
}

export interface ExpiredQuery {
  readonly at: string
  /** Null: of every org. */
  readonly org: string | null
  readonly limit: number
  readonly withHeld: boolean
}

/** What would be erased by `at` in an org, and what a hold keeps. Nothing is changed. @throws DatabaseUnavailable (retryable). */
export const previewRetention = async (
  sql: Sql,
  policies: readonly NamedPolicy[],
  { at, org, limit }: { readonly at: string; readonly org: string; readonly limit: number },
): Promise<RetentionPreview> => {
  const own = policies.filter((policy) => policy.org === undefined || policy.org === org)
  const counted = await sql.query(
    `SELECT policy.name, count(*) FILTER (WHERE told.held IS NULL)::int AS expired,
            count(*) FILTER (WHERE told.held IS NOT NULL)::int AS held
     ${expiring} GROUP BY policy.name`,
    [...columnsOf(own), toTimestamp(at), org],
  )
  const counts = new Map(counted.map((each) => [String(each['name']), count.parse(each)]))
  return {
    at,
    policies: own.map(({ name, org: of, kind, keep_days }) => ({
      name,
      org: of ?? null,
      kind: kind ?? null,
      keepDays: keep_days,
      ...(counts.get(name) ?? { expired: 0, held: 0 }),
    })),
    items: await expiredSessions(sql, own, { at, org, limit, withHeld: true }),
  }
}

const count = z.object({ expired: z.int(), held: z.int() })

const columnsOf = (policies: readonly NamedPolicy[]): readonly unknown[] => [
  policies.map(({ name }) => name),
  policies.map(({ org }) => org ?? null),
  policies.map(({ kind }) => kind ?? null),
  policies.map(({ keep_days }) => (keep_days === 'forever' ? null : keep_days)),
]
