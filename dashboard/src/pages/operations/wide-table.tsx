// A table that scrolls by itself where the screen is narrower than it is.
import { Table } from '@mantine/core'
import type { ReactNode } from 'react'

interface WideTableProps {
  readonly label: string
  /** Those that start with `#` hold numbers. */
  readonly heads: readonly string[]
  readonly minWidth?: number
  readonly children: ReactNode
}

export const WideTable = ({ label, heads, minWidth = 520, children }: WideTableProps) => (
  <Table.ScrollContainer minWidth={minWidth} type="native" tabIndex={0}>
    <Table aria-label={label} verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          {heads.map((head) =>
            head.startsWith('#') ? (
              <Table.Th key={head} ta="right">
                {head.slice(1)}
              </Table.Th>
            ) : (
              <Table.Th key={head}>{head}</Table.Th>
            ),
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{children}</Table.Tbody>
    </Table>
  </Table.ScrollContainer>
)
