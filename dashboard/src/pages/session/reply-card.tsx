// What a model said in one turn, and while it says it.
import { Anchor, Group, Text } from '@mantine/core'
import { memo, useDeferredValue } from 'react'
import type { EventData } from '../../../../schemas/events.ts'
import { costText } from '../../parts/cost.tsx'
import { ModelText } from '../../parts/model-text.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { CardFrame } from './card-frame.tsx'
import { Folded } from './folded.tsx'
import type { LiveTurn, Written } from './live-text.ts'
import { LongText } from './long-text.tsx'
import { useStoryActions } from './story-actions.ts'

interface ReplyCardProps {
  readonly reply: EventData<'session.model_replied'>
  readonly at: string
  readonly version: number
  readonly name: string
}

export const ReplyCard = ({ reply, at, version, name }: ReplyCardProps) => {
  const { sessionId, agentOf, isHelper } = useStoryActions()
  const { executionId, turn, text, thinking, citations = [], usage, by, durationMs, costMicros, finishReason } = reply
  const cost = { usdMicros: costMicros ?? 0, unpricedReplies: costMicros === undefined ? 1 : 0 }
  return (
    <CardFrame
      who={agentOf(executionId)}
      what={`${isHelper(executionId) ? 'helper, ' : ''}turn ${turn}`}
      at={at}
      simulated={by.simulated}
      fork={{ version }}
      copy={{ label: 'text', value: text.text }}
    >
      {thinking !== undefined && (
        <Folded name={`${name}-thinking`} label="Thinking">
          <ModelText text={thinking.text} />
        </Folded>
      )}
      {text.blob === undefined ? (
        text.text !== '' && <ModelText text={text.text} />
      ) : (
        <LongText sessionId={sessionId} name={`${name}-text`} label="Text" text={text} />
      )}
      {citations.map(({ url, title }) => (
        <Anchor key={url} href={url} rel="noreferrer noopener" target="_blank" size="xs" display="block">
          {`${title ?? 'Source'} (${url})`}
        </Anchor>
      ))}
      <Text size="xs" c="dimmed">
        {`${by.provider}/${by.model} · ${usage.inputTokens} in, ${usage.outputTokens} out · ${(durationMs / 1000).toFixed(1)} s · ${costText(cost)}`}
        {finishReason === 'length' && ' · cut at the length the model may write'}
      </Text>
    </CardFrame>
  )
}

interface LiveCardProps {
  readonly turn: LiveTurn
}

export const LiveCard = memo(({ turn: { executionId, turn, text, thinking, calls } }: LiveCardProps) => {
  const { agentOf, isHelper } = useStoryActions()
  // Markdown of a long text takes longer than the next piece of it.
  const readable = useDeferredValue(shown(text))
  return (
    <CardFrame
      who={agentOf(executionId)}
      what={`${isHelper(executionId) ? 'helper, ' : ''}turn ${turn}, writing`}
      tone="live"
    >
      {thinking.text !== '' && text.text === '' && (
        <Text size="xs" c="dimmed">
          {`Thinking: ${thinking.text.slice(-300)}`}
        </Text>
      )}
      {text.text !== '' && <ModelText text={readable} />}
      {calls.map(({ tool, written }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: calls of a reply keep their places.
        <Group key={index} gap="xs" wrap="nowrap">
          <StatusBadge status="writing" size="xs" />
          <Text size="xs" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
            {`${tool} ${shown(written)}`}
          </Text>
        </Group>
      ))}
    </CardFrame>
  )
})

const shown = ({ from, text }: Written): string => (from > 0 ? `… ${text}` : text)
