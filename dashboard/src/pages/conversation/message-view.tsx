// One message as it was sent, letter for letter; beside one of the turn before, with what differs marked.
import { Badge, Code, Group, Paper, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { diffWordsWithSpace } from 'diff'
import { useMemo } from 'react'
import { CopyButton } from '../../parts/copy-button.tsx'
import classes from './conversation.module.css'
import type { Change, Message } from './message-diff.ts'

interface MessageViewProps {
  readonly change: Change
}

/** Longer ones show their beginning first. */
const longest = 3_000

/** More than this takes too long to compare word by word. */
const comparable = 60_000

const marks: Readonly<Record<Change['kind'], string>> = { same: '', added: 'new', removed: 'gone', changed: 'changed' }

export const MessageView = ({ change }: MessageViewProps) => {
  const { kind, message } = change
  const [whole, { toggle }] = useDisclosure(false)
  const { role, text, toolCalls = [] } = message
  const isLong = text.length > longest
  return (
    <Paper
      withBorder
      p="xs"
      component="article"
      aria-label={[role, marks[kind]].filter(Boolean).join(', ')}
      className={classes['message'] ?? ''}
      data-kind={kind}
    >
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Badge variant="outline" color="gray" tt="none" size="sm">
            {role}
          </Badge>
          {kind !== 'same' && (
            <Badge variant="light" color={kind === 'removed' ? 'red' : 'blue'} tt="none" size="sm">
              {marks[kind]}
            </Badge>
          )}
          {message.toolCallId !== undefined && (
            <Text size="xs" c="dimmed">
              {message.toolCallId}
            </Text>
          )}
        </Group>
        <Group gap="xs">
          <Text size="xs" c="dimmed">
            {text.length} characters
          </Text>
          <CopyButton value={text} label="Copy" />
        </Group>
      </Group>
      {change.kind === 'changed' && text.length + change.before.text.length <= comparable ? (
        <Differences before={change.before.text} after={text} />
      ) : (
        text !== '' && <pre className={classes['text']}>{isLong && !whole ? text.slice(0, longest) : text}</pre>
      )}
      {change.kind !== 'changed' && isLong && (
        <UnstyledButton onClick={toggle} aria-expanded={whole} fz="xs" c="var(--mantine-color-anchor)">
          {whole ? 'Show less' : `Show all ${text.length} characters`}
        </UnstyledButton>
      )}
      {toolCalls.map(({ id, name, arguments: written }) => (
        <Code key={id} block mt={4}>
          {name} {written}
        </Code>
      ))}
    </Paper>
  )
}

interface DifferencesProps {
  readonly before: Message['text']
  readonly after: Message['text']
}

const Differences = ({ before, after }: DifferencesProps) => {
  const pieces = useMemo(() => diffWordsWithSpace(before, after), [before, after])
  return (
    <pre className={classes['text']}>
      {pieces.map(({ added, removed, value }, index) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one comparison never move.
        if (added) return <ins key={index}>{value}</ins>
        // biome-ignore lint/suspicious/noArrayIndexKey: as above.
        if (removed) return <del key={index}>{short(value)}</del>
        // biome-ignore lint/suspicious/noArrayIndexKey: as above.
        return <span key={index}>{short(value)}</span>
      })}
    </pre>
  )
}

/** What stayed or went is recognised by its ends. */
const short = (text: string): string =>
  text.length <= 1_200 ? text : `${text.slice(0, 600)}\n… ${text.length - 1_200} characters …\n${text.slice(-600)}`
