// Rows as COPY reads them: the fastest way into a table, for rows that cannot be there yet.
import { toText } from './postgres-text.ts'

/** Columns in the order given; an array is a `text[]`. */
export const copyText = <Column extends string>(
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, string | number | readonly string[] | null>>[],
): string => rows.map((row) => `${columns.map((column) => field(row[column])).join('\t')}\n`).join('')

const field = (value: string | number | readonly string[] | null): string => {
  if (value === null) return '\\N'
  if (typeof value === 'number') return String(value)
  return escaped(typeof value === 'string' ? value : `{${value.map(quoted).join(',')}}`)
}

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

const escaped = (text: string): string => {
  const taken = toText(text)
  return special.test(taken)
    ? taken.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
    : taken
}
const special = /[\\\t\n\r]/
