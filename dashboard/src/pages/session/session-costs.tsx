// What a session has cost, by agent, helper and model.
import { Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { SessionView } from '../../../../projections/session-view.ts'
import { answerOf, api } from '../../api/client.ts'
import { costText } from '../../parts/cost.tsx'
import { Part } from './about-part.tsx'

interface SessionCostsProps {
  readonly view: SessionView
}

/** Read anew as money is spent, at most every few seconds. */
export const SessionCosts = ({ view }: SessionCostsProps) => {
  const { id, sequence: after, cost, chat, endedAt, fork } = view
  const { data } = useQuery({
    queryKey: ['session-costs', id, endedAt === null ? 'running' : `${cost.usdMicros} ${chat.questions} ${chat.open}`],
    // What is read at the end is read for good: not from before the end.
    queryFn: () => answerOf(api.GET('/v1/sessions/{id}/costs', { params: { path: { id }, query: { after } } })),
    refetchInterval: endedAt === null || chat.open > 0 ? 5_000 : false,
  })
  const lines = [
    ...(data?.byAgent ?? []),
    ...(data?.byHelper ?? []).map((line) => ({ ...line, key: `helper ${line.key}` })),
    ...(data?.byModel ?? []),
  ]
  return (
    <Part title={`Costs: ${costText(cost)}`}>
      <Table fz="xs" withRowBorders={false} verticalSpacing={2} horizontalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Agent, model</Table.Th>
            <Table.Th ta="right">In</Table.Th>
            <Table.Th ta="right">Out</Table.Th>
            <Table.Th ta="right">Cost</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map(({ key, priced, unpriced }) => (
            <Table.Tr key={key}>
              <Table.Td>{key}</Table.Td>
              <Table.Td ta="right">{priced.inputTokens + unpriced.inputTokens}</Table.Td>
              <Table.Td ta="right">{priced.outputTokens + unpriced.outputTokens}</Table.Td>
              <Table.Td ta="right">
                {costText({ usdMicros: priced.usdMicros, unpricedReplies: unpriced.replies })}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {fork !== null && (
        <Text size="xs" c="dimmed">
          {`Up to where it was forked its source had used ${fork.inherited.usage.inputTokens} tokens in and ${fork.inherited.usage.outputTokens} out (${costText(fork.inherited.cost)}): counted there, not here.`}
        </Text>
      )}
    </Part>
  )
}
