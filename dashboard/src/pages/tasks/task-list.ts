// Tasks as the API has them, read again when something happens to one.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { answerOf, api } from '../../api/client.ts'
import type { CommitFrame } from '../../api/live-frames.ts'
import { readAgain } from '../../api/read-again.ts'
import { useCommits, useLive, useStreamStart } from '../../api/use-live.ts'
import type { TasksSearch } from './tasks-search.ts'

const list = (query: { readonly status?: string; readonly cursor?: string; readonly after?: number }) =>
  answerOf(api.GET('/v1/tasks', { params: { query: { limit: 100, ...query } } }))

export type ListedTask = Awaited<ReturnType<typeof list>>['items'][number]

export const useTaskList = ({ status }: TasksSearch) => {
  const client = useQueryClient()
  const live = useLive()
  const again = useCallback(() => void readAgain(client, ['tasks']), [client])
  useStreamStart(again)
  useCommits(
    useCallback(
      ({ stream }: CommitFrame) => {
        if (stream.category === 'task') again()
      },
      [again],
    ),
  )
  return useInfiniteQuery({
    queryKey: ['tasks', status],
    queryFn: ({ pageParam }) => {
      const after = live.seen()
      return list({
        ...(status !== undefined && { status }),
        ...(pageParam !== null && { cursor: pageParam }),
        ...(after !== undefined && { after }),
      })
    },
    // What happened while another page was shown is not told here.
    refetchOnMount: 'always',
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })
}
