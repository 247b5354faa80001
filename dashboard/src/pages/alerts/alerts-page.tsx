// Alerts as they came, and the session that looks into each.
import { Anchor, Button, Stack, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { answerOf, api } from '../../api/client.ts'
import { curlOf } from '../../parts/curl.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Moment } from '../../parts/moment.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'

export const AlertsPage = () => {
  const { data, error, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['alerts'],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/v1/alerts', { params: { query: { limit: 100, ...(pageParam !== null && { cursor: pageParam }) } } }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })
  const alerts = data?.pages.flatMap(({ items }) => items)
  return (
    <Stack gap="sm">
      <PageTitle>Alerts</PageTitle>
      <ProblemAlert error={error} />
      {alerts?.length === 0 ? (
        <EmptyState
          what="No alert yet. This sends one:"
          curl={curlOf('/v1/alerts', { title: 'Disk of db-1 is 97 % full', severity: 'critical' })}
        />
      ) : (
        <Table.ScrollContainer minWidth={480} type="native" tabIndex={0}>
          <Table aria-label="Alerts">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Alert</Table.Th>
                <Table.Th>Severity</Table.Th>
                <Table.Th>Status</Table.Th>
                <Table.Th>Session</Table.Th>
                <Table.Th>Last seen</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {alerts?.map((alert) => (
                <Table.Tr key={alert.id} id={alert.id}>
                  <Table.Td>
                    <Text size="sm">{alert.title}</Text>
                  </Table.Td>
                  <Table.Td>{alert.severity}</Table.Td>
                  <Table.Td>
                    <StatusBadge status={alert.status} />
                  </Table.Td>
                  <Table.Td>
                    {alert.sessionId !== null && (
                      <Anchor component={Link} to="/sessions/$id" params={{ id: alert.sessionId } as never} size="sm">
                        Open
                      </Anchor>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Moment at={alert.lastSeen} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {hasNextPage && (
        <Button variant="subtle" onClick={() => void fetchNextPage()}>
          More
        </Button>
      )}
    </Stack>
  )
}
