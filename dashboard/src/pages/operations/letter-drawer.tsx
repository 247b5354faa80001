// One parked message whole, and the decision about it.
import { Alert, Button, Code, Drawer, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { answerOf, api } from '../../api/client.ts'
import { problemOf } from '../../api/patience.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { curlOf } from '../../parts/curl.ts'
import { Moment } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'

interface LetterDrawerProps {
  readonly id: string | undefined
  readonly onClose: () => void
}

export const LetterDrawer = ({ id, onClose }: LetterDrawerProps) => (
  <Drawer
    opened={id !== undefined}
    onClose={onClose}
    position="right"
    size="lg"
    title="A parked message"
    closeButtonProps={{ 'aria-label': 'Close' }}
  >
    {id !== undefined && <Letter key={id} id={id} />}
  </Drawer>
)

interface LetterProps {
  readonly id: string
}

const Letter = ({ id }: LetterProps) => {
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const params = { path: { id } }
  const letter = useQuery({
    queryKey: ['dead-letter', id],
    queryFn: () => answerOf(api.GET('/v1/dead-letters/{id}', { params })),
  })
  const decided = async (): Promise<void> => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ['dead-letters'] }),
      client.invalidateQueries({ queryKey: ['dead-letter', id] }),
    ])
  }
  const retry = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/dead-letters/{id}/retry', { params, body: {} })),
    onSettled: decided,
  })
  const drop = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/dead-letters/{id}/drop', { params, body: { reason } })),
    onSettled: decided,
  })
  if (letter.data === undefined) return <ProblemAlert error={problemOf(letter)} />
  const { consumer, error, subject, sequence, attempts, parkedAt, payload, status, decision, masked } = letter.data
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (reason.trim() !== '') drop.mutate()
  }
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Text fw={600}>{consumer}</Text>
        <StatusBadge status={status} />
        <CopyButton value={id} label="Copy id" />
        <CopyButton value={curlOf(`/v1/dead-letters/${id}`)} label="Copy as curl" />
      </Group>
      <Alert color={status === 'open' ? 'orange' : 'gray'} title={error.code}>
        {error.message}
      </Alert>
      <Text size="sm">
        {subject}
        {sequence !== undefined && ` at ${sequence}`}; tried {attempts} times, parked <Moment at={parkedAt} />
      </Text>
      {decision === null ? (
        <Group align="end" component="form" onSubmit={(event) => submit(event)}>
          <Button variant="light" loading={retry.isPending} onClick={() => retry.mutate()}>
            Retry
          </Button>
          <TextInput
            label="Why it is dropped"
            value={reason}
            onChange={({ currentTarget: { value } }) => setReason(value)}
            flex={1}
            miw={180}
          />
          <Button type="submit" variant="default" disabled={reason.trim() === ''} loading={drop.isPending}>
            Drop
          </Button>
        </Group>
      ) : (
        <Text size="sm" role="status">
          {decision.what === 'retried' ? 'Given back' : 'Dropped'} by {decision.by.kind}:{decision.by.id}{' '}
          <Moment at={decision.at} />
          {decision.reason !== undefined && `: ${decision.reason}`}
        </Text>
      )}
      <ProblemAlert error={retry.error ?? drop.error} />
      {masked === true && <Text size="xs">A secret in it was masked.</Text>}
      <Code block tabIndex={0} role="region" aria-label="What it says" mah="50vh" style={{ overflow: 'auto' }}>
        {readable(payload)}
      </Code>
    </Stack>
  )
}

const readable = (payload: string): string => {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2)
  } catch {
    return payload
  }
}
