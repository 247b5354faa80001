// The log of the org: every event there is, searched, followed as it grows, and opened one by one.
import { Drawer, SegmentedControl, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import { problemOf } from '../../api/patience.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { CausationTree } from './causation-tree.tsx'
import { EventFilters } from './event-filters.tsx'
import { EventJson } from './event-json.tsx'
import { readEvents } from './event-list.ts'
import { shortType } from './event-names.ts'
import type { EventsSearch } from './events-search.ts'
import { FoundEvents } from './found-events.tsx'
import type { StoredEvent } from './stored-event.ts'

const route = getRouteApi('/events')

export const EventsPage = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { open: sequence, event: id, tail = false, ...rest } = search
  const { order = 'desc' } = rest
  const change = useCallback(
    (changes: { readonly [K in keyof EventsSearch]?: EventsSearch[K] | undefined }): void => {
      void navigate({ search: (before) => withoutAbsent({ ...before, ...changes }) })
    },
    [navigate],
  )
  const open = ({ logsequence, id: opened }: StoredEvent): void => change({ open: logsequence, event: opened })
  return (
    <Stack gap="sm">
      <PageTitle>Events</PageTitle>
      <EventFilters filters={{ ...rest, ...(tail && { tail }) }} onChange={change} ofSession={false} />
      <FoundEvents
        filter={{ ...rest, order }}
        tail={tail}
        isOpen={(event) => event.id === id}
        onOpen={open}
        onTurn={(next) => change({ order: next })}
      />
      <OpenEvent
        sequence={sequence}
        id={id}
        onOpen={open}
        onClose={() => change({ open: undefined, event: undefined })}
      />
    </Stack>
  )
}

const withoutAbsent = (search: Readonly<Record<string, unknown>>): EventsSearch =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))

interface OpenEventProps {
  readonly sequence: number | undefined
  readonly id: string | undefined
  readonly onOpen: (event: StoredEvent) => void
  readonly onClose: () => void
}

const OpenEvent = ({ sequence, id, onOpen, onClose }: OpenEventProps) => {
  const [part, setPart] = useState('JSON')
  const answer = useQuery({
    queryKey: ['commit', sequence],
    queryFn: () => readEvents({ since: (sequence ?? 1) - 1, order: 'asc', limit: 1 }),
    enabled: sequence !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const { data } = answer
  const event = data?.items.find((each) => each.id === id) ?? data?.items[0]
  return (
    <Drawer
      opened={sequence !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={event === undefined ? 'Event' : `${shortType(event.type)} · ${event.logsequence}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <ProblemAlert error={problemOf(answer)} />
      {event !== undefined && (
        <Stack gap="sm">
          <SegmentedControl size="xs" data={['JSON', 'Causation']} value={part} onChange={setPart} />
          {part === 'JSON' ? <EventJson event={event} /> : <CausationTree event={event} onOpen={onOpen} />}
        </Stack>
      )}
    </Drawer>
  )
}
