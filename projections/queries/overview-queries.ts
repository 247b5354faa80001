// How an org stands: what runs and waits now, and what came and how fast it went since a moment.
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { alertsProjection } from '../alerts.ts'
import { liveSchemaOf } from '../projection.ts'
import { sessionsProjection } from '../sessions.ts'
import type { Tables } from '../tables.ts'
import { arrivals } from './alert-queries.ts'

const count = z.coerce.number().int()
const duration = z.object({
  /** Sessions it is of. */
  count,
  medianMs: z.number().nullable(),
  p95Ms: z.number().nullable(),
})

export const overviewFigures = z.object({
  /** `completed`, `failed` and `cancelled` count sessions that started since `from`; the others as they stand. */
  sessions: z.object({
    queued: count,
    running: count,
    waiting: count,
    completed: count,
    failed: count,
    cancelled: count,
  }),
  /** Since `from`: `in` is each time a firing alert was heard of, which opened a session or joined one. */
  alerts: z.object({ in: count, opened: count, joined: count, resolved: count, firing: count }),
  /** From its start, of sessions that started since `from`. */
  toFirstFinding: duration,
  toDone: duration,
  /** From `from` to now in equal parts, the oldest first. */
  buckets: z.array(
    z.object({ from: z.string(), opened: count, joined: count, started: count, completed: count, failed: count }),
  ),
})
export type OverviewFigures = Readonly<z.infer<typeof overviewFigures>>

export const bucketCount = 24

const sessionRow = z.object({
  ...overviewFigures.shape.sessions.shape,
  found: count,
  found_median: z.number().nullable(),
  found_p95: z.number().nullable(),
  done: count,
  done_median: z.number().nullable(),
  done_p95: z.number().nullable(),
})
const bucketRow = z.object({ bucket: count, kind: z.string(), count })

export interface OverviewRequest {
  readonly org: string
  readonly from: string
  readonly now: string
}

const sessionsTable = sql.raw(`${liveSchemaOf(sessionsProjection)}.sessions`)
const alertsTable = sql.raw(`${liveSchemaOf(alertsProjection)}.alerts`)
const arrivalsTable = sql.raw(arrivals)
const percentile = (share: number, of: string) =>
  sql.raw(
    `round((1000 * percentile_cont(${share}) WITHIN GROUP (ORDER BY extract(epoch FROM ${of})))::numeric)::float8`,
  )
const toFinding = 'CASE WHEN since THEN first_finding_at - started_at END'
const toEnd = "CASE WHEN since AND status = 'completed' THEN ended_at - started_at END"

export const getOverview = async (
  db: Kysely<Tables>,
  { org, from, now }: OverviewRequest,
): Promise<OverviewFigures> => {
  const partMs = (Date.parse(now) - Date.parse(from)) / bucketCount
  const bucket = (at: string) =>
    sql`LEAST(${bucketCount - 1}, floor(extract(epoch FROM ${sql.raw(at)} - ${from}::timestamptz) * 1000 / ${partMs}::float8))::int4`
  const [sessions, came, firing, parts] = await Promise.all([
    sql`
      SELECT count(*) FILTER (WHERE status = 'queued') AS queued,
        count(*) FILTER (WHERE status IN ('running', 'summarizing')) AS running,
        count(*) FILTER (WHERE waiting) AS waiting,
        count(*) FILTER (WHERE since AND status = 'completed') AS completed,
        count(*) FILTER (WHERE since AND status = 'failed') AS failed,
        count(*) FILTER (WHERE since AND status = 'cancelled') AS cancelled,
        count(${sql.raw(toFinding)}) AS found, ${percentile(0.5, toFinding)} AS found_median, ${percentile(0.95, toFinding)} AS found_p95,
        count(${sql.raw(toEnd)}) AS done, ${percentile(0.5, toEnd)} AS done_median, ${percentile(0.95, toEnd)} AS done_p95
      FROM (
        SELECT status, waiting, started_at, first_finding_at, ended_at, started_at >= ${from} AS since FROM ${sessionsTable}
        WHERE org = ${org} AND kind <> 'replay'
          AND (started_at >= ${from} OR waiting OR status IN ('queued', 'running', 'summarizing'))) AS session`.execute(
      db,
    ),
    sql`SELECT 0 AS bucket, kind, count(*) FROM ${arrivalsTable} WHERE org = ${org} AND at >= ${from} GROUP BY kind`.execute(
      db,
    ),
    sql`SELECT count(*) FROM ${alertsTable} WHERE org = ${org} AND status = 'firing'`.execute(db),
    sql`
      SELECT ${bucket('at')} AS bucket, kind, count(*) FROM ${arrivalsTable}
      WHERE org = ${org} AND at >= ${from} AND kind <> 'resolved' GROUP BY 1, 2
      UNION ALL
      SELECT ${bucket('started_at')}, CASE WHEN status IN ('completed', 'failed') THEN status ELSE 'started' END, count(*)
      FROM ${sessionsTable} WHERE org = ${org} AND kind <> 'replay' AND started_at >= ${from} GROUP BY 1, 2`.execute(
      db,
    ),
  ])
  const { found, found_median, found_p95, done, done_median, done_p95, ...standing } = sessionRow.parse(
    sessions.rows[0],
  )
  const arrived = z.array(bucketRow).parse(came.rows)
  const all = z.array(bucketRow).parse(parts.rows)
  const of = (rows: typeof all, kind: string): number =>
    rows.reduce((sum, each) => (each.kind === kind ? sum + each.count : sum), 0)
  const opened = of(arrived, 'opened')
  const joined = of(arrived, 'joined')
  return {
    sessions: standing,
    alerts: {
      in: opened + joined,
      opened,
      joined,
      resolved: of(arrived, 'resolved'),
      firing: z.object({ count }).parse(firing.rows[0]).count,
    },
    toFirstFinding: { count: found, medianMs: found_median, p95Ms: found_p95 },
    toDone: { count: done, medianMs: done_median, p95Ms: done_p95 },
    buckets: Array.from({ length: bucketCount }, (_, index) => {
      const rows = all.filter((each) => each.bucket === index)
      const [completed, failed] = [of(rows, 'completed'), of(rows, 'failed')]
      return {
        from: new Date(Date.parse(from) + index * partMs).toISOString(),
        opened: of(rows, 'opened'),
        joined: of(rows, 'joined'),
        // However they stand now.
        started: of(rows, 'started') + completed + failed,
        completed,
        failed,
      }
    }),
  }
}
