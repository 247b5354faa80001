// The log in a window of its own, a row for each event: ten thousand as smooth as ten.
import { Badge, Loader, Text, UnstyledButton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react'
import { Moment } from '../../parts/moment.tsx'
import { useListKeys } from '../../parts/use-list-keys.ts'
import { actorOf, sessionOf, shortType, versionOf } from './event-names.ts'
import classes from './event-rows.module.css'
import type { StoredEvent } from './stored-event.ts'

interface EventRowsProps {
  readonly rows: readonly StoredEvent[]
  readonly isOpen: (event: StoredEvent) => boolean
  readonly onOpen: (event: StoredEvent) => void
  readonly hasMore: boolean
  readonly isReading: boolean
  readonly readMore: () => void
  /** Goes to the end of what is not read yet; undefined when all is. */
  readonly onEnd: (() => void) | undefined
  /** It takes the place of a list that had the keyboard. */
  readonly turned: RefObject<boolean>
  /** Its events say their version, those of many their stream. */
  readonly session: string | undefined
}

export const EventRows = ({
  rows,
  isOpen,
  onOpen,
  hasMore,
  isReading,
  readMore,
  onEnd,
  turned,
  session,
}: EventRowsProps) => {
  const window = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => window.current,
    estimateSize: () => 48,
    overscan: 12,
    getItemKey: (index) => rows[index]?.id ?? index,
  })
  const shown = virtual.getVirtualItems()
  const lastShown = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && !isReading && lastShown > rows.length - 30) readMore()
  }, [hasMore, isReading, lastShown, readMore, rows.length])
  useEffect(() => {
    if (turned.current) window.current?.focus()
    turned.current = false
  }, [turned])
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'End' || onEnd === undefined) return
    event.preventDefault()
    onEnd()
  }
  const openIndex = rows.findIndex(isOpen)
  useEffect(() => {
    if (openIndex >= 0) virtual.scrollToIndex(openIndex, { align: 'auto' })
  }, [openIndex, virtual])
  const chosen = useListKeys(
    rows.length,
    (index) => {
      const row = rows[index]
      if (row !== undefined) onOpen(row)
    },
    (index) => virtual.scrollToIndex(index, { align: 'auto' }),
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a window that scrolls must be reached by the keyboard.
    <section ref={window} className={classes['window']} aria-label="Events" tabIndex={0} onKeyDown={pressed}>
      <ol className={classes['list']} style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, start, key }) => {
          const event = rows[index]
          if (event === undefined) return null
          const isInherited = session !== undefined && sessionOf(event) !== session
          return (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              data-chosen={index === chosen || undefined}
              data-open={index === openIndex || undefined}
              data-inherited={isInherited || undefined}
              className={classes['row']}
              style={{ transform: `translateY(${start}px)` }}
            >
              <UnstyledButton
                w="100%"
                px="xs"
                py={6}
                onClick={() => onOpen(event)}
                aria-current={index === openIndex || undefined}
              >
                <span className={classes['line']}>
                  <Text span size="xs" c="dimmed" className={classes['number']}>
                    {session === undefined ? event.logsequence : versionOf(event)}
                  </Text>
                  <Text span size="sm" fw={500} truncate>
                    {shortType(event.type)}
                  </Text>
                  <Text span size="xs" c="dimmed" className={classes['time']}>
                    <Moment at={event.time} />
                  </Text>
                </span>
                <span className={classes['line']}>
                  <span className={classes['number']} />
                  <Badge size="xs" variant="outline" color="gray" tt="none" className={classes['actor']}>
                    {actorOf(event)}
                  </Badge>
                  {isInherited && (
                    <Badge
                      size="xs"
                      variant="outline"
                      color="gray"
                      tt="none"
                      title={`It happened in ${sessionOf(event)}`}
                    >
                      inherited
                    </Badge>
                  )}
                  {session === undefined && (
                    <Text span size="xs" c="dimmed" truncate>
                      {event.subject} · {versionOf(event)}
                    </Text>
                  )}
                </span>
              </UnstyledButton>
            </li>
          )
        })}
      </ol>
      {isReading && <Loader size="sm" m="xs" role="status" aria-label="Reading more" />}
    </section>
  )
}
