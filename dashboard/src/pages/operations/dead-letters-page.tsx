// Messages that were parked: why, what they say, and what is to become of them.
import { Anchor, Button, Group, NativeSelect, Stack, Table, Text, TextInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { answerOf, api } from '../../api/client.ts'
import { problemOf } from '../../api/patience.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { LetterDrawer } from './letter-drawer.tsx'
import { type LettersSearch, letterStatuses } from './operations-search.ts'
import { PartTitle } from './part-title.tsx'
import { WideTable } from './wide-table.tsx'

const route = getRouteApi('/operations/dead-letters')
const everyMs = 3_000

export const DeadLettersPage = () => {
  const { letter, ...filter } = route.useSearch()
  const navigate = route.useNavigate()
  const change = (changes: { readonly [K in keyof LettersSearch]?: LettersSearch[K] | undefined }): void => {
    const { status = filter.status, consumer = filter.consumer, letter: id } = changes
    const next = { ...filter, ...(status && { status }), ...(id && { letter: id }) }
    const { consumer: _, ...rest } = next
    void navigate({ search: consumer === undefined || consumer === '' ? rest : { ...rest, consumer } })
  }
  const answer = useInfiniteQuery({
    queryKey: ['dead-letters', filter],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/v1/dead-letters', {
          params: { query: { ...filter, limit: 50, ...(pageParam !== null && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: everyMs,
  })
  const { data, hasNextPage, fetchNextPage } = answer
  const letters = data?.pages.flatMap(({ items }) => items)
  return (
    <Stack gap="sm">
      <PartTitle of="Dead letters" />
      <Group gap="xs">
        <NativeSelect
          size="xs"
          aria-label="Status"
          value={filter.status ?? 'open'}
          data={[...letterStatuses]}
          onChange={({ currentTarget: { value } }) =>
            change({ status: letterStatuses.find((status) => status === value) })
          }
        />
        <TextInput
          key={filter.consumer ?? ''}
          size="xs"
          aria-label="Handler"
          placeholder="Handler  ( / )"
          data-search
          defaultValue={filter.consumer ?? ''}
          onBlur={({ currentTarget: { value } }) => {
            if (value.trim() !== (filter.consumer ?? '')) change({ consumer: value.trim() })
          }}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        />
        <Text size="sm" c="dimmed" role="status">
          {data === undefined ? '' : `${data.pages[0]?.count ?? 0} open`}
        </Text>
      </Group>
      <ProblemAlert error={problemOf(answer)} />
      {letters?.length === 0 ? (
        <EmptyState what="None. What a handler has tried in vain five times is parked here." />
      ) : (
        <WideTable label="Dead letters" minWidth={640} heads={['Handler', 'Why', '#Attempts', 'Status', 'Parked']}>
          {letters?.map(({ id, consumer, error: why, attempts, status, parkedAt }) => (
            <Table.Tr key={id}>
              <Table.Td>{consumer}</Table.Td>
              <Table.Td>
                <Anchor component="button" type="button" size="sm" ta="left" onClick={() => change({ letter: id })}>
                  {why.code}: {why.message.slice(0, 160)}
                </Anchor>
              </Table.Td>
              <Table.Td ta="right">{attempts}</Table.Td>
              <Table.Td>
                <StatusBadge status={status} />
              </Table.Td>
              <Table.Td>
                <Moment at={parkedAt} />
              </Table.Td>
            </Table.Tr>
          ))}
        </WideTable>
      )}
      {hasNextPage && (
        <Button variant="subtle" onClick={() => void fetchNextPage()}>
          More
        </Button>
      )}
      <LetterDrawer id={letter} onClose={() => change({ letter: undefined })} />
    </Stack>
  )
}
