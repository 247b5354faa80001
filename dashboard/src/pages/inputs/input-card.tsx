// A question that waits for a person, with every answer it takes.
import { Badge, Button, Group, JsonInput, NumberInput, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { answerOf, api } from '../../api/client.ts'
import type { components } from '../../api/schema.d.ts'
import { Moment } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import type { Input } from './session-inputs.ts'

type Answer = components['schemas']['InputAnswer']

interface InputCardProps {
  readonly input: Input
}

export const InputCard = ({ input }: InputCardProps) => {
  const [error, setError] = useState<Error | null>(null)
  const [sending, setSending] = useState(false)
  const answer = async (body: Answer): Promise<void> => {
    setSending(true)
    setError(null)
    try {
      await answerOf(api.POST('/v1/inputs/{id}/answer', { params: { path: { id: input.id } }, body }))
    } catch (problem) {
      setError(problem instanceof Error ? problem : new Error(String(problem)))
    } finally {
      setSending(false)
    }
  }
  return (
    <Paper
      withBorder
      p="sm"
      component="section"
      aria-label="Waiting for a person"
      pos="sticky"
      top={56}
      style={{ zIndex: 5, borderInlineStart: '4px solid var(--mantine-color-orange-6)' }}
    >
      <Stack gap="xs">
        <Group justify="space-between">
          <Badge color="orange" variant="light" tt="none">
            Waiting for a person
          </Badge>
          <Text size="xs" c="dimmed">
            asked <Moment at={input.requestedAt} />, expires <Moment at={input.expiresAt} />
          </Text>
        </Group>
        <Question input={input} sending={sending} onAnswer={(body) => void answer(body)} />
        <ProblemAlert error={error} />
      </Stack>
    </Paper>
  )
}

interface QuestionProps extends InputCardProps {
  readonly sending: boolean
  readonly onAnswer: (answer: Answer) => void
}

const Question = ({ input, sending, onAnswer }: QuestionProps) => {
  const { question } = input
  switch (question.kind) {
    case 'tool_approval':
      return <Approval question={question} sending={sending} onAnswer={onAnswer} />
    case 'question':
      return <OpenQuestion text={question.text} sending={sending} onAnswer={onAnswer} />
    case 'budget':
      return <Budget question={question} sending={sending} onAnswer={onAnswer} />
    default:
      return <Text size="sm">Answer it with `casebook inputs show {input.id}`.</Text>
  }
}

type QuestionOf<K extends Input['question']['kind']> = Extract<Input['question'], { readonly kind: K }>

interface ApprovalProps extends Omit<QuestionProps, 'input'> {
  readonly question: QuestionOf<'tool_approval'>
}

const Approval = ({ question, sending, onAnswer }: ApprovalProps) => {
  const written = JSON.stringify(question.arguments, null, 2)
  const [edited, setEdited] = useState(written)
  const [reason, setReason] = useState('')
  const parsed = parseJson(edited)
  const approve = (scope: 'once' | 'session'): void =>
    onAnswer({ kind: 'approve', scope, ...(edited !== written && { arguments: parsed.value as never }) })
  return (
    <>
      <Text size="sm">
        <b>{question.name}</b> on <b>{question.server}</b> ({question.effect.replaceAll('_', ' ')}): {question.reason}
      </Text>
      <JsonInput
        label="Arguments"
        value={edited}
        onChange={setEdited}
        error={parsed.ok ? undefined : 'This is no JSON.'}
        autosize
        minRows={2}
        maxRows={12}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <Group gap="xs" align="end">
        <Button disabled={!parsed.ok} loading={sending} onClick={() => approve('once')}>
          {edited === written ? 'Approve once' : 'Approve as edited'}
        </Button>
        <Button variant="light" disabled={!parsed.ok} loading={sending} onClick={() => approve('session')}>
          Approve for the session
        </Button>
        <TextInput
          aria-label="Reason to deny"
          placeholder="Reason to deny"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          flex={1}
          miw={160}
        />
        <Button color="red" variant="light" loading={sending} onClick={() => onAnswer({ kind: 'deny', reason })}>
          Deny
        </Button>
      </Group>
    </>
  )
}

const parseJson = (text: string): { readonly ok: boolean; readonly value?: unknown } => {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false }
  }
}

interface OpenQuestionProps extends Omit<QuestionProps, 'input'> {
  readonly text: string
}

const OpenQuestion = ({ text, sending, onAnswer }: OpenQuestionProps) => {
  const [reply, setReply] = useState('')
  return (
    <>
      <Text size="sm">{text}</Text>
      <Group gap="xs">
        <TextInput
          aria-label="Your answer"
          value={reply}
          onChange={(event) => setReply(event.currentTarget.value)}
          flex={1}
        />
        <Button
          disabled={reply.trim() === ''}
          loading={sending}
          onClick={() => onAnswer({ kind: 'reply', text: reply })}
        >
          Answer
        </Button>
      </Group>
    </>
  )
}

interface BudgetProps extends Omit<QuestionProps, 'input'> {
  readonly question: QuestionOf<'budget'>
}

const Budget = ({ question, sending, onAnswer }: BudgetProps) => {
  const [by, setBy] = useState<number>(question.limit)
  return (
    <>
      <Text size="sm">
        The budget of {question.budget.replaceAll('_', ' ')} is used up: {question.used} of {question.limit}.
      </Text>
      <Group gap="xs" align="end">
        <NumberInput label="Raise it by" value={by} min={0} onChange={(value) => setBy(Number(value))} w={160} />
        <Button disabled={by <= 0} loading={sending} onClick={() => onAnswer({ kind: 'raise', by })}>
          Raise
        </Button>
        <Button variant="light" loading={sending} onClick={() => onAnswer({ kind: 'finish' })}>
          Finish with what there is
        </Button>
      </Group>
    </>
  )
}
