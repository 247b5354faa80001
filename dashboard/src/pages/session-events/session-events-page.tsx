// The events of one session, and the session as it stood after any of them.
import { Button, Grid, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useCallback } from 'react'
import { addressIn, org } from '../../api/org.ts'
import { problemOf } from '../../api/patience.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { GoesOnFrom } from '../../parts/goes-on-from.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { SessionTabs } from '../../parts/session-tabs.tsx'
import { CausationTree } from '../events/causation-tree.tsx'
import { EventFilters } from '../events/event-filters.tsx'
import { EventJson } from '../events/event-json.tsx'
import { readEvents } from '../events/event-list.ts'
import { sessionOf, versionOf } from '../events/event-names.ts'
import type { SessionEventsSearch, Shown } from '../events/events-search.ts'
import { FoundEvents } from '../events/found-events.tsx'
import type { StoredEvent } from '../events/stored-event.ts'
import { ChainStatus } from './chain-status.tsx'
import { StateChanges } from './state-changes.tsx'
import { type SessionAtVersion, useNow, useThen } from './use-version.ts'
import { VersionSlider } from './version-slider.tsx'

const ForkHere = lazy(async () => ({ default: (await import('./fork-here.tsx')).ForkHere }))

const route = getRouteApi('/sessions/$id/events')

const parts: readonly { readonly value: Shown; readonly label: string }[] = [
  { value: 'changes', label: 'State' },
  { value: 'event', label: 'JSON' },
  { value: 'causes', label: 'Causation' },
]

export const SessionEventsPage = () => {
  const { id } = route.useParams()
  const now = useNow(id)
  const problem = problemOf(now)
  if (now.data === undefined)
    return problem === null ? <Text c="dimmed">Opening …</Text> : <ProblemAlert error={problem} />
  return <SessionEvents key={id} id={id} now={now.data} />
}

interface SessionEventsProps {
  readonly id: string
  readonly now: SessionAtVersion
}

const SessionEvents = ({ id, now }: SessionEventsProps) => {
  const search = route.useSearch()
  const { show = 'changes', at: _, tail = false, ...rest } = search
  const filters = { order: 'asc' as const, ...rest }
  const navigate = route.useNavigate()
  const fork = now.session?.fork ?? null
  const at = Math.min(search.at ?? now.version, now.version)
  const then = useThen(id, at)
  const before = useThen(id, at - 1)
  const [forking, form] = useDisclosure(false)
  const change = useCallback(
    (changes: { readonly [K in keyof SessionEventsSearch]?: SessionEventsSearch[K] | undefined }): void => {
      void navigate({ search: (old) => withoutAbsent({ ...old, ...changes }), replace: true })
    },
    [navigate],
  )
  const goTo = useCallback((version: number) => change({ at: version }), [change])
  const openEvent = useCallback(
    (event: StoredEvent): void => {
      const session = sessionOf(event)
      const { logsequence: open, id: eventId } = event
      if (session === id) change({ at: versionOf(event) })
      else if (session === null) void navigate({ to: '/events', search: { open, event: eventId } })
      else void navigate({ to: '/sessions/$id/events', params: { id: session }, search: { at: versionOf(event) } })
    },
    [change, id, navigate],
  )
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Group gap="sm">
          <PageTitle>{`Events of ${now.session?.title ?? id}`}</PageTitle>
        </Group>
        <Group gap="xs">
          <CopyButton
            value={addressIn(new URL(`/sessions/${id}/events?at=${at}`, window.location.origin), org).href}
            label="Copy link"
          />
          <Button size="compact-sm" variant="light" onClick={form.open}>
            Fork from here
          </Button>
        </Group>
      </Group>
      <SessionTabs id={id} />
      <ChainStatus id={id} hash={now.hash} />
      <GoesOnFrom fork={fork} view="events" />
      <VersionSlider at={at} max={now.version} ready={then.data?.version === at} onChange={goTo} />
      <EventFilters filters={{ ...filters, ...(tail && { tail }) }} onChange={change} ofSession />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }} order={{ base: 1, md: 2 }}>
          <Stack gap="xs">
            <SegmentedControl
              size="xs"
              data={[...parts]}
              value={show}
              onChange={(value) => change({ show: parts.find((part) => part.value === value)?.value })}
              aria-label="What is shown of the version"
            />
            <ProblemAlert error={problemOf(then)} />
            {then.data !== undefined && (
              <VersionParts
                show={show}
                then={then.data}
                before={at === 1 ? null : before.data}
                now={now}
                id={id}
                onOpen={openEvent}
              />
            )}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }} order={{ base: 2, md: 1 }}>
          <FoundEvents
            filter={{ ...filters, session: id, ...(fork !== null && { inherited: 'true' }) }}
            tail={tail}
            isOpen={(event) => sessionOf(event) === id && versionOf(event) === at}
            onOpen={openEvent}
            onTurn={(order) => change({ order })}
          />
        </Grid.Col>
      </Grid>
      {forking && (
        <Suspense>
          <ForkHere
            session={{ id, title: now.session?.title ?? id, version: now.version }}
            at={at}
            onClose={form.close}
          />
        </Suspense>
      )}
    </Stack>
  )
}

const withoutAbsent = (search: Readonly<Record<string, unknown>>): SessionEventsSearch =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))

interface VersionPartsProps {
  readonly id: string
  readonly show: Shown
  readonly before: SessionAtVersion | null | undefined
  readonly then: SessionAtVersion
  readonly now: SessionAtVersion
  readonly onOpen: (event: StoredEvent) => void
}

const VersionParts = ({ id, show, before, then, now, onOpen }: VersionPartsProps) => {
  const { sequence, version } = then
  const commit = useQuery({
    queryKey: ['commit', sequence],
    // The state is read from the log itself, which the read model of its events may be behind.
    queryFn: () => readEvents({ since: sequence - 1, after: sequence, order: 'asc', limit: 1 }),
    enabled: show !== 'changes',
    staleTime: Number.POSITIVE_INFINITY,
  })
  const event = commit.data?.items.find((each) => sessionOf(each) === id && versionOf(each) === version)
  switch (show) {
    case 'changes':
      return <StateChanges before={before} then={then} now={now} />
    case 'event':
      return event === undefined ? <ProblemAlert error={problemOf(commit)} /> : <EventJson event={event} />
    case 'causes':
      return event === undefined ? (
        <ProblemAlert error={problemOf(commit)} />
      ) : (
        <CausationTree event={event} onOpen={onOpen} />
      )
    default:
      return show satisfies never
  }
}
