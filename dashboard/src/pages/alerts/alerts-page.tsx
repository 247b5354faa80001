// Alerts as they came, searched, filtered and live, and the session that looks into each.
import { Button, Group, Stack, Text } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ListFacets } from '../../lists/list-facets.tsx'
import { ListLayout } from '../../lists/list-layout.tsx'
import { LiveRows } from '../../lists/live-rows.tsx'
import { SavedViews } from '../../lists/saved-views.tsx'
import { SearchWords } from '../../lists/search-words.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { curlOf } from '../../parts/curl.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { queryOf } from '../sessions/session-filter.ts'
import { useAlertFacets, useAlertList } from './alert-list.ts'
import { AlertRow } from './alert-row.tsx'
import { type AlertsSearch, filterOf, readAlertsSearch } from './alerts-search.ts'

const route = getRouteApi('/alerts')
const firstViews = [
  { name: 'All', search: {} },
  { name: 'Firing', search: { status: 'firing' } },
  { name: 'Critical', search: { status: 'firing', severity: 'critical' } },
  { name: 'New today', search: { came: 'opened', from: '24h' } },
  { name: 'Joined today', search: { came: 'joined', from: '24h' } },
] as const

const narrowedBy = [
  { field: 'status', name: 'Status', pick: 'one' },
  { field: 'severity', name: 'Severity', pick: 'several' },
  { field: 'source', name: 'Source', pick: 'several' },
  { field: 'session_status', name: 'Session', pick: 'several' },
] as const

export const AlertsPage = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const list = useAlertList(search)
  const facets = useAlertFacets(search)
  const set = Object.keys(search).length
  const show = (next: AlertsSearch, replace = false): void => void navigate({ search: next, replace })
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Group gap="sm">
          <PageTitle>Alerts</PageTitle>
          <Text size="sm" c="dimmed" role="status">
            {facets.data && `${facets.data.total.toLocaleString('en')}${facets.data.capped ? '+' : ''}`}
          </Text>
        </Group>
        <Group gap="xs">
          <Button component={Link} to="/alerts/send" size="compact-sm">
            Send an alert
          </Button>
          <CopyButton value={curlOf(`/v1/alerts?${queryOf(filterOf(search))}`)} label="Copy as curl" />
        </Group>
      </Group>
      <Group gap="xs">
        <SearchWords
          label="Search alerts"
          placeholder="Words of an alert  ( / )"
          value={search.text ?? ''}
          onChange={(text) => {
            const { text: _, ...rest } = search
            show(text === '' ? rest : { ...rest, text }, true)
          }}
        />
        <SavedViews list="alerts" first={firstViews} now={search} read={readAlertsSearch} onChoose={show} />
      </Group>
      <ListLayout
        set={set}
        facets={
          <ListFacets
            when="Heard of"
            of={narrowedBy}
            search={search}
            facets={facets.data?.facets ?? {}}
            onChange={(changes) => show(readAlertsSearch({ ...search, ...changes }))}
          />
        }
      >
        <LiveRows
          name="Alerts"
          list={list}
          row={(alert) => <AlertRow alert={alert} />}
          onOpen={({ id }) => void navigate({ to: '/alerts/$id', params: { id } })}
          none={
            set > 0
              ? { what: 'No alert is like that.' }
              : {
                  what: 'No alert yet. This sends one:',
                  curl: curlOf('/v1/alerts', { title: 'Disk of db-1 is 97 % full', severity: 'critical' }),
                }
          }
        />
      </ListLayout>
    </Stack>
  )
}
