// How far the handlers are, over all processes.
import { Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../api/client.ts'
import { problemOf } from '../../api/patience.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { PartTitle } from './part-title.tsx'
import { WideTable } from './wide-table.tsx'

const everyMs = 2_000

export const HandlersPage = () => {
  const answer = useQuery({
    queryKey: ['consumers'],
    queryFn: () => answerOf(api.GET('/v1/consumers')),
    refetchInterval: everyMs,
  })
  const { data } = answer
  const oldest = data?.items
    .map((each) => each.oldest)
    .filter((at) => at !== null)
    .sort()[0]
  return (
    <Stack gap="sm">
      <PartTitle of="Handlers" />
      <ProblemAlert error={problemOf(answer)} />
      {data !== undefined && (
        <Text size="sm" role="status">
          {oldest === undefined ? (
            'Everything is settled.'
          ) : (
            <>
              The oldest that is not settled was written <Moment at={oldest} />.
            </>
          )}
        </Text>
      )}
      {data?.items.length === 0 ? (
        <EmptyState what="No handler has ever run. Start a process with the role handlers." />
      ) : (
        <WideTable
          label="Handlers"
          minWidth={640}
          heads={['Handler', 'Reads', '#Pending', '#In flight', '#Given again', '#Settled up to', 'Oldest']}
        >
          {data?.items.map((each) => (
            <Table.Tr key={`${each.stream} ${each.consumer}`}>
              <Table.Td>{each.consumer}</Table.Td>
              <Table.Td>{each.stream}</Table.Td>
              <Table.Td ta="right">{each.pending}</Table.Td>
              <Table.Td ta="right">{each.inFlight}</Table.Td>
              <Table.Td ta="right">{each.redelivered}</Table.Td>
              <Table.Td ta="right">
                {each.settledUpTo} of {each.head}
              </Table.Td>
              <Table.Td>{each.oldest === null ? '' : <Moment at={each.oldest} />}</Table.Td>
            </Table.Tr>
          ))}
        </WideTable>
      )}
    </Stack>
  )
}
