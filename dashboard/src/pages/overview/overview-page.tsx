// How things stand, at a glance; every number leads to what it counts.
import { Anchor, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answerOf, api } from '../../api/client.ts'
import { useOpenInputs } from '../../api/open-inputs.ts'
import { curlOf } from '../../parts/curl.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Moment } from '../../parts/moment.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'

const tiles = [
  { label: 'Running', status: 'queued,running,summarizing' },
  { label: 'Completed', status: 'completed' },
  { label: 'Failed', status: 'failed' },
] as const

const most = 200

export const OverviewPage = () => {
  const waiting = useOpenInputs()
  const { data } = useQuery({
    queryKey: ['overview', 'latest'],
    queryFn: () => answerOf(api.GET('/v1/sessions', { params: { query: { limit: 8 } } })),
    refetchInterval: 5_000,
  })
  return (
    <Stack gap="md">
      <PageTitle>Overview</PageTitle>
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        <Paper withBorder p="md">
          <Anchor component={Link} to="/inputs" underline="never">
            <Text size="xl" fw={700} {...(waiting > 0 && { c: 'orange' })}>
              {waiting}
            </Text>
            <Text size="sm">Waiting for a person</Text>
          </Anchor>
        </Paper>
        {tiles.map((tile) => (
          <Count key={tile.label} {...tile} />
        ))}
      </SimpleGrid>
      <Title order={2} size="h4">
        Latest sessions
      </Title>
      {data?.items.length === 0 && (
        <EmptyState
          what="No session yet. This alert starts one:"
          curl={curlOf('/v1/alerts', { title: 'Disk of db-1 is 97 % full', severity: 'critical' })}
        />
      )}
      {data?.items.map(({ id, title, status, startedAt }) => (
        <Text key={id} size="sm">
          <StatusBadge status={status} />{' '}
          <Anchor component={Link} to="/sessions/$id" params={{ id } as never}>
            {title}
          </Anchor>{' '}
          <Text span c="dimmed">
            <Moment at={startedAt} />
          </Text>
        </Text>
      ))}
    </Stack>
  )
}

interface CountProps {
  readonly label: string
  readonly status: string
}

const Count = ({ label, status }: CountProps) => {
  const { data } = useQuery({
    queryKey: ['overview', status],
    queryFn: () => answerOf(api.GET('/v1/sessions', { params: { query: { status, limit: most } } })),
    refetchInterval: 5_000,
  })
  return (
    <Paper withBorder p="md">
      <Anchor component={Link} to="/sessions" search={{ status } as never} underline="never">
        <Text size="xl" fw={700}>
          {data === undefined ? '–' : `${data.items.length}${data.next === null ? '' : '+'}`}
        </Text>
        <Text size="sm">{label}</Text>
      </Anchor>
    </Paper>
  )
}
