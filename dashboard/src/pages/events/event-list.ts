// Events page by page as the filters say, and what is written meanwhile: read when the live stream tells of it.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { answerOf, api } from '../../api/client.ts'
import type { CommitFrame } from '../../api/live-frames.ts'
import type { paths } from '../../api/schema.d.ts'
import { useCommits, useLive } from '../../api/use-live.ts'
import type { StoredEvent } from './stored-event.ts'

type EventsQuery = NonNullable<paths['/v1/events']['get']['parameters']['query']>
export type EventFilter = Omit<EventsQuery, 'limit' | 'cursor' | 'after' | 'since'>

/** What was written is read together, this often at most. */
const readMs = 400
/** What could not be read is read again after this long. */
const againMs = 5_000
const pageSize = 100
const mostAtOnce = 200

export const readEvents = (query: EventsQuery) => answerOf(api.GET('/v1/events', { params: { query } }))

/** Commits come the latest first, the events of each as they were written. */
const latestFirst = (a: StoredEvent, b: StoredEvent): number =>
  b.logsequence - a.logsequence || b.sequence.localeCompare(a.sequence)

/** Give the component that uses it the filter as its key. */
export const useEventList = (filter: EventFilter) => {
  const client = useQueryClient()
  const live = useLive()
  const queryKey = useMemo(() => ['events', filter] as const, [filter])
  const list = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam }) => {
      if (pageParam !== null)
        return { ...(await readEvents({ ...filter, limit: pageSize, cursor: pageParam })), readAt: 0 }
      // What comes later than this is read when the stream tells of it: nothing falls in between.
      const readAt = await live.position()
      return { ...(await readEvents({ ...filter, limit: pageSize, after: readAt })), readAt }
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })
  const readAt = list.data?.pages[0]?.readAt
  const begun = useRef(readAt)
  begun.current = readAt
  const [fresh, setFresh] = useState<readonly StoredEvent[]>([])
  const upTo = useRef(0)
  const told = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const gone = useRef(false)

  /** @returns whether more was told meanwhile. */
  const readFresh = useCallback(async (): Promise<boolean> => {
    if (begun.current === undefined) return false
    const since = Math.max(upTo.current, begun.current)
    const after = told.current
    if (after <= since) return false
    const page = await readEvents({ ...filter, order: 'asc', since, after, limit: mostAtOnce })
    // Too much to catch up with bit by bit.
    if (page.next !== null) await client.resetQueries({ queryKey })
    else setFresh((before) => [...before, ...page.items])
    // What came after it was told may be there, too.
    upTo.current = Math.max(after, page.items.at(-1)?.logsequence ?? 0)
    return told.current > after
  }, [client, filter, queryKey])
  // One reading after the other: two at once would both bring what lies between.
  const soon = useCallback(
    (ms = readMs): void => {
      timer.current ??= setTimeout(async () => {
        const next = await readFresh().then(
          (more) => (more ? readMs : null),
          () => againMs,
        )
        timer.current = undefined
        if (next !== null && !gone.current) soon(next)
      }, ms)
    },
    [readFresh],
  )
  useCommits(
    useCallback(
      ({ sequence }: CommitFrame) => {
        told.current = Math.max(told.current, sequence)
        soon()
      },
      [soon],
    ),
  )
  useEffect(() => {
    // What was told while the first page was on its way.
    if (readAt !== undefined) soon()
  }, [readAt, soon])
  useEffect(() => {
    gone.current = false
    return () => {
      gone.current = true
      clearTimeout(timer.current)
    }
  }, [])

  const rows = useMemo(() => {
    const read = list.data?.pages.flatMap(({ items }) => items) ?? []
    return filter.order === 'asc' ? read : read.toSorted(latestFirst)
  }, [list.data, filter.order])
  const unread = useMemo(() => {
    const known = new Set(rows.map(({ id }) => id))
    return fresh.filter(({ id, logsequence }) => !known.has(id) && logsequence > (readAt ?? 0))
  }, [fresh, rows, readAt])
  return { ...list, rows, /** In the order they were written. */ fresh: unread }
}
