// Asks for the token where Casebook wants one, then keeps the tab's one live connection.
import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { createLive, type Live } from '../api/live.ts'
import { ApiProblem } from '../api/problem.ts'
import { keepToken, readToken } from '../api/token.ts'
import { LiveContext } from '../api/use-live.ts'

interface LiveGateProps {
  readonly children: ReactNode
}

export const LiveGate = ({ children }: LiveGateProps) => {
  const [live, setLive] = useState<Live | null>(null)
  const { isSuccess, error, refetch } = useQuery({
    queryKey: ['admitted'],
    queryFn: async () => (await answerOf(api.GET('/v1/sessions', { params: { query: { limit: 1 } } }))).items.length,
    staleTime: Number.POSITIVE_INFINITY,
  })
  useEffect(() => {
    if (!isSuccess) return
    const opened = createLive(window.location.origin)
    setLive(opened)
    return () => opened.close()
  }, [isSuccess])

  const admit = (token: string): void => {
    keepToken(token)
    void refetch()
  }
  if (live !== null) return <LiveContext value={live}>{children}</LiveContext>
  if (error instanceof ApiProblem && error.status === 401)
    return <TokenForm wrong={readToken() !== null} onToken={admit} />
  return (
    <Center h="100vh" component="main">
      {error === null ? <Text c="dimmed">Opening the casebook …</Text> : <Alert color="red">{error.message}</Alert>}
    </Center>
  )
}

interface TokenFormProps {
  readonly wrong: boolean
  readonly onToken: (token: string) => void
}

const TokenForm = ({ wrong, onToken }: TokenFormProps) => {
  const [token, setToken] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (token !== '') onToken(token)
  }
  return (
    <Center h="100vh" component="main">
      <Paper withBorder p="xl" w={420} maw="95vw" component="form" onSubmit={submit}>
        <Stack>
          <Title order={1} size="h3">
            Casebook
          </Title>
          <PasswordInput
            label="Token"
            description="CASEBOOK_TOKEN of the server; kept for this tab alone."
            error={wrong ? 'This is not the token the server expects.' : undefined}
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            data-autofocus
          />
          <Button type="submit">Open</Button>
        </Stack>
      </Paper>
    </Center>
  )
}
