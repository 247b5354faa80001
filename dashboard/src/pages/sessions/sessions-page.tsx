// All sessions: searched, filtered, live, ten thousand of them as smooth as ten.
import { Button, Group, Stack, Text } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { ListFacets } from '../../lists/list-facets.tsx'
import { ListLayout } from '../../lists/list-layout.tsx'
import { LiveRows } from '../../lists/live-rows.tsx'
import { SavedViews } from '../../lists/saved-views.tsx'
import { SearchWords } from '../../lists/search-words.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { curlOf } from '../../parts/curl.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { filterOf, queryOf } from './session-filter.ts'
import { useSessionFacets, useSessionList } from './session-list.ts'
import { SessionRow } from './session-row.tsx'
import { readSessionsSearch, type SessionsSearch } from './sessions-search.ts'

const CancelMany = lazy(async () => ({ default: (await import('./cancel-many.tsx')).CancelMany }))

const route = getRouteApi('/sessions')
const firstViews = [
  { name: 'All', search: {} },
  { name: 'Under way', search: { status: 'queued,running,summarizing' } },
  { name: 'Waiting for a person', search: { waiting: 'true' } },
  { name: 'Failed today', search: { status: 'failed', from: '24h' } },
  { name: 'Inconclusive', search: { outcome: 'inconclusive' } },
] as const

const narrowedBy = [
  { field: 'status', name: 'Status', pick: 'several' },
  { field: 'waiting', name: 'Waiting for a person', pick: 'yes' },
  { field: 'severity', name: 'Severity', pick: 'several' },
  { field: 'kind', name: 'Kind', pick: 'several' },
  { field: 'chain', name: 'Chain', pick: 'one' },
  { field: 'outcome', name: 'Outcome', pick: 'one' },
] as const

export const SessionsPage = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const list = useSessionList(search)
  const facets = useSessionFacets(search)
  const [cancelling, setCancelling] = useState(false)
  const set = Object.keys(search).length
  const show = (next: SessionsSearch, replace = false): void => void navigate({ search: next, replace })

  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Group gap="sm">
          <PageTitle>Sessions</PageTitle>
          <Text size="sm" c="dimmed" role="status">
            {facets.data && `${facets.data.total.toLocaleString('en')}${facets.data.capped ? '+' : ''}`}
          </Text>
        </Group>
        <Group gap="xs">
          <Button component={Link} to="/sessions/new" size="compact-sm">
            Start a session
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setCancelling(true)}>
            Cancel these …
          </Button>
          <CopyButton value={curlOf(`/v1/sessions?${queryOf(filterOf(search))}`)} label="Copy as curl" />
        </Group>
      </Group>
      <Group gap="xs">
        <SearchWords
          label="Search sessions"
          placeholder="Words of a session  ( / )"
          value={search.text ?? ''}
          onChange={(text) => {
            const { text: _, ...rest } = search
            show(text === '' ? rest : { ...rest, text }, true)
          }}
        />
        <SavedViews list="sessions" first={firstViews} now={search} read={readSessionsSearch} onChoose={show} />
      </Group>
      <ListLayout
        set={set}
        facets={
          <ListFacets
            when="Started"
            of={narrowedBy}
            search={search}
            facets={facets.data?.facets ?? {}}
            onChange={(changes) => show(readSessionsSearch({ ...search, ...changes }))}
          />
        }
      >
        <LiveRows
          name="Sessions"
          list={list}
          row={(session) => <SessionRow session={session} />}
          onOpen={({ id }) => void navigate({ to: '/sessions/$id', params: { id } })}
          none={
            set > 0
              ? { what: 'No session is like that.' }
              : {
                  what: 'No session yet. This starts one:',
                  curl: curlOf('/v1/sessions', { title: 'Why is the disk of db-1 full?' }),
                }
          }
        />
      </ListLayout>
      {cancelling && (
        <Suspense>
          <CancelMany search={search} onClose={() => setCancelling(false)} />
        </Suspense>
      )}
    </Stack>
  )
}
