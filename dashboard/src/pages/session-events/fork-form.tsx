// A fork from the version that is looked at: what it shares, and what is different from there on.
import { Button, Group, Modal, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { answerOf, api } from '../../api/client.ts'
import { ProblemAlert } from '../../parts/problem-alert.tsx'

interface ForkFormProps {
  readonly id: string
  readonly at: number
  readonly opened: boolean
  readonly onClose: () => void
}

const nothing = { title: '', instructions: '', task: '', model: '', useAgent: '', agent: '', call: '', result: '' }

export const ForkForm = ({ id, at, opened, onClose }: ForkFormProps) => {
  const navigate = useNavigate()
  const [fields, setFields] = useState(nothing)
  const calls = useQuery({
    queryKey: ['tool-calls', id],
    queryFn: () =>
      answerOf(api.GET('/v1/sessions/{id}/tool-calls', { params: { path: { id }, query: { limit: 200 } } })),
    enabled: opened,
  })
  const fork = useMutation({
    mutationFn: () =>
      answerOf(api.POST('/v1/sessions/{id}/fork', { params: { path: { id } }, body: bodyOf(at, fields) })),
    onSuccess: (made) => void navigate({ to: '/sessions/$id', params: { id: made.id } }),
  })
  const set = (name: keyof typeof nothing) => (event: { readonly currentTarget: { readonly value: string } }) => {
    const { value } = event.currentTarget
    setFields((before) => ({ ...before, [name]: value }))
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    fork.mutate()
  }
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Fork from version ${at}`}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            A session of its own that shares the first {at} events and goes on by itself. This one is not touched. What
            is left empty stays as it is.
          </Text>
          <TextInput label="Title" value={fields.title} onChange={set('title')} data-autofocus />
          <Textarea
            label="Instructions"
            description="In place of the agents' own."
            value={fields.instructions}
            onChange={set('instructions')}
            autosize
            minRows={2}
          />
          <Textarea label="Task of the stage" value={fields.task} onChange={set('task')} autosize />
          <Group grow align="start">
            <TextInput label="Model" placeholder="provider/model" value={fields.model} onChange={set('model')} />
            <TextInput label="Another agent" value={fields.useAgent} onChange={set('useAgent')} />
            <TextInput label="Only for the agent" value={fields.agent} onChange={set('agent')} />
          </Group>
          <NativeSelect
            label="Another answer to a call"
            value={fields.call}
            onChange={set('call')}
            data={[
              { value: '', label: 'None' },
              ...(calls.data?.items ?? []).map((call) => ({
                value: call.id,
                label: `${call.name} · turn ${call.turn} · ${call.status}`,
              })),
            ]}
          />
          {fields.call !== '' && (
            <Textarea label="What the tool is to have said" value={fields.result} onChange={set('result')} autosize />
          )}
          <ProblemAlert error={fork.error} />
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={fork.isPending}>
              Fork
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

const bodyOf = (at: number, { title, instructions, task, model, useAgent, agent, call, result }: typeof nothing) => {
  const [provider = '', ...rest] = model.trim().split('/')
  const given = (name: string, value: string) => (value.trim() === '' ? {} : { [name]: value.trim() })
  return {
    at,
    ...given('title', title),
    changes: {
      ...given('instructions', instructions),
      ...given('task', task),
      ...given('useAgent', useAgent),
      ...given('agent', agent),
      ...(model.trim() !== '' && { model: { provider, model: rest.join('/') } }),
      ...(call !== '' && { toolResults: [{ toolCallId: call, outcome: 'succeeded' as const, text: result }] }),
    },
  }
}
