// A question that waits for a person, with every answer it takes.
import { Badge, Button, Group, NumberInput, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { answerOf, api } from '../../api/client.ts'
import type { components } from '../../api/schema.d.ts'
import { Moment } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { Approval } from './approval.tsx'
import { ElicitationForm } from './elicitation-form.tsx'
import type { Input, QuestionOf, SendAnswer } from './session-inputs.ts'

type Answer = components['schemas']['InputAnswer']

interface InputCardProps {
  readonly input: Input
  /** Which of how many that wait. */
  readonly place?: string
}

export const InputCard = ({ input, place }: InputCardProps) => {
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
      style={{ borderInlineStart: '4px solid var(--mantine-color-orange-6)' }}
    >
      <Stack gap="xs">
        <Group justify="space-between">
          <Badge color="orange" variant="dot" tt="none">
            {`Waiting for a person${place === undefined ? '' : ` · ${place}`}`}
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
  readonly onAnswer: SendAnswer
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
    case 'elicitation':
      return <ElicitationForm question={question} sending={sending} onAnswer={onAnswer} />
    default:
      return question satisfies never
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
        <Button variant="light" loading={sending} onClick={() => onAnswer({ kind: 'deny', reason: reply })}>
          No answer
        </Button>
      </Group>
    </>
  )
}

interface BudgetProps extends Omit<QuestionProps, 'input'> {
  readonly question: QuestionOf<'budget'>
}

/** Questions and answers count in millionths of a dollar; people do not. */
const units: Readonly<Record<QuestionOf<'budget'>['budget'], { readonly name: string; readonly size: number }>> = {
  tokens: { name: 'tokens', size: 1 },
  cost: { name: 'US dollars', size: 1_000_000 },
  wall_time: { name: 'seconds', size: 1 },
  tool_calls: { name: 'tool calls', size: 1 },
}

const Budget = ({ question, sending, onAnswer }: BudgetProps) => {
  const { name, size } = units[question.budget]
  const [by, setBy] = useState(question.limit / size)
  return (
    <>
      <Text size="sm">
        {`The budget of ${question.day === undefined ? '' : `the org on ${question.day}, in `}${name} is used up: ${question.used / size} of ${question.limit / size}.`}
      </Text>
      <Group gap="xs" align="end">
        <NumberInput
          label={`Raise it by (${name})`}
          value={by}
          min={0}
          onChange={(value) => setBy(Number(value))}
          w={180}
        />
        <Button disabled={by <= 0} loading={sending} onClick={() => onAnswer({ kind: 'raise', by: by * size })}>
          Raise
        </Button>
        <Button variant="light" loading={sending} onClick={() => onAnswer({ kind: 'finish' })}>
          Finish with what there is
        </Button>
      </Group>
    </>
  )
}
