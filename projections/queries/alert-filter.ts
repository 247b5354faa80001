// Which alerts are meant: the same condition for lists and counts.
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { toText } from '../postgres-text.ts'
import { allOf, hasLabels } from './conditions.ts'

export interface AlertFilter {
  readonly org: string
  /** Any of these. */
  readonly ids?: readonly string[] | undefined
  readonly status?: string | undefined
  /** Any of these; none means all. */
  readonly severity?: readonly string[] | undefined
  readonly source?: readonly string[] | undefined
  /** How the session that looks into it stands. */
  readonly sessionStatus?: readonly string[] | undefined
  /** All of these. */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** As people type it: words, "phrases", -without, or. */
  readonly text?: string | undefined
  /** Heard of at this moment or later, and before `to`, as `came` says: at all, as a new episode, or as one more of it. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly came?: 'opened' | 'joined' | 'resolved' | undefined
}

/** `arrivals` is the table of arrivals, named with its schema. */
export const alertsLike = (filter: AlertFilter, arrivals: string): RawBuilder<SqlBool> => {
  const { severity = [], source = [], sessionStatus = [], from, to, came } = filter
  return allOf([
    sql`alerts.org = ${filter.org}`,
    filter.ids !== undefined && sql`id = ANY(${filter.ids.map(toText)})`,
    filter.status !== undefined && sql`status = ${toText(filter.status)}`,
    severity.length > 0 && sql`severity = ANY(${severity.map(toText)})`,
    source.length > 0 && sql`source = ANY(${source.map(toText)})`,
    sessionStatus.length > 0 && sql`session_status = ANY(${sessionStatus.map(toText)})`,
    hasLabels(filter.labels),
    filter.text !== undefined && sql`search @@ websearch_to_tsquery('simple', ${toText(filter.text)})`,
    (from !== undefined || to !== undefined || came !== undefined) &&
      sql`EXISTS (SELECT FROM ${sql.raw(arrivals)} AS came WHERE ${allOf([
        sql`came.org = alerts.org AND came.alert_id = alerts.id`,
        from !== undefined && sql`came.at >= ${from}`,
        to !== undefined && sql`came.at < ${to}`,
        came !== undefined && sql`came.kind = ${came}`,
      ])})`,
  ])
}
