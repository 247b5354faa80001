// One turn: how full the window was, what was sent, which tools were offered, and what came back.
import { Button, Code, Group, Paper, Stack, Switch, Text } from '@mantine/core'
import { useMemo, useState } from 'react'
import { inheritedId } from '../../../../domain/session/inherit.ts'
import { AnchorLink } from '../../parts/anchor-link.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { curlOf } from '../../parts/curl.ts'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { ContextGauge } from './context-gauge.tsx'
import classes from './conversation.module.css'
import { type Change, diffMessages } from './message-diff.ts'
import { MessageView } from './message-view.tsx'
import type { ConversationTurn } from './use-conversation.ts'

interface TurnViewProps {
  readonly sessionId: string
  readonly shown: ConversationTurn
  /** Null for the first. */
  readonly before: ConversationTurn | null
  readonly compactedThrough: number | null
  /** Of what a fork shares: the session it happened in. */
  readonly inheritedFrom: string | null
  readonly all: boolean
  readonly onAll: (all: boolean) => void
}

export const TurnView = ({ sessionId, shown, before, compactedThrough, inheritedFrom, all, onAll }: TurnViewProps) => {
  const changes = useMemo(
    () =>
      before === null || all
        ? shown.messages.map((message): Change => ({ kind: 'same', message }))
        : diffMessages(before.messages, shown.messages),
    [before, shown, all],
  )
  const path = `/v1/sessions/${sessionId}/executions/${shown.executionId}/turns/${shown.turn}?attempt=${shown.attempt}`
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Text component="h2" size="md" fw={600}>
            {shown.agent}, turn {shown.turn}
            {shown.attempt > 1 && `, attempt ${shown.attempt}`}
          </Text>
          <StatusBadge status={shown.status} />
        </Group>
        <Group gap="xs">
          <CopyButton value={JSON.stringify(shown.messages, null, 2)} label="Copy messages" />
          <CopyButton value={curlOf(path)} label="Copy as curl" />
        </Group>
      </Group>
      {inheritedFrom !== null && (
        <Text size="sm">
          Inherited: it was asked in{' '}
          <AnchorLink
            to="/sessions/$id/conversation"
            params={{ id: inheritedFrom }}
            search={{
              execution: inheritedId(shown.executionId, sessionId, inheritedFrom),
              turn: shown.turn,
              attempt: shown.attempt,
            }}
            size="sm"
          >
            {inheritedFrom}
          </AnchorLink>
          .
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {shown.provider}, {shown.model}
        {shown.mode === 'nudge' && '; told to go on'}
        {shown.mode === 'forced_conclusion' && '; made to conclude'}
        {compactedThrough !== null && `; turns 1 to ${compactedThrough} gave way to its own summary`}
      </Text>
      <ContextGauge messages={shown.messages} promptTokens={shown.promptTokens} contextTokens={shown.contextTokens} />
      <Tools tools={shown.tools} />
      <Group justify="space-between">
        <Text component="h3" size="sm" fw={600}>
          Sent: {shown.messages.length} messages
        </Text>
        {before !== null && (
          <Switch
            size="sm"
            label="Only what is new"
            checked={!all}
            onChange={(event) => onAll(!event.currentTarget.checked)}
          />
        )}
      </Group>
      {before === null || all
        ? changes.map((change, index) => <MessageView key={keyAt(index)} change={change} />)
        : runsOf(changes).map((run, index) =>
            run[0]?.kind === 'same' ? (
              <Unchanged key={keyAt(index)} run={run} turn={before.turn} />
            ) : (
              run.map((change, place) => <MessageView key={keyAt(index, place)} change={change} />)
            ),
          )}
      <Answer shown={shown} />
    </Stack>
  )
}

/** Messages of a turn never move: their place tells them apart. */
const keyAt = (...place: readonly number[]): string => place.join('.')

const runsOf = (changes: readonly Change[]): readonly (readonly Change[])[] => {
  const runs: Change[][] = []
  for (const change of changes) {
    const last = runs.at(-1)
    if (last !== undefined && (last[0]?.kind === 'same') === (change.kind === 'same')) last.push(change)
    else runs.push([change])
  }
  return runs
}

const Unchanged = ({ run, turn }: { readonly run: readonly Change[]; readonly turn: number }) => {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button variant="subtle" size="compact-xs" onClick={() => setOpened(!opened)} aria-expanded={opened}>
        {opened ? '▾' : '▸'} {run.length === 1 ? '1 message' : `${run.length} messages`} as in turn {turn}
      </Button>
      {opened && run.map((change, index) => <MessageView key={keyAt(index)} change={change} />)}
    </>
  )
}

const Tools = ({ tools }: Pick<ConversationTurn, 'tools'>) =>
  tools.length === 0 ? (
    <Text size="sm">No tools offered</Text>
  ) : (
    <details className={classes['folded']}>
      <summary>{tools.length === 1 ? '1 tool' : `${tools.length} tools`} offered</summary>
      {tools.map(({ name, description, effect, inputSchema }) => (
        <details key={name} className={classes['tool']}>
          <summary>
            {name} ({effect.replaceAll('_', ' ')})
          </summary>
          <Text size="sm">{description}</Text>
          <Code block>{JSON.stringify(inputSchema, null, 2)}</Code>
        </details>
      ))}
    </details>
  )

const Answer = ({ shown: { reply, failure, status } }: Pick<TurnViewProps, 'shown'>) => {
  if (failure !== null) {
    return (
      <Paper withBorder p="xs" component="section" aria-label="Failure">
        <Text size="sm" fw={600}>
          The model failed ({failure.class})
        </Text>
        <pre className={classes['text']}>{failure.message}</pre>
        {failure.partialText !== undefined && <pre className={classes['text']}>{failure.partialText}</pre>}
      </Paper>
    )
  }
  if (reply === null) {
    return <Text c="dimmed">{status === 'open' ? 'Not answered yet.' : 'It was not answered.'}</Text>
  }
  const { usage, durationMs, firstTokenMs, costMicros } = reply
  return (
    <section aria-label="Answer">
      <Text component="h3" size="sm" fw={600}>
        Answered
      </Text>
      <Text size="xs" c="dimmed" mb={4}>
        {usage.outputTokens} tokens out, {durationMs} ms
        {firstTokenMs !== undefined && `, the first after ${firstTokenMs} ms`}
        {costMicros !== undefined && `, $${(costMicros / 1e6).toFixed(4)}`}; ended by{' '}
        {reply.finishReason.replaceAll('_', ' ')}
        {reply.by.simulated && '; simulated'}
      </Text>
      {reply.thinking !== undefined && (
        <details className={classes['folded']}>
          <summary>Thinking</summary>
          <pre className={classes['text']}>{reply.thinking.text}</pre>
        </details>
      )}
      <MessageView
        change={{
          kind: 'same',
          message: {
            role: 'assistant',
            text: reply.text.text,
            toolCalls: reply.toolCalls.map(({ toolCallId, ...call }) => ({ id: toolCallId, ...call })),
          },
        }}
      />
    </section>
  )
}
