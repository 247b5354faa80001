// The events that the filters find, in a list that grows; where something would move, what is new waits to be asked for.
import { Button, Group, Text } from '@mantine/core'
import { type RefObject, useCallback, useMemo, useRef, useState } from 'react'
import { problemOf } from '../../api/patience.ts'
import { curlOf } from '../../parts/curl.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { type EventFilter, useEventList } from './event-list.ts'
import { EventRows } from './event-rows.tsx'
import type { StoredEvent } from './stored-event.ts'

interface FoundEventsProps {
  readonly filter: EventFilter
  readonly tail: boolean
  readonly isOpen: (event: StoredEvent) => boolean
  readonly onOpen: (event: StoredEvent) => void
  /** The list in the other order begins with its end: nothing in between is read. */
  readonly onTurn: (order: 'asc' | 'desc') => void
}

export const FoundEvents = (props: FoundEventsProps) => {
  // One object for the same filters: what is read hangs on it.
  const text = JSON.stringify(props.filter)
  const filter = useMemo(() => JSON.parse(text) as EventFilter, [text])
  const turned = useRef(false)
  return <ListedEvents key={text} {...props} filter={filter} turned={turned} />
}

interface ListedEventsProps extends FoundEventsProps {
  /** By this very list: the keyboard goes on in it. */
  readonly turned: RefObject<boolean>
}

const ListedEvents = ({ filter, tail, isOpen, onOpen, onTurn, turned }: ListedEventsProps) => {
  const list = useEventList(filter)
  const { rows: read, fresh, isPending, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list
  const latestFirst = filter.order !== 'asc'
  const [asked, setAsked] = useState(0)
  const shown = tail || !latestFirst ? fresh.length : Math.min(asked, fresh.length)
  const rows = useMemo(() => {
    const come = fresh.slice(0, shown)
    if (latestFirst) return [...come.toReversed(), ...read]
    return hasNextPage ? read : [...read, ...come]
  }, [fresh, shown, latestFirst, hasNextPage, read])
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const waiting = fresh.length - shown
  const toEnd = (): void => {
    turned.current = true
    onTurn(latestFirst ? 'asc' : 'desc')
  }
  return (
    <div>
      <ProblemAlert error={problemOf(list)} />
      <Group gap="xs" mih={28}>
        <Text size="sm" c="dimmed" role="status">
          {isPending ? 'Reading …' : `${rows.length}${hasNextPage ? ' and more' : ''}`}
        </Text>
        {waiting > 0 && (
          <Button size="compact-sm" variant="light" onClick={() => setAsked(fresh.length)}>
            {waiting} new
          </Button>
        )}
        {hasNextPage && (
          <Button size="compact-sm" variant="subtle" onClick={toEnd} title="In the other order (End)">
            {latestFirst ? 'To the oldest' : 'To the latest'}
          </Button>
        )}
      </Group>
      {!isPending && rows.length === 0 && !hasNextPage ? (
        <EmptyState
          what="No event is like that. A session would write some:"
          curl={curlOf('/v1/sessions', { title: 'Why is the disk of db-1 full?' })}
        />
      ) : (
        <EventRows
          rows={rows}
          isOpen={isOpen}
          onOpen={onOpen}
          hasMore={hasNextPage && !isFetchNextPageError}
          isReading={isFetchingNextPage}
          readMore={more}
          onEnd={hasNextPage ? toEnd : undefined}
          turned={turned}
          session={filter.session}
        />
      )}
    </div>
  )
}
