// Rows of a long list: only those in sight are in the page, the next ones are read before they are reached.
import { Loader } from '@mantine/core'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useListKeys } from '../parts/use-list-keys.ts'
import classes from './virtual-rows.module.css'

interface VirtualRowsProps<T> {
  readonly name: string
  readonly rows: readonly T[]
  readonly row: (row: T) => ReactNode
  readonly onOpen: (row: T) => void
  readonly height: number
  readonly more: { readonly hasNext: boolean; readonly isReading: boolean; readonly read: () => void }
}

/** So many rows before the end the next page is asked for. */
const ahead = 80

export const VirtualRows = <T extends { readonly id: string }>({
  name,
  rows,
  row: show,
  onOpen,
  height,
  more,
}: VirtualRowsProps<T>) => {
  const top = useRef<HTMLOListElement>(null)
  const [margin, setMargin] = useState(0)
  // Whatever stands above the list moves it, and may do so at any time.
  useLayoutEffect(() => setMargin(top.current?.offsetTop ?? 0))
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => height,
    overscan: 20,
    scrollMargin: margin,
    getItemKey: (index) => rows[index]?.id ?? index,
  })
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  const { hasNext, isReading, read } = more
  useEffect(() => {
    if (hasNext && !isReading && last > rows.length - ahead) read()
  }, [hasNext, isReading, read, last, rows.length])
  const open = (index: number): void => {
    const chosen = rows[index]
    if (chosen !== undefined) onOpen(chosen)
  }
  const chosen = useListKeys(rows.length, open, (index) => virtual.scrollToIndex(index, { align: 'auto' }))
  return (
    <>
      <ol
        ref={top}
        className={classes['list']}
        aria-label={name}
        style={{ height: virtual.getTotalSize(), position: 'relative' }}
      >
        {shown.map(({ index, start, key }) => {
          const row = rows[index]
          return row === undefined ? null : (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              className={classes['row']}
              data-chosen={index === chosen || undefined}
              style={{ transform: `translateY(${start - margin}px)` }}
            >
              {show(row)}
            </li>
          )
        })}
      </ol>
      {isReading && <Loader size="sm" role="status" aria-label="Reading more" />}
    </>
  )
}
