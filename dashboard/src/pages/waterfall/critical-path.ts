// What the end of the session hung on: back from its end, always by what ended last before.
import type { WaterfallBar } from '../../../../projections/waterfall-view.ts'
import { barsBelow } from './rows.ts'
import { type Span, spanOf } from './spans.ts'

interface Part extends Span {
  readonly bar: WaterfallBar
}

/** The stretches of each bar that lie on the path; bars without one are not in it. */
export const criticalPath = (bars: readonly WaterfallBar[], now: number): ReadonlyMap<string, readonly Span[]> => {
  const below = barsBelow(bars)
  const path = new Map<string, Span[]>()
  const add = (id: string, from: number, to: number): void => {
    if (from < to) path.set(id, [{ from, to }, ...(path.get(id) ?? [])])
  }
  const walk = ({ bar, from, to }: Part): void => {
    const parts = (below.get(bar.id) ?? [])
      .map((part) => ({ bar: part, ...spanOf(part, now) }))
      .sort((a, b) => b.to - a.to || b.from - a.from)
    let until = to
    for (const part of parts) {
      // What was still going on then is not what was waited for.
      if (part.to > until || part.to <= from || part.from >= part.to) continue
      walk(part)
      until = Math.max(part.from, from)
    }
    add(bar.id, from, to)
  }
  for (const bar of below.get('') ?? []) walk({ bar, ...spanOf(bar, now) })
  return path
}
