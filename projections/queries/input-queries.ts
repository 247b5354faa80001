// What people are and were asked, as the API serves it.
import type { Kysely } from 'kysely'
import { type InputView, inputView } from '../inputs.ts'
import { toText } from '../postgres-text.ts'
import type { InputRow, Tables } from '../tables.ts'
import { earlierThan } from './conditions.ts'
import { type Page, pageOf } from './cursor.ts'

export interface InputFilter {
  readonly org: string
  /** Any of these; none means all. */
  readonly status?: readonly string[] | undefined
  readonly kind?: readonly string[] | undefined
  readonly sessionId?: string | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

export const listInputs = async (db: Kysely<Tables>, filter: InputFilter): Promise<Page<InputView>> => {
  let query = db.selectFrom('inputs').selectAll().where('org', '=', filter.org)
  if (filter.status !== undefined && filter.status.length > 0)
    query = query.where('status', 'in', filter.status.map(toText))
  if (filter.kind !== undefined && filter.kind.length > 0) query = query.where('kind', 'in', filter.kind.map(toText))
  if (filter.sessionId !== undefined) query = query.where('session_id', '=', toText(filter.sessionId))
  if (filter.cursor !== undefined) query = query.where(earlierThan('requested_at', filter.cursor))
  const rows = await query
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
    .execute()
  return pageOf(rows, filter.limit, toView, ({ requested_at, id }) => [requested_at, id])
}

export const getInput = async (db: Kysely<Tables>, org: string, id: string): Promise<InputView | null> => {
  const row = await db
    .selectFrom('inputs')
    .selectAll()
    .where('org', '=', org)
    .where('id', '=', toText(id))
    .executeTakeFirst()
  return row === undefined ? null : toView(row)
}

const toView = (row: InputRow): InputView =>
  inputView.parse({
    ...row,
    sessionId: row.session_id,
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    answeredBy: row.answered_by,
    closedAt: row.closed_at,
    sequence: row.last_sequence,
  })
