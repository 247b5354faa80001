// How many questions wait for a person, kept current by the live stream.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { answerOf, api } from './client.ts'
import type { CommitFrame } from './live-frames.ts'
import { useCommits, useStreamStart } from './use-live.ts'

export const openInputsKey = ['inputs', 'open'] as const

export const useOpenInputs = (): number => {
  const client = useQueryClient()
  const readAgain = useCallback(
    (after: number) =>
      void client.fetchQuery({ queryKey: openInputsKey, queryFn: () => listOpen(after), staleTime: 0 }),
    [client],
  )
  useStreamStart(readAgain)
  useCommits(
    useCallback(
      ({ events, sequence }: CommitFrame) => {
        if (events.some(({ type }) => type.startsWith('casebook.session.input_'))) readAgain(sequence)
      },
      [readAgain],
    ),
  )
  return useQuery({ queryKey: openInputsKey, queryFn: () => listOpen() }).data?.items.length ?? 0
}

export const listOpen = (after?: number) =>
  answerOf(
    api.GET('/v1/inputs', { params: { query: { status: 'open', limit: 200, ...(after !== undefined && { after }) } } }),
  )
