// The rows: only those in sight are drawn, and one of them is where the keyboard is.

import { useMergedRef } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type RefCallback, useCallback, useEffect, useRef } from 'react'
import { BarRow, rowHeight } from './bar-row.tsx'
import type { ColourBy } from './bar-shade.ts'
import { duration } from './bar-words.ts'
import type { Row } from './rows.ts'
import { middleOf, moved, reaching, type Span, spanOf, ticksOf, zoomed } from './spans.ts'
import classes from './waterfall.module.css'

interface WaterfallChartProps {
  readonly rows: readonly Row[]
  readonly folded: ReadonlySet<string>
  readonly whole: Span
  readonly span: Span
  readonly now: number
  readonly by: ColourBy
  readonly most: ReadonlyMap<string, number>
  /** Null: not shown. */
  readonly path: ReadonlyMap<string, readonly Span[]> | null
  /** When the fork began, and the forks it comes from. */
  readonly borders: readonly number[]
  readonly active: number
  /** Measures the width that bars have. */
  readonly area: RefCallback<HTMLDivElement>
  readonly width: number
  readonly onActive: (index: number) => void
  readonly onOpen: (id: string) => void
  readonly onFold: (id: string) => void
  readonly onSpan: (span: Span) => void
}

const nothing: readonly Span[] = []

export const WaterfallChart = (props: WaterfallChartProps) => {
  const { rows, folded, whole, span, now, by, most, path, borders, active, area, width } = props
  const { onActive, onOpen, onFold, onSpan } = props
  const window = useRef<HTMLDivElement>(null)
  const axis = useRef<HTMLDivElement>(null)
  const measured = useMergedRef(axis, area)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => window.current,
    estimateSize: () => rowHeight,
    // What a fork shares stands above it.
    initialOffset: () => active * rowHeight,
    overscan: 6,
  })
  const activate = (index: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, index))
    onActive(next)
    virtual.scrollToIndex(next)
    const bar = rows[next]?.bar
    if (bar !== undefined) onSpan(reaching(whole, span, spanOf(bar, now)))
  }
  const page = Math.max(1, Math.floor((window.current?.clientHeight ?? 0) / rowHeight) - 1)

  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act = actionOf(event)
    if (act === undefined) return
    event.preventDefault()
    act()
  }
  const actionOf = ({ key, shiftKey }: KeyboardEvent): (() => void) | undefined => {
    const row = rows[active]
    if (row === undefined) return undefined
    const { bar, parts } = row
    const isOpen = parts > 0 && !folded.has(bar.id)
    switch (key) {
      case 'ArrowDown':
      case 'j':
        return () => activate(active + 1)
      case 'ArrowUp':
      case 'k':
        return () => activate(active - 1)
      case 'PageDown':
        return () => activate(active + page)
      case 'PageUp':
        return () => activate(active - page)
      case 'Home':
        return () => activate(0)
      case 'End':
        return () => activate(rows.length - 1)
      case 'ArrowRight':
        if (shiftKey) return () => onSpan(moved(whole, span, 0.25))
        return () => (parts > 0 && !isOpen ? onFold(bar.id) : activate(active + (isOpen ? 1 : 0)))
      case 'ArrowLeft':
        if (shiftKey) return () => onSpan(moved(whole, span, -0.25))
        return () => (isOpen ? onFold(bar.id) : activate(rows.findIndex((each) => each.bar.id === bar.parent)))
      case '+':
      case '=':
        // The bar the keyboard is at stays in sight.
        return () => onSpan(zoomed(whole, span, 0.5, middleOf(spanOf(bar, now), span)))
      case '-':
        return () => onSpan(zoomed(whole, span, 2))
      case '0':
        return () => onSpan(whole)
      case 'Enter':
        return () => onOpen(bar.id)
      default:
        return undefined
    }
  }

  // React listens to the wheel passively: the page would scroll as well.
  const wheeled = useCallback(
    (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      const box = axis.current?.getBoundingClientRect()
      if (box === undefined || box.width === 0) return
      const at = span.from + ((event.clientX - box.left) / box.width) * (span.to - span.from)
      onSpan(zoomed(whole, span, event.deltaY > 0 ? 1.25 : 0.8, at))
    },
    [whole, span, onSpan],
  )
  useEffect(() => {
    const element = window.current
    element?.addEventListener('wheel', wheeled, { passive: false })
    return () => element?.removeEventListener('wheel', wheeled)
  }, [wheeled])

  const ticks = ticksOf(span, whole.from, Math.max(2, Math.floor(width / 110)))
  const scale = width / (span.to - span.from)
  const shown = rows[active]
  return (
    <div className={classes['chart']}>
      <div className={classes['axis']} aria-hidden="true">
        <span />
        <div ref={measured}>
          {ticks.map((tick) => (
            <span key={tick} style={{ transform: `translateX(${(whole.from + tick - span.from) * scale}px)` }}>
              {duration(tick)}
            </span>
          ))}
        </div>
      </div>
      <div
        ref={window}
        className={classes['window']}
        role="tree"
        aria-label="Where the time went"
        tabIndex={0}
        {...(shown !== undefined && { 'aria-activedescendant': rowId(shown.bar.id) })}
        onKeyDown={pressed}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]
            if (row === undefined) return null
            const { bar, depth, parts } = row
            return (
              <BarRow
                key={bar.id}
                id={rowId(bar.id)}
                bar={bar}
                depth={depth}
                parts={parts}
                folded={folded.has(bar.id)}
                active={index === active}
                from={span.from}
                to={span.to}
                origin={whole.from}
                // What has ended does not change as time goes by.
                now={bar.endedAt === null ? now : 0}
                width={width}
                top={start}
                by={by}
                most={most.get(bar.kind) ?? 0}
                path={path === null ? null : (path.get(bar.id) ?? nothing)}
                onFold={onFold}
                onOpen={onOpen}
              />
            )
          })}
          {borders
            .filter((border) => border >= span.from && border <= span.to)
            .map((border) => (
              <div
                key={border}
                className={classes['border']}
                style={{ transform: `translateX(${(border - span.from) * scale}px)` }}
              />
            ))}
        </div>
      </div>
    </div>
  )
}

const rowId = (id: string): string => `bar-${id}`
