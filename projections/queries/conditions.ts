// The conditions that lists share: all of several, labels, and what comes after a cursor in a list whose latest come first.
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { toJsonb } from '../postgres-text.ts'
import { decodeCursor, timeCursor } from './cursor.ts'

/** What is false is no condition. */
export const allOf = (conditions: readonly (RawBuilder<unknown> | false)[]): RawBuilder<SqlBool> =>
  sql<boolean>`${sql.join(
    conditions.filter((each) => each !== false),
    sql` AND `,
  )}`

/** All of them must match; none are no condition. */
export const hasLabels = (labels: Readonly<Record<string, string>> = {}): RawBuilder<SqlBool> | false =>
  Object.keys(labels).length > 0 && sql`labels @> ${toJsonb(labels)}::jsonb`

/** Of a list ordered by a time and the id. @throws InvalidCursor. */
export const earlierThan = (column: string, cursor: string): RawBuilder<SqlBool> => {
  const [time, id] = decodeCursor(cursor, timeCursor)
  return sql<boolean>`(${sql.ref(column)}, id) < (${time}::timestamptz, ${id})`
}
