// The token, asked for before anything else where Casebook wants one.
import { Button, Center, Paper, PasswordInput, Stack, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'

interface TokenFormProps {
  readonly wrong: boolean
  readonly onToken: (token: string) => void
}

export const TokenForm = ({ wrong, onToken }: TokenFormProps) => {
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
