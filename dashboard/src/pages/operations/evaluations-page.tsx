// Runs of evaluation cases: what was wanted, what came of it, what it took.
import { Button, Group, List, NativeSelect, Stack, Table, Text, TextInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { answerOf, api } from '../../api/client.ts'
import { problemOf } from '../../api/patience.ts'
import { AnchorLink } from '../../parts/anchor-link.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import type { EvaluationsSearch } from './operations-search.ts'
import { PartTitle } from './part-title.tsx'
import { WideTable } from './wide-table.tsx'

const route = getRouteApi('/operations/evaluations')

export const EvaluationsPage = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { passed, ...names } = search
  const answer = useInfiniteQuery({
    queryKey: ['evaluations', search],
    queryFn: ({ pageParam }) =>
      answerOf(
        api.GET('/v1/evaluations', {
          params: {
            query: {
              ...names,
              ...(passed !== undefined && { passed }),
              limit: 100,
              ...(pageParam !== null && { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })
  const { data, hasNextPage, fetchNextPage } = answer
  const runs = data?.pages.flatMap(({ items }) => items)
  const change = (name: keyof EvaluationsSearch, value: string): void =>
    void navigate({
      search: ({ [name]: _, ...rest }: EvaluationsSearch) => (value === '' ? rest : { ...rest, [name]: value }),
    })
  const words = (name: 'case' | 'tag', label: string) => (
    <TextInput
      key={search[name] ?? ''}
      size="xs"
      aria-label={label}
      placeholder={label}
      defaultValue={search[name] ?? ''}
      onBlur={({ currentTarget: { value } }) => value.trim() !== (search[name] ?? '') && change(name, value.trim())}
      onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
    />
  )
  return (
    <Stack gap="sm">
      <PartTitle of="Evaluations" />
      <Group gap="xs">
        {words('case', 'Case')}
        {words('tag', 'Tag')}
        <NativeSelect
          size="xs"
          aria-label="How it went"
          value={passed ?? ''}
          data={[
            { value: '', label: 'Passed or not' },
            { value: 'true', label: 'Passed' },
            { value: 'false', label: 'Not passed' },
          ]}
          onChange={({ currentTarget: { value } }) => change('passed', value)}
        />
        {runs !== undefined && (
          <Text size="sm" c="dimmed" role="status">
            {runs.filter((run) => run.passed).length} of {runs.length} passed
          </Text>
        )}
      </Group>
      <ProblemAlert error={problemOf(answer)} />
      {runs?.length === 0 ? (
        <EmptyState what="No run of a case. This runs the cases of a folder:" curl="npx casebook eval cases/" />
      ) : (
        <WideTable
          label="Evaluations"
          minWidth={640}
          heads={['Case', 'Result', 'What did not hold', '#Cost', '#Tokens', 'Session', 'When']}
        >
          {runs?.map((run) => (
            <Table.Tr key={run.sequence}>
              <Table.Td>
                {run.case} ({run.run}, {run.tools} tools)
              </Table.Td>
              <Table.Td>
                <StatusBadge status={run.passed ? 'passed' : 'failed'} />
              </Table.Td>
              <Table.Td>
                <List size="xs">
                  {run.checks
                    .filter((check) => !check.passed)
                    .map(({ kind, wanted, found }) => (
                      <List.Item key={`${kind} ${wanted}`}>
                        {kind.replaceAll('_', ' ')}: {wanted}
                        {found !== '' && `, found ${found.slice(0, 160)}`}
                      </List.Item>
                    ))}
                </List>
              </Table.Td>
              <Table.Td ta="right">${(run.costMicros / 1e6).toFixed(3)}</Table.Td>
              <Table.Td ta="right">{run.tokens}</Table.Td>
              <Table.Td>
                <AnchorLink to="/sessions/$id" params={{ id: run.sessionId }} size="sm">
                  Open
                </AnchorLink>
              </Table.Td>
              <Table.Td>
                <Moment at={run.at} />
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
    </Stack>
  )
}
