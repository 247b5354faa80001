// A list page by page, its rows patched where they stand; what came since waits until it is asked for.
import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { CommitFrame } from '../api/live-frames.ts'
import { useCommits, useLive, useStreamStart } from '../api/use-live.ts'

/** Rows that changed are read again together, this often at most. */
const patchMs = 700
/** What could not be read is read again after this long. */
const againMs = 5_000
/** Rows of one page, and of one reading again. */
export const pageSize = 200

export interface Row {
  readonly id: string
  /** Of the commit it was changed by last. */
  readonly sequence: number
}

export interface RowPage<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

interface LiveListOptions<T> {
  /** With everything the pages depend on. */
  readonly queryKey: readonly unknown[]
  readonly category: string
  /** A page, as of this sequence or later. */
  readonly read: (cursor: string | null, after: number | undefined) => Promise<RowPage<T>>
  /** These rows, as of this sequence or later. */
  readonly readRows: (ids: readonly string[], after: number) => Promise<readonly T[]>
  /** Rows that fit and are newer than this one. */
  readonly readNewer: (than: T | undefined, after: number) => Promise<readonly T[]>
  /** Rows that may have changed while nobody looked. */
  readonly isOpen: (row: T) => boolean
}

type Pages<T> = InfiniteData<RowPage<T>, string | null>

export type LiveList<T extends Row> = ReturnType<typeof useLiveList<T>>

export const useLiveList = <T extends Row>(options: LiveListOptions<T>) => {
  const { queryKey, category, read } = options
  const client = useQueryClient()
  const live = useLive()
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => read(pageParam, live.seen()),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }: RowPage<T>) => next,
    // Read again in whole it would be fifty pages: its rows are kept current one by one.
    staleTime: Number.POSITIVE_INFINITY,
  })
  const { data } = list
  const rows = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data])
  const [newer, setNewer] = useState<ReadonlySet<string>>(new Set())
  const latest = useRef({ options, rows, ids: new Set<string>() })
  latest.current = { options, rows, ids: useMemo(() => new Set(rows.map(({ id }) => id)), [rows]) }
  const changed = useRef(new Set<string>())
  const arrived = useRef(false)
  const sequence = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const gone = useRef(false)
  /** First pages on their way to take the place of all. */
  const starting = useRef(0)

  const patch = useCallback(async (): Promise<void> => {
    timer.current = undefined
    const again = (ms: number): void => {
      if (gone.current) return
      timer.current ??= setTimeout(() => void patch(), ms)
    }
    const { options: now } = latest.current
    // A page that is on its way may have been read before the commit: its rows are known, and behind, when it comes.
    if (starting.current > 0 || client.isFetching({ queryKey: now.queryKey, exact: true }) > 0) return again(patchMs)
    // As they are now: what has just come may not be rendered yet.
    const shown = client.getQueryData<Pages<T>>(now.queryKey)?.pages.flatMap(({ items }) => items) ?? []
    const ids = new Set(shown.map(({ id }) => id))
    const known = [...changed.current].filter((id) => ids.has(id))
    const wanted = known.slice(0, pageSize)
    const looks = arrived.current
    changed.current = new Set(known.slice(pageSize))
    arrived.current = false
    try {
      const read = wanted.length === 0 ? [] : await now.readRows(wanted, sequence.current)
      const byId = new Map(read.map((row) => [row.id, row]))
      client.setQueryData<Pages<T>>(now.queryKey, (before) =>
        before === undefined ? before : { ...before, pages: before.pages.map((page) => patched(page, byId)) },
      )
      const found = looks ? await now.readNewer(shown[0], sequence.current) : []
      const unknown = found.map(({ id }) => id).filter((id) => !ids.has(id))
      if (unknown.length > 0 && isSame(latest.current.options.queryKey, now.queryKey)) {
        setNewer((before) => new Set([...before, ...unknown]))
      }
    } catch {
      for (const id of wanted) changed.current.add(id)
      arrived.current ||= looks
      again(againMs)
    }
    if (changed.current.size > 0 || arrived.current) again(patchMs)
  }, [client])

  useCommits(
    useCallback(
      (commit: CommitFrame) => {
        if (commit.stream.category !== category) return
        changed.current.add(commit.stream.id)
        if (!latest.current.ids.has(commit.stream.id)) arrived.current = true
        sequence.current = Math.max(sequence.current, commit.sequence)
        timer.current ??= setTimeout(() => void patch(), patchMs)
      },
      [patch, category],
    ),
  )
  useEffect(() => {
    gone.current = false
    // Shown again after another page: what was under way may have gone on.
    const open = latest.current.rows.filter(latest.current.options.isOpen).slice(0, pageSize)
    if (open.length > 0 || latest.current.rows.length > 0) {
      changed.current = new Set(open.map(({ id }) => id))
      arrived.current = true
      timer.current ??= setTimeout(() => void patch(), 0)
    }
    return () => {
      gone.current = true
      clearTimeout(timer.current)
      timer.current = undefined
    }
  }, [patch])
  useStreamStart(
    useCallback(
      (began: number) => {
        for (const row of latest.current.rows) if (latest.current.options.isOpen(row)) changed.current.add(row.id)
        arrived.current = true
        sequence.current = Math.max(sequence.current, began)
        timer.current ??= setTimeout(() => void patch(), 0)
      },
      [patch],
    ),
  )
  const key = JSON.stringify(queryKey)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list has nothing new yet.
  useEffect(() => setNewer(new Set()), [key])

  return {
    ...list,
    rows,
    /** Rows that came since the list was read. */
    newer: newer.size,
    showNewer: async (): Promise<void> => {
      starting.current++
      try {
        const first = await read(null, live.seen())
        client.setQueryData<Pages<T>>(queryKey, { pages: [first], pageParams: [null] })
      } finally {
        starting.current--
      }
      setNewer(new Set())
      window.scrollTo({ top: 0 })
    },
  }
}

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean => JSON.stringify(a) === JSON.stringify(b)

const patched = <T extends Row>(page: RowPage<T>, read: ReadonlyMap<string, T>): RowPage<T> =>
  page.items.some(({ id }) => read.has(id))
    ? { ...page, items: page.items.map((row) => newerOf(row, read.get(row.id))) }
    : page

/** What was asked for first may come last. */
const newerOf = <T extends Row>(row: T, read: T | undefined): T =>
  read === undefined || read.sequence < row.sequence ? row : read
