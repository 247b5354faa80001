// Opaque cursors: where a page ended, so that the next one starts there whatever has come in between.
import { z } from 'zod'
import { InvalidCursor } from '../projection-errors.ts'

export const encodeCursor = (values: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url')

/** @throws InvalidCursor. */
export const decodeCursor = <T extends readonly z.ZodType[]>(text: string, shape: readonly [...T]) => {
  try {
    return z.tuple(shape as never).parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))) as {
      readonly [K in keyof T]: z.infer<T[K]>
    }
  } catch {
    throw new InvalidCursor()
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
