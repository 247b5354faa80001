// The same bars as a table, a page at a time: for screen readers, and for figures.
import { Anchor, Group, Pagination, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { dollars, duration, kindWords, statusWord, tokensOf } from './bar-words.ts'
import type { Row } from './rows.ts'
import { lengthsOf } from './spans.ts'

interface BarTableProps {
  readonly rows: readonly Row[]
  readonly origin: number
  readonly now: number
  readonly onOpen: (id: string) => void
}

const pageSize = 100

export const BarTable = ({ rows, origin, now, onOpen }: BarTableProps) => {
  const [page, setPage] = useState(1)
  const pages = Math.max(1, Math.ceil(rows.length / pageSize))
  const first = (Math.min(page, pages) - 1) * pageSize
  const shown = rows.slice(first, first + pageSize)
  return (
    <>
      <Table.ScrollContainer minWidth={700}>
        <Table striped captionSide="top">
          <Table.Caption>
            {rows.length} bars, {first + 1} to {first + shown.length}
          </Table.Caption>
          <Table.Thead>
            <Table.Tr>
              {['What', 'Status', 'After', 'Queued', 'Waited', 'Ran', 'Tokens', 'Cost'].map((name) => (
                <Table.Th key={name} scope="col">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(({ bar, depth }) => {
              const { queued, waiting, running } = lengthsOf(bar, now)
              return (
                <Table.Tr key={bar.id}>
                  <Table.Td style={{ paddingInlineStart: 8 + depth * 12 }}>
                    <Anchor component="button" type="button" size="sm" onClick={() => onOpen(bar.id)}>
                      {kindWords[bar.kind]} {bar.name}
                    </Anchor>
                    {bar.inherited !== undefined && ' (inherited)'}
                  </Table.Td>
                  <Table.Td>{statusWord(bar)}</Table.Td>
                  <Table.Td>{duration(Date.parse(bar.askedAt) - origin)}</Table.Td>
                  {[queued, waiting, running].map((length, column) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the columns are always these three.
                    <Table.Td key={column}>{length === 0 ? '–' : duration(length)}</Table.Td>
                  ))}
                  <Table.Td>{tokensOf(bar) === 0 ? '–' : tokensOf(bar)}</Table.Td>
                  <Table.Td>{bar.costMicros === 0 ? '–' : dollars(bar.costMicros)}</Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {pages > 1 && (
        <Group justify="space-between" mt="xs">
          <Pagination
            total={pages}
            value={Math.min(page, pages)}
            onChange={setPage}
            size="sm"
            getControlProps={(control) => ({ 'aria-label': `${control} page` })}
            getItemProps={(number) => ({ 'aria-label': `Page ${number}` })}
          />
          <Text size="sm" c="dimmed">
            {pages} pages
          </Text>
        </Group>
      )}
    </>
  )
}
