// The rows of a live list with all that may stand in their place: a problem, what is new, or the command that makes a first one.
import type { ReactNode } from 'react'
import { problemOf } from '../api/patience.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { ProblemAlert } from '../parts/problem-alert.tsx'
import { NewerPill } from './newer-pill.tsx'
import type { LiveList, Row } from './use-live-list.ts'
import { VirtualRows } from './virtual-rows.tsx'

interface LiveRowsProps<T extends Row> {
  readonly name: string
  readonly list: LiveList<T>
  readonly row: (row: T) => ReactNode
  readonly onOpen: (row: T) => void
  /** Said when there are none; `curl` makes one. */
  readonly none: { readonly what: string; readonly curl?: string }
}

export const LiveRows = <T extends Row>({ name, list, row, onOpen, none }: LiveRowsProps<T>) => (
  <>
    <ProblemAlert error={problemOf(list)} />
    <NewerPill count={list.newer} onShow={list.showNewer} />
    {list.isSuccess && list.rows.length === 0 && <EmptyState {...none} />}
    <VirtualRows
      name={name}
      rows={list.rows}
      row={row}
      onOpen={onOpen}
      height={64}
      more={{
        // A page that was refused would be refused again, as fast as it is asked for.
        hasNext: list.hasNextPage && !list.isFetchNextPageError,
        isReading: list.isFetchingNextPage,
        read: () => void list.fetchNextPage(),
      }}
    />
  </>
)
