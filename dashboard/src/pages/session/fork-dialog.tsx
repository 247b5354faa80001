// A session that goes on from a version of this one, with something changed.
import { Button, Group, Modal, NumberInput, Stack, Textarea, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { SessionView } from '../../../../projections/session-view.ts'
import { answerOf, api } from '../../api/client.ts'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { agentsOf, type Board } from './board.ts'
import { CallChoice } from './call-choice.tsx'
import { ChangeFields, changesOf, noChange } from './change-fields.tsx'
import type { ForkFrom } from './story-actions.ts'

interface ForkDialogProps {
  readonly view: Pick<SessionView, 'id' | 'title' | 'version'>
  readonly board: Board
  readonly from: ForkFrom
  readonly onClose: () => void
}

export const ForkDialog = ({ view, board, from, onClose }: ForkDialogProps) => {
  const navigate = useNavigate()
  const [at, setAt] = useState<number | string>(from.version)
  const [title, setTitle] = useState('')
  const [texts, setTexts] = useState(noChange)
  const [call, setCall] = useState(from.call)
  const [answer, setAnswer] = useState(from.call?.text ?? '')
  const [error, setError] = useState<Error | null>(null)
  const [sending, setSending] = useState(false)
  const changes = {
    ...changesOf(texts),
    ...(call !== undefined &&
      answer !== call.text && {
        toolResults: [{ toolCallId: call.id, outcome: 'succeeded' as const, text: answer }],
      }),
  }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setSending(true)
    setError(null)
    try {
      const { id } = await answerOf(
        api.POST('/v1/sessions/{id}/fork', {
          params: { path: { id: view.id } },
          body: { at: Number(at), ...(title.trim() !== '' && { title }), changes },
        }),
      )
      onClose()
      await navigate({ to: '/sessions/$id', params: { id } })
    } catch (problem) {
      setError(problem instanceof Error ? problem : new Error(String(problem)))
    } finally {
      setSending(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title="Fork the session" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <NumberInput
            label="From version"
            description="What happened up to there is shared; this session stays as it is."
            value={at}
            onChange={setAt}
            min={1}
            max={view.version}
            required
          />
          <TextInput
            label="Title"
            placeholder={`${view.title} (fork at ${at})`}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          {from.call === undefined && (
            <CallChoice
              sessionId={view.id}
              onChoose={(chosen) => {
                setCall(chosen)
                setAnswer(chosen?.text ?? '')
              }}
            />
          )}
          {call !== undefined && (
            <Textarea
              label={`Result of ${call.name}`}
              description="Another text takes its place."
              value={answer}
              onChange={(event) => setAnswer(event.currentTarget.value)}
              autosize
              minRows={2}
              maxRows={8}
            />
          )}
          <ChangeFields texts={texts} onChange={setTexts} agents={agentsOf(board)} />
          <ProblemAlert error={error} />
          <Group justify="end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={sending}>
              Fork
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
