// All sessions: searched, filtered, live, ten thousand of them as smooth as ten.
import { Anchor, Badge, Box, Button, Chip, Group, Loader, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { Cost } from '../../parts/cost.tsx'
import { curlOf } from '../../parts/curl.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Moment } from '../../parts/moment.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { useListKeys } from '../../parts/use-list-keys.ts'
import { type ListedSession, useSessionList } from './session-list.ts'
import classes from './sessions-page.module.css'

const route = getRouteApi('/sessions')
const statuses = ['queued', 'running', 'summarizing', 'completed', 'failed', 'cancelled'] as const

export const SessionsPage = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const list = useSessionList(search)
  const { rows, hasNextPage, isFetchingNextPage, fetchNextPage } = list
  const top = useRef<HTMLOListElement>(null)
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => 64,
    overscan: 12,
    scrollMargin: top.current?.offsetTop ?? 0,
    getItemKey: (index) => rows[index]?.id ?? index,
  })
  const shown = virtual.getVirtualItems()
  const lastShown = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastShown > rows.length - 30) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, lastShown, rows.length])

  const open = (index: number): void => {
    const row = rows[index]
    if (row !== undefined) void navigate({ to: '/sessions/$id', params: { id: row.id } })
  }
  const chosen = useListKeys(rows.length, open, (index) => virtual.scrollToIndex(index, { align: 'auto' }))
  const setText = useDebouncedCallback((text: string) => {
    void navigate({ search: ({ text: _, ...rest }) => (text === '' ? rest : { ...rest, text }), replace: true })
  }, 250)
  const picked = search.status?.split(',') ?? []

  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <PageTitle>Sessions</PageTitle>
        {list.fresh > 0 && (
          <Button size="compact-sm" variant="light" onClick={() => void list.showFresh()}>
            {list.fresh} new
          </Button>
        )}
      </Group>
      <Group gap="xs">
        <TextInput
          aria-label="Search sessions"
          placeholder="Words of a session  ( / )"
          defaultValue={search.text ?? ''}
          onChange={(event) => setText(event.currentTarget.value.trim())}
          data-search
          w={{ base: '100%', xs: 280 }}
        />
        <Chip.Group
          multiple
          value={picked}
          onChange={(next) =>
            void navigate({
              search: ({ status: _, ...rest }) => (next.length === 0 ? rest : { ...rest, status: next.join(',') }),
            })
          }
        >
          {statuses.map((status) => (
            <Chip key={status} value={status} size="xs">
              {status}
            </Chip>
          ))}
        </Chip.Group>
        {(['chain', 'label'] as const).map((field) =>
          search[field] === undefined ? null : (
            <Badge key={field} variant="outline" tt="none">
              {field}: {search[field]}
            </Badge>
          ),
        )}
      </Group>
      <ProblemAlert error={list.error} />
      {list.isSuccess && rows.length === 0 && (
        <EmptyState
          what={Object.keys(search).length > 0 ? 'No session is like that.' : 'No session yet. This starts one:'}
          {...(Object.keys(search).length === 0 && {
            curl: curlOf('/v1/sessions', { title: 'Why is the disk of db-1 full?' }),
          })}
        />
      )}
      <ol
        ref={top}
        className={classes['list']}
        aria-label="Sessions"
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
              style={{ transform: `translateY(${start - virtual.options.scrollMargin}px)` }}
            >
              <SessionRow session={row} />
            </li>
          )
        })}
      </ol>
      {isFetchingNextPage && <Loader size="sm" aria-label="Reading more" />}
    </Stack>
  )
}

interface SessionRowProps {
  readonly session: ListedSession
}

const SessionRow = ({ session }: SessionRowProps) => {
  const { id, title, status, chain, currentStage, startedAt, severity, cost, simulated, paused, waitingFor } = session
  const waits = waitingFor.length > 0
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <Box miw={0} flex={1}>
        <Anchor component={Link} to="/sessions/$id" params={{ id } as never} fw={500} lineClamp={1}>
          {title}
        </Anchor>
        <Text size="xs" c="dimmed" lineClamp={1}>
          {[
            severity,
            chain,
            currentStage && `${currentStage.name} (${currentStage.number} of ${currentStage.of})`,
            simulated && 'simulated',
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </Box>
      <Group gap="xs" wrap="nowrap">
        {waits && <StatusBadge status="waiting" />}
        {paused && <StatusBadge status="paused" />}
        <StatusBadge status={status} />
        <Box visibleFrom="sm" w={90} ta="right">
          <Cost cost={cost} />
        </Box>
        <Text size="xs" c="dimmed" w={80} ta="right" visibleFrom="xs">
          <Moment at={startedAt} />
        </Text>
      </Group>
    </Group>
  )
}
