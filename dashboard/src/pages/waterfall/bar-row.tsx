// One row: the bar's name at its depth, and its stretches of time in the part that is looked at.
import { memo } from 'react'
import type { WaterfallBar } from '../../../../projections/waterfall-view.ts'
import { amountOf, type ColourBy, shadeOf, toneOf } from './bar-shade.ts'
import { barInWords } from './bar-words.ts'
import type { ShownBar } from './inherited-bars.ts'
import { type Segment, type Span, segmentsOf } from './spans.ts'
import classes from './waterfall.module.css'

export const rowHeight = 24

interface BarRowProps {
  readonly id: string
  readonly bar: ShownBar
  readonly depth: number
  readonly parts: number
  readonly folded: boolean
  readonly active: boolean
  readonly from: number
  readonly to: number
  readonly origin: number
  readonly now: number
  readonly width: number
  readonly top: number
  readonly by: ColourBy
  readonly most: number
  /** Its part of the critical path; null when that is not shown. */
  readonly path: readonly Span[] | null
  readonly onFold: (id: string) => void
  readonly onOpen: (id: string) => void
}

export const BarRow = memo((props: BarRowProps) => {
  const { id, bar, depth, parts, folded, active, from, to, origin, now, width, top, by, most, path } = props
  const scale = width / (to - from)
  const words = barInWords(bar, origin, now)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree as a whole has the focus and the keys.
    // biome-ignore lint/a11y/useFocusableInteractive: the tree names the active row.
    <div
      id={id}
      role="treeitem"
      aria-level={depth + 1}
      aria-label={words}
      aria-selected={active}
      {...(parts > 0 && { 'aria-expanded': !folded })}
      className={classes['row'] ?? ''}
      data-active={active}
      data-inherited={bar.inherited !== undefined}
      data-off-path={path !== null && path.length === 0}
      style={{ transform: `translateY(${top}px)` }}
      title={words}
      onClick={() => props.onOpen(bar.id)}
    >
      <span className={classes['label']} style={{ paddingInlineStart: depth * 12 }}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: Left and Right do the same. */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above. */}
        <span
          className={classes['fold']}
          onClick={(event) => {
            event.stopPropagation()
            if (parts > 0) props.onFold(bar.id)
          }}
        >
          {parts === 0 ? '' : folded ? '▸' : '▾'}
        </span>
        <span className={classes['kind']} data-kind={bar.kind} />
        {bar.name}
        {folded && parts > 0 && ` (${parts})`}
      </span>
      <svg className={classes['bars']} height={rowHeight} width={width} aria-hidden="true">
        {segmentsOf(bar, now)
          .filter((segment) => segment.to >= from && segment.from <= to)
          .map((segment) => (
            <rect
              key={`${segment.kind}${segment.from}`}
              className={classes[segment.kind]}
              {...place(segment, from, scale, width)}
              y={5}
              height={rowHeight - 10}
              rx={2}
              data-tone={toneOf(bar)}
              data-shade={by === 'status' ? undefined : shadeOf(amountOf(bar, by), most)}
            />
          ))}
        {isMoment(bar) && (
          <circle
            className={classes['moment']}
            cx={(Date.parse(bar.askedAt) - from) * scale}
            cy={12}
            r={3}
            data-tone={toneOf(bar)}
          />
        )}
        {path?.map((span) => (
          <rect
            key={span.from}
            className={classes['path']}
            {...place(span, from, scale, width)}
            y={rowHeight - 4}
            height={3}
          />
        ))}
      </svg>
    </div>
  )
})
BarRow.displayName = 'BarRow'

/** It began and ended at once: there is nothing to draw but that it was. */
const isMoment = ({ askedAt, endedAt }: WaterfallBar): boolean => askedAt === endedAt

/** Never too narrow to be seen, never wider than what is shown. */
const place = ({ from, to }: Span | Segment, start: number, scale: number, width: number) => {
  const x = Math.max(-2, (from - start) * scale)
  return { x, width: Math.max(2, Math.min(width + 2, (to - start) * scale) - x) }
}
