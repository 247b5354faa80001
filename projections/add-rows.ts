// Adds rows that no later event changes: copied into tables that are filled for the first time, else inserted unless they are there.

import { copyText } from './copy-text.ts'
import type { Copy, Sql } from './database.ts'
import { textColumns } from './text-columns.ts'

/** `types` names the columns with what each is; the first is null in no row. */
export const addRows = async <Column extends string>(
  sql: Sql,
  table: string,
  types: Readonly<Record<Column, string>>,
  rows: readonly Readonly<Record<Column, string | number | null>>[],
  copy: Copy | undefined,
): Promise<void> => {
  if (rows.length === 0) return
  const columns = Object.keys(types) as Column[]
  const into = `${table} (${columns.join(', ')})`
  if (copy !== undefined) return copy(into, copyText(columns, rows))
  const { select, values } = textColumns(types, rows)
  await sql.query(`INSERT INTO ${into} ${select} ON CONFLICT DO NOTHING`, values)
}
