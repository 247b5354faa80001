// What a fork shares, as bars above its own: those of its sources as they stood where it was forked, moved on in time so that nothing lies between.
import type { Waterfall, WaterfallBar } from '../../../../projections/waterfall-view.ts'

export interface ShownBar extends WaterfallBar {
  /** Absent: the bar is the session's own. */
  readonly inherited?: {
    /** Where it happened. */
    readonly sessionId: string
    /** With its id there, and when it really was. */
    readonly bar: WaterfallBar
    /** It was under way where the fork began. */
    readonly open: boolean
  }
}

/** As it stood at a version. */
export interface Source {
  readonly sessionId: string
  readonly waterfall: Waterfall
}

/** `sources`: the first one first. `start`: when the fork began. */
export const inheritedBars = (sources: readonly Source[], start: string): readonly ShownBar[] => {
  const parts: (readonly ShownBar[])[] = []
  let next = Date.parse(start)
  for (const source of sources.toReversed()) {
    const { until, bars } = source.waterfall
    const later = next - Date.parse(until)
    parts.unshift(bars.map((bar) => moved(bar, source, later)))
    next = Date.parse(bars[0]?.askedAt ?? until) + later
  }
  return parts.flat()
}

/** How long nothing happened between the end of what is shared and the fork, over all of them. */
export const leftOut = (sources: readonly Source[], start: string): number => {
  const starts = [...sources.slice(1).map(({ waterfall }) => waterfall.bars[0]?.askedAt ?? waterfall.until), start]
  return sources.reduce(
    (sum, { waterfall: { until } }, index) => sum + Date.parse(starts[index] ?? until) - Date.parse(until),
    0,
  )
}

const moved = (told: WaterfallBar, { sessionId, waterfall: { until } }: Source, later: number): ShownBar => {
  const bar = {
    ...told,
    endedAt: told.endedAt ?? until,
    waits: told.waits.map((wait) => ({ ...wait, to: wait.to ?? until })),
  }
  const move = (at: string): string => new Date(Date.parse(at) + later).toISOString()
  return {
    ...bar,
    // A child session is the same one in source and fork.
    id: `${sessionId} ${bar.id}`,
    parent: bar.parent && `${sessionId} ${bar.parent}`,
    askedAt: move(bar.askedAt),
    startedAt: bar.startedAt && move(bar.startedAt),
    endedAt: move(bar.endedAt),
    waits: bar.waits.map((wait) => ({ ...wait, from: move(wait.from), to: move(wait.to) })),
    inherited: { sessionId, bar, open: told.endedAt === null },
  }
}
