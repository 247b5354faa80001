// One card of the story.
import { Badge, Code, Collapse, Group, Paper, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { ModelText } from '../../parts/model-text.tsx'
import { Moment } from '../../parts/moment.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import type { Card, Tone } from './cards.ts'

interface CardViewProps {
  readonly card: Card
  /** Names by execution id. */
  readonly agentOf: (executionId: string) => string
}

const tones: Readonly<Record<Tone, string>> = { plain: 'gray', good: 'green', bad: 'red', ask: 'orange' }

export const CardView = ({ card, agentOf }: CardViewProps) => {
  switch (card.kind) {
    case 'stage':
      return (
        <article>
          <Text component="h2" size="sm" fw={600} my="xs">
            {`Stage ${card.index + 1} of ${card.total}: ${card.name}`}
          </Text>
        </article>
      )
    case 'reply': {
      const { reply } = card
      return (
        <Framed
          who={agentOf(reply.executionId)}
          what={`turn ${reply.turn}`}
          at={card.at}
          simulated={reply.by.simulated}
        >
          {reply.thinking !== undefined && <Folded label="Thinking">{reply.thinking.text}</Folded>}
          {reply.text.text !== '' && <ModelText text={reply.text.text} />}
        </Framed>
      )
    }
    case 'tool': {
      const { request, result, begun } = card
      const outcome = result?.outcome ?? (begun ? 'running' : 'requested')
      return (
        <Framed who={agentOf(request.executionId)} what={request.name} at={card.at}>
          <Group gap="xs">
            <StatusBadge status={outcome} size="xs" />
            <Code>{JSON.stringify(request.arguments)}</Code>
          </Group>
          {result !== null && <Folded label={`Result (${result.durationMs} ms)`}>{result.content.text}</Folded>}
        </Framed>
      )
    }
    case 'refused':
      return (
        <Framed who={agentOf(card.refusal.executionId)} what={`${card.refusal.name} refused`} at={card.at} color="red">
          <Text size="sm">{card.refusal.message}</Text>
        </Framed>
      )
    case 'note':
      return (
        <Framed who={card.title} at={card.at} color={tones[card.tone]}>
          {card.text !== '' && <ModelText text={card.text} />}
        </Framed>
      )
    default:
      return card satisfies never
  }
}

interface FramedProps {
  readonly who: string
  readonly what?: string
  readonly at?: string
  readonly color?: string
  readonly simulated?: boolean
  readonly children?: ReactNode
}

export const Framed = ({ who, what, at, color, simulated = false, children }: FramedProps) => (
  <Paper
    withBorder
    p="xs"
    mb="xs"
    component="article"
    aria-label={[who, what].filter(Boolean).join(', ')}
    style={color === undefined ? undefined : { borderInlineStart: `3px solid var(--mantine-color-${color}-6)` }}
  >
    <Group justify="space-between" gap="xs" wrap="nowrap">
      <Text size="sm" fw={600} lineClamp={1}>
        {who}
        {what !== undefined && (
          <Text span c="dimmed" fw={400}>
            {` · ${what}`}
          </Text>
        )}
        {simulated && (
          <Badge ml={6} size="xs" variant="outline" tt="none" color="gray">
            simulated
          </Badge>
        )}
      </Text>
      {at !== undefined && (
        <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          <Moment at={at} />
        </Text>
      )}
    </Group>
    {children}
  </Paper>
)

interface FoldedProps {
  readonly label: string
  readonly children: string
}

const Folded = ({ label, children }: FoldedProps) => {
  const [opened, { toggle }] = useDisclosure(false)
  return (
    <>
      <UnstyledButton onClick={toggle} aria-expanded={opened}>
        <Text size="xs" c="dimmed">
          {opened ? '▾' : '▸'} {label}
        </Text>
      </UnstyledButton>
      <Collapse expanded={opened}>
        <Code block mah={400} style={{ overflow: 'auto' }} tabIndex={0}>
          {children}
        </Code>
      </Collapse>
    </>
  )
}
