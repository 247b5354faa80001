// Asks for the token where Casebook wants one, then keeps the tab's one live connection.
import { Alert, Center, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { createLive, type Live } from '../api/live.ts'
import { askNow, problemOf } from '../api/patience.ts'
import { ApiProblem } from '../api/problem.ts'
import { openEarly, sessionOfPath } from '../api/session-opening.ts'
import { keepToken, readToken } from '../api/token.ts'
import { LiveContext } from '../api/use-live.ts'

const TokenForm = lazy(async () => ({ default: (await import('./token-form.tsx')).TokenForm }))

interface LiveGateProps {
  readonly children: ReactNode
}

export const LiveGate = ({ children }: LiveGateProps) => {
  const [live, setLive] = useState<Live | null>(null)
  const client = useQueryClient()
  const admission = useQuery({
    queryKey: ['admitted'],
    queryFn: async () => (await answerOf(api.GET('/v1/sessions', { params: { query: { limit: 1 } } }))).items.length,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const { isSuccess, refetch } = admission
  const error = problemOf(admission)
  const refused = error instanceof ApiProblem && error.status === 401
  // Beside the question whether a token is wanted, not after it: mostly none is.
  useEffect(() => {
    if (refused) return
    const { origin, pathname } = window.location
    const session = sessionOfPath(pathname)
    const opened = createLive(origin, session)
    if (session !== null) void openEarly(opened, session)
    opened.onConnect(() => askNow(client))
    setLive(opened)
    return () => opened.close()
  }, [refused, client])

  const admit = (token: string): void => {
    keepToken(token)
    void refetch()
  }
  if (isSuccess && live !== null) return <LiveContext value={live}>{children}</LiveContext>
  if (refused)
    return (
      <Suspense>
        <TokenForm wrong={readToken() !== null} onToken={admit} />
      </Suspense>
    )
  return (
    <Center h="100vh" component="main">
      {error === null ? <Text c="dimmed">Opening the casebook …</Text> : <Alert color="red">{error.message}</Alert>}
    </Center>
  )
}
