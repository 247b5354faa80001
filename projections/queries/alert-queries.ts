// Alerts as the history API serves them.
import type { Kysely } from 'kysely'
import { type AlertView, alertsProjection, alertView } from '../alerts.ts'
import { toText } from '../postgres-text.ts'
import { liveSchemaOf } from '../projection.ts'
import type { AlertRow, Tables } from '../tables.ts'
import { type AlertFilter, alertsLike } from './alert-filter.ts'
import { earlierThan } from './conditions.ts'
import { type Page, pageOf } from './cursor.ts'

export interface AlertPageRequest extends AlertFilter {
  readonly limit: number
  readonly cursor?: string | undefined
}

export const arrivals = `${liveSchemaOf(alertsProjection)}.alert_arrivals`

export const listAlerts = async (db: Kysely<Tables>, filter: AlertPageRequest): Promise<Page<AlertView>> => {
  let query = db.selectFrom('alerts').selectAll().where(alertsLike(filter, arrivals))
  if (filter.cursor !== undefined) query = query.where(earlierThan('last_seen', filter.cursor))
  const rows = await query
    .orderBy('last_seen', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
    .execute()
  return pageOf(rows, filter.limit, toView, ({ last_seen, id }) => [last_seen, id])
}

export const getAlert = async (db: Kysely<Tables>, org: string, id: string): Promise<AlertView | null> => {
  const row = await db
    .selectFrom('alerts')
    .selectAll()
    .where('org', '=', org)
    .where('id', '=', toText(id))
    .executeTakeFirst()
  return row === undefined ? null : toView(row)
}

const toView = (row: AlertRow): AlertView =>
  alertView.parse({
    ...row,
    sessionId: row.session_id,
    sessionStatus: row.session_status,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    sequence: row.last_sequence,
  })
