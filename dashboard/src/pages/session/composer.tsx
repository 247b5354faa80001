// Where a person speaks: to the agents while they work, and to one who answers once the session has ended.
import { Button, Group, Select, Textarea } from '@mantine/core'
import { type FormEvent, type KeyboardEvent, memo, useState } from 'react'
import type { SessionView } from '../../../../projections/session-view.ts'
import { answerOf, api } from '../../api/client.ts'
import { tell } from './tell.ts'

interface ComposerProps {
  readonly view: SessionView
  readonly agentOf: (executionId: string) => string
}

const everyone = 'everyone'

export const Composer = memo(({ view, agentOf }: ComposerProps) => {
  const [text, setText] = useState('')
  const [to, setTo] = useState<string>(everyone)
  const [sending, setSending] = useState(false)
  const params = { path: { id: view.id } }
  const atWork = [...view.executions, ...view.helpers].filter(({ status }) => status === 'running')
  const asks = view.endedAt !== null
  const label = asks ? 'Ask about this session' : 'Say something to the agents'

  const send = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault()
    if (text.trim() === '' || sending) return
    setSending(true)
    const one = atWork.some(({ id }) => id === to) ? { executionId: to } : {}
    const sent = await tell(
      'Not sent',
      asks
        ? answerOf(api.POST('/v1/sessions/{id}/chat', { params, body: { text } }))
        : answerOf(api.POST('/v1/sessions/{id}/messages', { params, body: { text, ...one } })),
    )
    setSending(false)
    if (sent) setText('')
  }
  const key = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    void send()
  }
  return (
    <Group gap="xs" component="form" align="end" wrap="nowrap" onSubmit={(event) => void send(event)}>
      <Textarea
        aria-label={label}
        placeholder={`${label} …`}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={key}
        autosize
        minRows={1}
        maxRows={6}
        flex={1}
      />
      {!asks && atWork.length > 1 && (
        <Select
          aria-label="To whom"
          w={150}
          allowDeselect={false}
          value={atWork.some(({ id }) => id === to) ? to : everyone}
          onChange={(value) => setTo(value ?? everyone)}
          data={[
            { value: everyone, label: 'everyone' },
            ...atWork.map(({ id }) => ({ value: id, label: agentOf(id) })),
          ]}
        />
      )}
      <Button type="submit" variant="light" loading={sending}>
        {asks ? 'Ask' : 'Send'}
      </Button>
    </Group>
  )
})
