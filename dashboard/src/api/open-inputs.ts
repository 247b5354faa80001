// The questions that wait for a person, kept current by the live stream.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { answerOf, api } from './client.ts'
import type { CommitFrame } from './live-frames.ts'
import { readAgain } from './read-again.ts'
import { useCommits, useLive, useStreamStart } from './use-live.ts'

const openInputsKey = ['inputs', 'open'] as const

export const useOpenInputs = () => {
  const live = useLive()
  return useQuery({ queryKey: openInputsKey, queryFn: () => listOpen(live.seen()) })
}

/** For the one who is there on every page. */
export const useFollowedInputs = () => {
  const client = useQueryClient()
  const again = useCallback(() => void readAgain(client, openInputsKey), [client])
  useStreamStart(again)
  useCommits(
    useCallback(
      ({ events }: CommitFrame) => {
        if (events.some(({ type }) => type.startsWith('casebook.session.input_'))) again()
      },
      [again],
    ),
  )
  return useOpenInputs()
}

export const waitingIn = ({ data }: ReturnType<typeof useOpenInputs>): number => data?.items.length ?? 0

const listOpen = (after: number | undefined) =>
  answerOf(
    api.GET('/v1/inputs', { params: { query: { status: 'open', limit: 200, ...(after !== undefined && { after }) } } }),
  )

export type OpenInput = Awaited<ReturnType<typeof listOpen>>['items'][number]
