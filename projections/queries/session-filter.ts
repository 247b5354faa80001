// Which sessions are meant: the same condition for lists, counts and whatever is done to all of them.
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import { toText } from '../postgres-text.ts'
import type { SessionView } from '../session-view.ts'
import { allOf, hasLabels } from './conditions.ts'

export interface SessionFilter {
  readonly org: string
  /** Any of these. */
  readonly ids?: readonly string[] | undefined
  /** Any of these; none means all. */
  readonly status?: readonly string[] | undefined
  readonly outcome?: SessionView['outcome'] | undefined
  readonly chain?: string | undefined
  /** Any of these; none means all. */
  readonly severity?: readonly string[] | undefined
  /** Whether a person is asked for something. */
  readonly waiting?: boolean | undefined
  /** All of these. */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** As people type it: words, "phrases", -without, or. */
  readonly text?: string | undefined
  /** Started at this moment or later, and before `to`. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly alertId?: string | undefined
  /** Any of these; absent leaves out replays. */
  readonly kinds?: readonly SessionKind[] | undefined
  /** Forks and replays of this session. */
  readonly forkOf?: string | undefined
}

/** Replays are experiments: they are no part of what happened. */
export const sessionKind = z.enum(['investigation', 'fork', 'replay'])
export type SessionKind = z.infer<typeof sessionKind>

export const happened: readonly SessionKind[] = ['investigation', 'fork']

export const sessionsLike = (filter: SessionFilter): RawBuilder<SqlBool> => {
  const { status = [], severity = [], kinds = happened } = filter
  return allOf([
    sql`org = ${filter.org}`,
    sql`kind = ANY(${kinds})`,
    filter.ids !== undefined && sql`id = ANY(${filter.ids.map(toText)})`,
    status.length > 0 && sql`status = ANY(${status.map(toText)})`,
    severity.length > 0 && sql`severity = ANY(${severity.map(toText)})`,
    filter.waiting !== undefined && sql`waiting = ${filter.waiting}`,
    filter.forkOf !== undefined && sql`document #>> '{fork,sessionId}' = ${toText(filter.forkOf)}`,
    filter.outcome != null && sql`outcome = ${filter.outcome}`,
    filter.chain !== undefined && sql`chain = ${toText(filter.chain)}`,
    filter.alertId !== undefined && sql`alert_id = ${toText(filter.alertId)}`,
    filter.from !== undefined && sql`started_at >= ${filter.from}`,
    filter.to !== undefined && sql`started_at < ${filter.to}`,
    hasLabels(filter.labels),
    filter.text !== undefined && sql`search @@ websearch_to_tsquery('simple', ${toText(filter.text)})`,
  ])
}
