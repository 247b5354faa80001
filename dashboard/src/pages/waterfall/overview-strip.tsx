// The whole session in one strip: how much went on at once, and the part that is looked at. Drag to look at another.
import { useElementSize } from '@mantine/hooks'
import { type PointerEvent, useMemo, useState } from 'react'
import type { WaterfallBar } from '../../../../projections/waterfall-view.ts'
import { activityOf, moved, type Span, within } from './spans.ts'
import classes from './waterfall.module.css'

interface OverviewStripProps {
  readonly bars: readonly WaterfallBar[]
  readonly whole: Span
  readonly span: Span
  readonly now: number
  readonly onSpan: (span: Span) => void
}

const height = 44
const buckets = 300

/** A click that moved no further than this is a click. */
const slip = 4

export const OverviewStrip = ({ bars, whole, span, now, onSpan }: OverviewStripProps) => {
  const { ref, width } = useElementSize<HTMLDivElement>()
  const [brushed, setBrushed] = useState<{ readonly from: number; readonly to: number } | null>(null)
  const outline = useMemo(() => {
    const activity = activityOf(bars, whole, buckets, now)
    const most = Math.max(1, ...activity)
    const points = activity.map(
      (open, index) =>
        `${index},${height - (open / most) * (height - 4)} ${index + 1},${height - (open / most) * (height - 4)}`,
    )
    return `0,${height} ${points.join(' ')} ${buckets},${height}`
  }, [bars, whole, now])

  const length = whole.to - whole.from
  const x = (time: number): number => ((time - whole.from) / length) * width
  const place = ({ clientX, currentTarget }: PointerEvent): number =>
    clientX - currentTarget.getBoundingClientRect().left
  const done = (at: number): void => {
    if (brushed === null) return
    // Where it is let go, not where it was last drawn.
    const [left, right] = [Math.min(brushed.from, at), Math.max(brushed.from, at)]
    const timeAt = (px: number): number => whole.from + (px / width) * length
    const isClick = right - left < slip
    const centre = timeAt(left) - (span.from + span.to) / 2
    onSpan(
      isClick
        ? moved(whole, span, centre / (span.to - span.from))
        : within(whole, { from: timeAt(left), to: timeAt(right) }),
    )
    setBrushed(null)
  }
  return (
    <div
      ref={ref}
      className={classes['strip']}
      aria-hidden="true"
      data-testid="overview-strip"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setBrushed({ from: place(event), to: place(event) })
      }}
      onPointerMove={(event) => brushed !== null && setBrushed({ ...brushed, to: place(event) })}
      onPointerUp={(event) => done(place(event))}
      onPointerCancel={() => setBrushed(null)}
      onDoubleClick={() => onSpan(whole)}
    >
      <svg width="100%" height={height} aria-hidden="true">
        <svg
          viewBox={`0 0 ${buckets} ${height}`}
          preserveAspectRatio="none"
          width="100%"
          height={height}
          aria-hidden="true"
        >
          <polygon className={classes['activity']} points={outline} />
        </svg>
        <rect className={classes['unseen']} x={0} width={Math.max(0, x(span.from))} height={height} />
        <rect className={classes['unseen']} x={x(span.to)} width={Math.max(0, width - x(span.to))} height={height} />
        {brushed !== null && (
          <rect
            className={classes['brush']}
            x={Math.min(brushed.from, brushed.to)}
            width={Math.abs(brushed.to - brushed.from)}
            height={height}
          />
        )}
      </svg>
    </div>
  )
}
