// The session list page by page, its rows patched where they stand; new sessions wait until they are asked for.
import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { answerOf, api } from '../../api/client.ts'
import type { CommitFrame } from '../../api/live-frames.ts'
import { useCommits, useLive } from '../../api/use-live.ts'
import type { SessionsSearch } from './sessions-search.ts'

/** Rows that changed are read again together, this often at most. */
const patchMs = 700

/** A row that could not be read is read again after this long. */
const againMs = 5_000

const listSessions = (search: SessionsSearch, cursor: string | null, after: number | undefined) => {
  const { label, ...rest } = search
  const query = {
    ...rest,
    limit: 100,
    ...(label && { label: [label] }),
    ...(cursor !== null && { cursor }),
    ...(after !== undefined && { after }),
  }
  return answerOf(api.GET('/v1/sessions', { params: { query } }))
}

type SessionPage = Awaited<ReturnType<typeof listSessions>>
export type ListedSession = SessionPage['items'][number]

export const useSessionList = (search: SessionsSearch) => {
  const client = useQueryClient()
  const live = useLive()
  const queryKey = ['sessions', search] as const
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => listSessions(search, pageParam, live.seen()),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? []
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set())
  const known = useRef<ReadonlySet<string>>(new Set())
  known.current = new Set(rows.map(({ id }) => id))
  const changed = useRef(new Map<string, number>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const patch = useCallback(async (): Promise<void> => {
    timer.current = undefined
    // A page that is on its way may have been read before the commit: its rows are known, and behind, when it comes.
    if (client.isFetching({ queryKey: ['sessions', search] }) > 0) {
      timer.current = setTimeout(() => void patch(), patchMs)
      return
    }
    const ids = [...changed.current].filter(([id]) => known.current.has(id))
    changed.current = new Map()
    const read = await Promise.allSettled(
      ids.map(([id, after]) => answerOf(api.GET('/v1/sessions/{id}', { params: { path: { id }, query: { after } } }))),
    )
    const sessions = new Map(
      read.flatMap((each) => (each.status === 'fulfilled' ? [[each.value.id, each.value] as const] : [])),
    )
    const unread = ids.filter(([id]) => !sessions.has(id))
    if (unread.length > 0) {
      changed.current = new Map([...unread, ...changed.current])
      timer.current ??= setTimeout(() => void patch(), againMs)
    }
    client.setQueryData<InfiniteData<SessionPage, string | null>>(['sessions', search], (data) =>
      data === undefined
        ? data
        : {
            ...data,
            pages: data.pages.map((page) => ({
              ...page,
              items: page.items.map((row) => sessions.get(row.id) ?? row),
            })),
          },
    )
  }, [client, search])
  useCommits(
    useCallback(
      ({ stream, sequence, events }: CommitFrame) => {
        if (stream.category !== 'session') return
        changed.current.set(stream.id, sequence)
        timer.current ??= setTimeout(() => void patch(), patchMs)
        if (!known.current.has(stream.id) && events.some(({ type }) => type.startsWith('casebook.session.started.'))) {
          setFresh((before) => new Set([...before, stream.id]))
        }
      },
      [patch],
    ),
  )
  useEffect(() => () => clearTimeout(timer.current), [])

  return {
    ...list,
    rows,
    /** Sessions that started since the list was read. */
    fresh: fresh.size,
    showFresh: async (): Promise<void> => {
      setFresh(new Set())
      await client.resetQueries({ queryKey })
    },
  }
}
