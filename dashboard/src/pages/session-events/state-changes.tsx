// Two states side by side, and what differs between them.
import { Code, Group, SegmentedControl, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { type Change, changesBetween } from './structural-diff.ts'
import type { SessionAtVersion } from './use-version.ts'

const folds = [
  { value: 'session', label: 'As people read it' },
  { value: 'state', label: 'As decisions see it' },
] as const
const views = ['From then to now', 'By this event', 'Then', 'Now'] as const

const mostShown = 200
const longest = 400

interface StateChangesProps {
  /** Before the event; null before the first one, undefined while it is read. */
  readonly before: SessionAtVersion | null | undefined
  readonly then: SessionAtVersion
  readonly now: SessionAtVersion
}

export const StateChanges = ({ before, then, now }: StateChangesProps) => {
  const [fold, setFold] = useState<string>(folds[0].value)
  const [view, setView] = useState<string>(views[0])
  const of = (state: SessionAtVersion | null): unknown => (fold === 'session' ? state?.session : state?.state) ?? {}
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <SegmentedControl size="xs" data={[...views]} value={view} onChange={setView} />
        <SegmentedControl size="xs" data={[...folds]} value={fold} onChange={setFold} />
      </Group>
      {view === 'Then' && <State of={of(then)} label={`Version ${then.version}`} />}
      {view === 'Now' && <State of={of(now)} label={`Version ${now.version}`} />}
      {view === 'From then to now' && (
        <Changes changes={changesBetween(of(then), of(now))} from={`version ${then.version}`} to="now" />
      )}
      {view === 'By this event' && before !== undefined && (
        <Changes
          changes={changesBetween(of(before), of(then))}
          from={`version ${then.version - 1}`}
          to={`version ${then.version}`}
        />
      )}
    </Stack>
  )
}

interface StateProps {
  readonly of: unknown
  readonly label: string
}

const State = ({ of, label }: StateProps) => (
  <Code block tabIndex={0} role="region" aria-label={label} mah="60vh" style={{ overflow: 'auto' }}>
    {JSON.stringify(of, null, 2)}
  </Code>
)

const signs = { added: '+', removed: '−', changed: '~' } as const

interface ChangesProps {
  readonly changes: readonly Change[]
  readonly from: string
  readonly to: string
}

const Changes = ({ changes, from, to }: ChangesProps) =>
  changes.length === 0 ? (
    <Text size="sm" c="dimmed">
      Nothing differs.
    </Text>
  ) : (
    <Table.ScrollContainer minWidth={360} mah="60vh" type="native" tabIndex={0}>
      <Table aria-label="What differs" layout="fixed" fz="xs" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={28}>
              <span aria-hidden>±</span>
            </Table.Th>
            <Table.Th>Where</Table.Th>
            <Table.Th>{from}</Table.Th>
            <Table.Th>{to}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changes.slice(0, mostShown).map(({ path, kind, before, after }) => (
            <Table.Tr key={path}>
              <Table.Td>
                <span title={kind}>{signs[kind]}</span>
              </Table.Td>
              <Table.Td>
                <Code>{path === '' ? '(all)' : path}</Code>
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{shown(before)}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{shown(after)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {changes.length > mostShown && (
        <Text size="xs" c="dimmed">
          and {changes.length - mostShown} more
        </Text>
      )}
    </Table.ScrollContainer>
  )

const shown = (value: unknown): string => {
  if (value === undefined) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > longest ? `${text.slice(0, longest)} …` : text
}
