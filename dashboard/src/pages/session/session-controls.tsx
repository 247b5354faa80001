// What a person can do to a session at work: say something, pause, resume, cancel.
import { Button, Group, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import type { SessionView } from '../../../../projections/session-view.ts'
import { answerOf, api } from '../../api/client.ts'

interface SessionControlsProps {
  readonly view: SessionView
}

const tell = async (what: string, asked: Promise<unknown>): Promise<boolean> => {
  try {
    await asked
    return true
  } catch (error) {
    notifications.show({ color: 'red', title: what, message: error instanceof Error ? error.message : String(error) })
    return false
  }
}

export const SessionControls = ({ view }: SessionControlsProps) => {
  const [text, setText] = useState('')
  const params = { path: { id: view.id } }
  if (view.endedAt !== null) return null
  const say = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (text.trim() === '') return
    const sent = await tell('Not sent', answerOf(api.POST('/v1/sessions/{id}/messages', { params, body: { text } })))
    if (sent) setText('')
  }
  return (
    <Group gap="xs" component="form" onSubmit={(event) => void say(event as unknown as FormEvent)}>
      <TextInput
        aria-label="Say something to the agents"
        placeholder="Say something to the agents at work"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        flex={1}
        miw={200}
      />
      <Button type="submit" variant="light">
        Send
      </Button>
      {view.paused ? (
        <Button
          variant="default"
          onClick={() =>
            void tell('Not resumed', answerOf(api.POST('/v1/sessions/{id}/resume', { params, body: null })))
          }
        >
          Resume
        </Button>
      ) : (
        <Button
          variant="default"
          onClick={() => void tell('Not paused', answerOf(api.POST('/v1/sessions/{id}/pause', { params, body: {} })))}
        >
          Pause
        </Button>
      )}
      <Button
        variant="default"
        c="red"
        onClick={() => void tell('Not cancelled', answerOf(api.POST('/v1/sessions/{id}/cancel', { params, body: {} })))}
      >
        Cancel
      </Button>
    </Group>
  )
}
