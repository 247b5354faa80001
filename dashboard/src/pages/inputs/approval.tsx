// May this call be made? With its arguments, which can be changed, and with what it may do.
import { Badge, Button, Group, JsonInput, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { QuestionOf, SendAnswer } from './session-inputs.ts'

interface ApprovalProps {
  readonly question: QuestionOf<'tool_approval'>
  readonly sending: boolean
  readonly onAnswer: SendAnswer
}

const risks = {
  read_only: { label: 'only reads', color: 'green' },
  idempotent: { label: 'changes something, may be repeated', color: 'yellow' },
  unsafe: { label: 'may change something', color: 'red' },
} as const

export const Approval = ({ question, sending, onAnswer }: ApprovalProps) => {
  const written = JSON.stringify(question.arguments, null, 2)
  const [edited, setEdited] = useState(written)
  const [reason, setReason] = useState('')
  const parsed = parseJson(edited)
  const risk = risks[question.effect]
  const approve = (scope: 'once' | 'session'): void =>
    onAnswer({ kind: 'approve', scope, ...(edited !== written && { arguments: parsed.value }) })
  return (
    <>
      <Group gap="xs">
        <Text size="sm">
          May <b>{question.name}</b> be called on <b>{question.server}</b>?
        </Text>
        <Badge color={risk.color} variant="dot" tt="none">
          {risk.label}
        </Badge>
      </Group>
      <Text size="sm" c="dimmed">
        Asked because {question.reason}.
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
          miw={140}
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
