// The bars as rows of a tree: each below the one it belongs to, what is folded left out.
import type { WaterfallBar } from '../../../../projections/waterfall-view.ts'
import type { ShownBar } from './inherited-bars.ts'

export interface Row {
  readonly bar: ShownBar
  /** 0 for the session. */
  readonly depth: number
  /** Bars right below it, shown or folded. */
  readonly parts: number
}

export const rowsOf = (bars: readonly ShownBar[], folded: ReadonlySet<string>): readonly Row[] => {
  const below = barsBelow(bars)
  const rows: Row[] = []
  const add = (bar: ShownBar, depth: number): void => {
    const parts = below.get(bar.id) ?? []
    rows.push({ bar, depth, parts: parts.length })
    if (!folded.has(bar.id)) for (const part of parts) add(part, depth + 1)
  }
  for (const bar of below.get('') ?? []) add(bar, 0)
  return rows
}

/** By the bar they belong to; those without one under ''. */
export const barsBelow = <B extends WaterfallBar>(bars: readonly B[]): ReadonlyMap<string, readonly B[]> => {
  const known = new Set(bars.map(({ id }) => id))
  return Map.groupBy(bars, ({ parent }) => (parent !== null && known.has(parent) ? parent : ''))
}
