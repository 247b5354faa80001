// A session again: decided once more on what was said in it, or run once more under another model or prompt.
import { Button, Divider, Group, Modal, NumberInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { SessionView } from '../../../../projections/session-view.ts'
import { answerOf, api } from '../../api/client.ts'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { agentsOf, type Board } from './board.ts'
import { ChangeFields, changesOf, noChange } from './change-fields.tsx'
import { ReplayReport } from './replay-report.tsx'

interface ReplayDialogProps {
  readonly view: SessionView
  readonly board: Board
  readonly onClose: () => void
}

export const ReplayDialog = ({ view, board, onClose }: ReplayDialogProps) => {
  const navigate = useNavigate()
  const params = { path: { id: view.id } }
  const again = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/sessions/{id}/replay', { params, body: null })),
  })
  const [at, setAt] = useState<number | string>('')
  const [title, setTitle] = useState('')
  const [texts, setTexts] = useState(noChange)
  const run = useMutation({
    mutationFn: () => {
      const body = {
        ...(at !== '' && { at: Number(at) }),
        ...(title.trim() !== '' && { title }),
        changes: changesOf(texts),
      }
      return answerOf(api.POST('/v1/sessions/{id}/replays', { params, body }))
    },
    onSuccess: ({ id }) => {
      onClose()
      void navigate({ to: '/sessions/$id', params: { id } })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    run.mutate()
  }
  return (
    <Modal opened onClose={onClose} title="Replay the session" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="sm">
        <Title order={3} size="h5">
          Decided again
        </Title>
        <Text size="sm" c="dimmed">
          On what the model, the tools and people said. Nothing is written and nobody is asked: the events are the same,
          or the first that differs is shown.
        </Text>
        <Group>
          <Button variant="default" loading={again.isPending} onClick={() => again.mutate()}>
            Decide it again
          </Button>
        </Group>
        <ProblemAlert error={again.error} />
        {again.data !== undefined && <ReplayReport sessionId={view.id} report={again.data} />}
        <Divider />
        <Title order={3} size="h5">
          Run again under another model or prompt
        </Title>
        <Text size="sm" c="dimmed">
          A session of its own, whose tools answer what they answered here; no tool server and no person is asked. Its
          model is a real one, and costs what it costs.
        </Text>
        <form onSubmit={submit} aria-label="Run again under another model or prompt">
          <Stack gap="sm">
            <Group grow align="end">
              <TextInput
                label="Title"
                placeholder={`${view.title} (replay)`}
                value={title}
                onChange={(event) => setTitle(event.currentTarget.value)}
              />
              <NumberInput
                label="From version"
                placeholder="where the plan stands"
                value={at}
                onChange={setAt}
                min={1}
                max={view.version}
              />
            </Group>
            <ChangeFields texts={texts} onChange={setTexts} agents={agentsOf(board)} />
            <ProblemAlert error={run.error} />
            <Group justify="end">
              <Button variant="default" onClick={onClose}>
                Close
              </Button>
              <Button type="submit" loading={run.isPending}>
                Run it again
              </Button>
            </Group>
          </Stack>
        </form>
      </Stack>
    </Modal>
  )
}
