// A session as it stood at a version, and now: folded by the server, kept while one steps to and fro.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { answerOf, api } from '../../api/client.ts'
import type { CommitFrame } from '../../api/live-frames.ts'
import { readAgain } from '../../api/read-again.ts'
import { useCommits, useStreamStart } from '../../api/use-live.ts'

const stateOf = (id: string, at?: number) =>
  answerOf(api.GET('/v1/sessions/{id}/state', { params: { path: { id }, query: at === undefined ? {} : { at } } }))

export type SessionAtVersion = Awaited<ReturnType<typeof stateOf>>

const settleMs = 500

export const useNow = (id: string) => {
  const client = useQueryClient()
  const [told, setTold] = useState(0)
  useStreamStart(setTold)
  useCommits(
    useCallback(
      ({ stream, sequence }: CommitFrame) => {
        if (stream.id === id) setTold(sequence)
      },
      [id],
    ),
  )
  useEffect(() => {
    if (told === 0) return
    const timer = setTimeout(() => void readAgain(client, ['state', id, 'now']), settleMs)
    return () => clearTimeout(timer)
  }, [told, client, id])
  return useQuery({ queryKey: ['state', id, 'now'], queryFn: () => stateOf(id) })
}

/** History does not change: read once. */
export const useThen = (id: string, at: number | undefined) =>
  useQuery({
    queryKey: ['state', id, at],
    queryFn: () => stateOf(id, at),
    enabled: at !== undefined && at > 0,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
