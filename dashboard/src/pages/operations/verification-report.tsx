// What the last verification of a read model found, row by row.
import { Code, Table, Text } from '@mantine/core'
import type { components } from '../../api/schema.d.ts'
import { Moment } from '../../parts/moment.tsx'
import { WideTable } from './wide-table.tsx'

interface VerificationReportProps {
  readonly name: string
  readonly report: NonNullable<components['schemas']['Projection']['verification']>
}

export const VerificationReport = ({ name, report }: VerificationReportProps) => {
  const { ok, rows, differences, first, position, at } = report
  return (
    <>
      <Text size="sm" c={ok ? 'dimmed' : 'red'}>
        {ok ? '✓ Verified' : `✗ ${differences} rows differ`}: {rows} rows at {position}, <Moment at={at} />
      </Text>
      {!ok && (
        <WideTable label={`Differences of ${name}`} heads={['Table', 'Row', 'Kind', 'Columns']}>
          {first.map(({ table, key, kind, columns }) => (
            <Table.Tr key={`${table} ${JSON.stringify(key)}`}>
              <Table.Td>{table}</Table.Td>
              <Table.Td>
                <Code>{JSON.stringify(key)}</Code>
              </Table.Td>
              <Table.Td>{kind}</Table.Td>
              <Table.Td>{columns.join(', ')}</Table.Td>
            </Table.Tr>
          ))}
        </WideTable>
      )}
    </>
  )
}
