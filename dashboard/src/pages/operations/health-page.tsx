// Is the machinery well: its parts, and what somebody should look at.
import { Alert, Code, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../api/client.ts'
import { problemOf } from '../../api/patience.ts'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { PartTitle } from './part-title.tsx'
import { WideTable } from './wide-table.tsx'

const everyMs = 3_000

export const HealthPage = () => {
  const warnings = useQuery({
    queryKey: ['warnings'],
    queryFn: () => answerOf(api.GET('/v1/warnings')),
    refetchInterval: everyMs,
  })
  const health = useQuery({
    queryKey: ['health'],
    queryFn: () => answerOf(api.GET('/health')),
    refetchInterval: everyMs,
  })
  return (
    <Stack gap="sm">
      <PartTitle of="Health" />
      <ProblemAlert error={problemOf(warnings) ?? problemOf(health)} />
      {warnings.data?.items.length === 0 && <Text size="sm">No warnings.</Text>}
      {warnings.data?.items.map(({ code, about, message, nextStep }) => (
        <Alert key={`${code} ${about}`} color="orange" title={`${about}: ${code.replaceAll('_', ' ')}`}>
          <Text size="sm">{message}</Text>
          <Code>{nextStep}</Code>
        </Alert>
      ))}
      <WideTable label="Parts" heads={['Part', 'State', 'What it says']}>
        {Object.entries(health.data?.parts ?? {}).map(([name, { ok, detail }]) => (
          <Table.Tr key={name}>
            <Table.Td>{name}</Table.Td>
            <Table.Td>
              <StatusBadge status={ok ? 'well' : 'unwell'} />
            </Table.Td>
            <Table.Td>
              <Text size="sm">{detail}</Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </WideTable>
    </Stack>
  )
}
