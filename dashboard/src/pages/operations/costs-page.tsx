// What models cost, over days, by any two of day, model, agent and chain.
import { Button, Group, NativeSelect, Stack, Table, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { answerOf, api } from '../../api/client.ts'
import { problemOf } from '../../api/patience.ts'
import { costText } from '../../parts/cost.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { CostChart } from './cost-chart.tsx'
import { type CostLine, tokensOf } from './cost-lines.ts'
import { type CostName, type CostsSearch, costNames } from './operations-search.ts'
import { PartTitle } from './part-title.tsx'
import { WideTable } from './wide-table.tsx'

const route = getRouteApi('/operations/costs')
const daysShown = 30

const dayBefore = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

export const CostsPage = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { from = dayBefore(daysShown - 1), to = dayBefore(0), by = 'day', split = 'model', ...only } = search
  const answer = useQuery({
    queryKey: ['costs', from, to, by, split, only],
    queryFn: () => answerOf(api.GET('/v1/costs', { params: { query: { from, to, by, split, ...only } } })),
  })
  const { data } = answer
  const change = (changes: CostsSearch): void => void navigate({ search: (before) => ({ ...before, ...changes }) })
  const without = (name: keyof CostsSearch): void =>
    void navigate({ search: ({ [name]: _, ...rest }: CostsSearch) => rest })
  const names = (label: string, name: 'by' | 'split', value: CostName) => (
    <NativeSelect
      size="xs"
      label={label}
      value={value}
      data={[...costNames]}
      onChange={({ currentTarget }) => {
        const chosen = costNames.find((each) => each === currentTarget.value)
        if (chosen !== undefined) change({ [name]: chosen })
      }}
    />
  )
  const day = (label: string, name: 'from' | 'to', value: string) => (
    <TextInput
      size="xs"
      type="date"
      label={label}
      value={value}
      onChange={({ currentTarget }) => currentTarget.value !== '' && change({ [name]: currentTarget.value })}
    />
  )
  return (
    <Stack gap="sm">
      <PartTitle of="Costs" />
      <Group gap="xs" align="end">
        {day('From (UTC)', 'from', from)}
        {day('To', 'to', to)}
        {names('By', 'by', by)}
        {names('And by', 'split', split)}
        {(['model', 'agent', 'chain'] as const).map((name) =>
          only[name] === undefined ? null : (
            <Button key={name} size="compact-sm" variant="light" onClick={() => without(name)}>
              {name} {only[name]} ✕
            </Button>
          ),
        )}
      </Group>
      <ProblemAlert error={problemOf(answer)} />
      {data !== undefined && (
        <Text size="sm" role="status">
          {costText({ usdMicros: data.total.priced.usdMicros, unpricedReplies: data.total.unpriced.replies })} for{' '}
          {data.total.priced.replies + data.total.unpriced.replies} replies and {tokensOf(data.total)} tokens
        </Text>
      )}
      {data?.items.length === 0 && <EmptyState what="No model was asked in these days." />}
      {data !== undefined && data.items.length > 0 && (
        <>
          <CostChart lines={data.items} by={by} split={split} />
          <WideTable label="Costs" heads={[by, split, '#Cost', '#Replies', '#Tokens in', '#Tokens out']}>
            {data.items.map((line) => (
              <Table.Tr key={`${line.key} ${line.split}`}>
                <Named name={by} value={line.key} onPick={change} />
                <Named name={split} value={line.split ?? ''} onPick={change} />
                <Figures line={line} />
              </Table.Tr>
            ))}
          </WideTable>
        </>
      )}
    </Stack>
  )
}

interface NamedProps {
  readonly name: CostName
  readonly value: string
  readonly onPick: (only: CostsSearch) => void
}

/** A name narrows the page to itself; a day is narrowed to by its dates. */
const Named = ({ name, value, onPick }: NamedProps) => (
  <Table.Td>
    {name === 'day' || value === '' ? (
      value || '(none)'
    ) : (
      <Button size="compact-xs" variant="subtle" onClick={() => onPick({ [name]: value })}>
        {value}
      </Button>
    )}
  </Table.Td>
)

interface FiguresProps {
  readonly line: CostLine
}

const Figures = ({ line: { priced, unpriced } }: FiguresProps) => (
  <>
    <Table.Td ta="right">{costText({ usdMicros: priced.usdMicros, unpricedReplies: unpriced.replies })}</Table.Td>
    <Table.Td ta="right">{priced.replies + unpriced.replies}</Table.Td>
    <Table.Td ta="right">{priced.inputTokens + unpriced.inputTokens}</Table.Td>
    <Table.Td ta="right">{priced.outputTokens + unpriced.outputTokens}</Table.Td>
  </>
)
