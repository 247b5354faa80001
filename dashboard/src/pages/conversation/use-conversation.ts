// The turns of a session and the messages of one, read again when something happens to them.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef } from 'react'
import { answerOf, api } from '../../api/client.ts'
import type { CommitFrame } from '../../api/live-frames.ts'
import { readAgain } from '../../api/read-again.ts'
import { useCommits, useStreamStart } from '../../api/use-live.ts'

export interface TurnAt {
  readonly execution: string
  readonly turn: number
  readonly attempt: number
}

const keyOf = (sessionId: string) => ['sessions', sessionId, 'conversation'] as const

/** Events come in bursts; the turns are read at most this often. */
const pause = 500

const concerns = /\.session\.(plan_|execution_|helper_|question_|turn_|tools_|model_|context_|ended)/

export const useConversation = (sessionId: string) => {
  const client = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current)
      timer.current = null
    },
    [],
  )
  const readSoon = useCallback((): void => {
    timer.current ??= setTimeout(() => {
      timer.current = null
      void readAgain(client, keyOf(sessionId))
    }, pause)
  }, [client, sessionId])
  useStreamStart(readSoon)
  useCommits(
    useCallback(
      ({ stream, events }: CommitFrame) => {
        if (stream.id === sessionId && events.some(({ type }) => concerns.test(type))) readSoon()
      },
      [readSoon, sessionId],
    ),
  )
  return useQuery({
    queryKey: keyOf(sessionId),
    queryFn: () => answerOf(api.GET('/v1/sessions/{id}/conversation', { params: { path: { id: sessionId } } })),
  })
}

/** As the API tells it. */
export type ConversationTurn = Awaited<ReturnType<typeof readTurn>>

const readTurn = (sessionId: string, { execution: executionId, turn, attempt }: TurnAt) =>
  answerOf(
    api.GET('/v1/sessions/{id}/executions/{executionId}/turns/{turn}', {
      params: { path: { id: sessionId, executionId, turn }, query: { attempt } },
    }),
  )

const isAt = (read: ConversationTurn | null, at: TurnAt | null): boolean =>
  read !== null && read.executionId === at?.execution && read.turn === at.turn && read.attempt === at.attempt

/** `settled`: it will not change any more. */
export const useTurn = (sessionId: string, at: TurnAt | null, settled: boolean) =>
  useQuery({
    queryKey: [...(settled ? ['sessions', sessionId, 'turn'] : keyOf(sessionId)), at],
    enabled: at !== null,
    staleTime: settled ? Number.POSITIVE_INFINITY : 0,
    queryFn: async () => (at === null ? null : readTurn(sessionId, at)),
    // As it stood before it was settled: it stays until it has been read again.
    placeholderData: (before) => (isAt(before ?? null, at) ? before : undefined),
  })
