// Is the machinery well: the parts, the read models, the tool servers.
import { Stack, Table, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../api/client.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'

const everyMs = 2_000

export const OperationsPage = () => {
  const projections = useQuery({
    queryKey: ['projections'],
    queryFn: () => answerOf(api.GET('/v1/projections')),
    refetchInterval: everyMs,
  })
  const tools = useQuery({
    queryKey: ['tools'],
    queryFn: () => answerOf(api.GET('/v1/tools')),
    refetchInterval: 5 * everyMs,
  })
  return (
    <Stack gap="md">
      <PageTitle>Operations</PageTitle>
      <ProblemAlert error={projections.error} />
      <section aria-labelledby="projections">
        <Title order={2} size="h4" id="projections">
          Read models
        </Title>
        <Table.ScrollContainer minWidth={420} type="native" tabIndex={0}>
          <Table aria-labelledby="projections">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th ta="right">Position</Table.Th>
                <Table.Th ta="right">Behind</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {projections.data?.items.map(({ name, version, state, position, lag }) => (
                <Table.Tr key={`${name}-${version}`}>
                  <Table.Td>
                    {name} v{version}
                  </Table.Td>
                  <Table.Td>
                    <StatusBadge status={state} />
                  </Table.Td>
                  <Table.Td ta="right">{position}</Table.Td>
                  <Table.Td ta="right">{lag}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </section>
      <section aria-labelledby="tools">
        <Title order={2} size="h4" id="tools">
          Tool servers
        </Title>
        <Table aria-labelledby="tools">
          <Table.Tbody>
            {tools.data?.items.map(({ server, status }) => (
              <Table.Tr key={server}>
                <Table.Td>{server}</Table.Td>
                <Table.Td>
                  <StatusBadge status={status} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </Stack>
  )
}
