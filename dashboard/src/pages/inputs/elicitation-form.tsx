// What a tool server asks in the middle of a call: a form, or a link to open.
import {
  Anchor,
  Button,
  Checkbox,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type FormField, fieldsOf, type Value } from './elicited-fields.ts'
import type { QuestionOf, SendAnswer } from './session-inputs.ts'

interface ElicitationFormProps {
  readonly question: QuestionOf<'elicitation'>
  readonly sending: boolean
  readonly onAnswer: SendAnswer
}

export const ElicitationForm = ({ question, sending, onAnswer }: ElicitationFormProps) => {
  const { server, tool, message, request } = question
  const fields = request.mode === 'form' ? fieldsOf(request.requestedSchema) : []
  const [values, setValues] = useState<Readonly<Record<string, Value>>>(() =>
    Object.fromEntries(fields.flatMap(({ name, initial }) => (initial === undefined ? [] : [[name, initial]]))),
  )
  const accept = (event: FormEvent): void => {
    event.preventDefault()
    onAnswer(request.mode === 'form' ? { kind: 'accept', content: { ...values } as never } : { kind: 'accept' })
  }
  const change = (name: string, value: Value | null): void => {
    const { [name]: _, ...others } = values
    setValues(value === null || value === '' ? others : { ...others, [name]: value })
  }
  return (
    <form onSubmit={accept}>
      <Stack gap="xs">
        <Text size="sm">
          <b>{server}</b> asks in the middle of {tool}: {message}
        </Text>
        {request.mode === 'url' && (
          <Text size="sm">
            Open it only if you trust {server}:{' '}
            <Anchor href={request.url} target="_blank" rel="noreferrer noopener">
              {request.url}
            </Anchor>
          </Text>
        )}
        {fields.map((field) => (
          <Field
            key={field.name}
            field={field}
            value={values[field.name]}
            onChange={(value) => change(field.name, value)}
          />
        ))}
        <Group gap="xs">
          <Button type="submit" loading={sending}>
            {request.mode === 'form' ? 'Answer' : 'I did what it asks'}
          </Button>
          <Button variant="light" color="red" loading={sending} onClick={() => onAnswer({ kind: 'decline' })}>
            Decline
          </Button>
          <Button variant="default" loading={sending} onClick={() => onAnswer({ kind: 'cancel' })}>
            Neither
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface FieldProps {
  readonly field: FormField
  readonly value: Value | undefined
  readonly onChange: (value: Value | null) => void
}

const Field = ({ field, value, onChange }: FieldProps) => {
  const { kind, label, description, required, options } = field
  const words = { label, required, ...(description !== undefined && { description }) }
  switch (kind) {
    case 'choice':
      return (
        <Select
          {...words}
          data={[...options]}
          value={typeof value === 'string' ? value : null}
          onChange={onChange}
          clearable
        />
      )
    case 'choices':
      return (
        <MultiSelect
          {...words}
          data={[...options]}
          value={Array.isArray(value) ? [...value] : []}
          onChange={onChange}
        />
      )
    case 'yes_or_no':
      return (
        <Checkbox
          label={label}
          {...(description !== undefined && { description })}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      )
    case 'number':
      return (
        <NumberInput
          {...words}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(typeof next === 'number' ? next : null)}
        />
      )
    case 'text':
      return (
        <TextInput
          {...words}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    default:
      return kind satisfies never
  }
}
