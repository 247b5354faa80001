// Opaque cursors: where a page ended, so that the next one starts there whatever has come in between.
import { z } from 'zod'
import { InvalidCursor } from '../projection-errors.ts'

/** A time and an id: where a list ordered by them ended. */
export const timeCursor = z.tuple([
  z.iso.datetime().refine((time) => !time.startsWith('0000')),
  z.string().refine((id) => !id.includes('\u0000')),
])
/** A log sequence. */
export const sequenceCursor = z.tuple([z.int().nonnegative()])
/** A log sequence and a position within its commit. */
export const eventCursor = z.tuple([z.int().nonnegative(), z.int().min(-1_000_000).max(1_000_000)])

export const encodeCursor = (values: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url')

/** @throws InvalidCursor. */
export const decodeCursor = <T>(text: string, shape: z.ZodType<T>): T => {
  const parsed = shape.safeParse(jsonOf(Buffer.from(text, 'base64url').toString('utf8')))
  if (!parsed.success) throw new InvalidCursor()
  return parsed.data
}

/** @returns undefined, which is no cursor, when it is no JSON. */
const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export interface Page<T> {
  readonly items: readonly T[]
  /** Cursor of the next page; null on the last. */
  readonly next: string | null
}

/** Cuts a result that was asked for with one row too many. */
export const pageOf = <Row, T>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => T,
  cursor: (row: Row) => readonly (string | number)[],
): Page<T> => {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items: items.map(view), next: rows.length > limit && last !== undefined ? encodeCursor(cursor(last)) : null }
}
