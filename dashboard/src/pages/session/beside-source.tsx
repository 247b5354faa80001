// How a replay that has ended went beside what it replays.
import { Code, List, Table, Text } from '@mantine/core'
import type { SessionView } from '../../../../projections/session-view.ts'
import type { Drift } from '../../../../schemas/fork.ts'
import { costText } from '../../parts/cost.tsx'
import { Part } from './about-part.tsx'

interface BesideSourceProps {
  readonly view: SessionView
}

export const BesideSource = ({ view: { fork } }: BesideSourceProps) => {
  if (fork === null || fork.kind !== 'replay') return null
  const { drift } = fork
  return (
    <Part title="Beside its source" opened>
      {drift === null ? (
        <Text size="sm" c="dimmed">
          Compared when it has ended.
        </Text>
      ) : (
        <>
          <Text size="sm">{callsInWords(drift)}</Text>
          <Table
            fz="xs"
            withRowBorders={false}
            verticalSpacing={2}
            horizontalSpacing={2}
            aria-label="Beside its source"
          >
            <Table.Thead>
              <Table.Tr>
                <Table.Th aria-label="What" />
                <Table.Th>Source</Table.Th>
                <Table.Th>Replay</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {linesOf(drift).map(([name, source, replay]) => (
                <Table.Tr key={name} fw={source === replay ? 400 : 600}>
                  <Table.Td>{name}</Table.Td>
                  <Table.Td>{source}</Table.Td>
                  <Table.Td>{replay}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          {drift.notRecorded.length > 0 && (
            <List size="xs" aria-label="Calls that were not recorded" listStyleType="disc">
              {drift.notRecorded.map((call) => (
                <List.Item key={call}>
                  <Code>{call}</Code> was not recorded
                </List.Item>
              ))}
            </List>
          )}
        </>
      )}
    </Part>
  )
}

export const callsInWords = ({ calls: { same, missing, added } }: Drift): string =>
  `Calls: ${same} the same, ${missing} not made, ${added} added`

const linesOf = ({
  status,
  outcome,
  turns,
  tokens,
  costMicros,
}: Drift): readonly (readonly [string, string, string])[] => [
  ['status', status.source, status.replay],
  ['outcome', outcome.source ?? '–', outcome.replay ?? '–'],
  ['turns', String(turns.source), String(turns.replay)],
  ['tokens', String(tokens.source), String(tokens.replay)],
  ['cost', cost(costMicros.source), cost(costMicros.replay)],
]

const cost = (usdMicros: number): string => costText({ usdMicros, unpricedReplies: 0 })
