// A call of a tool: what was asked, how it goes, what came back.
import { Button, Group, Text } from '@mantine/core'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { CardFrame } from './card-frame.tsx'
import type { ToolCard } from './cards.ts'
import { LongText } from './long-text.tsx'
import { saveBlob } from './save-blob.ts'
import { useStoryActions } from './story-actions.ts'

interface ToolCardViewProps {
  readonly card: ToolCard
  /** What the tool says while it works. */
  readonly progress: string
}

const risks = { read_only: 'only reads', idempotent: 'may be repeated', unsafe: 'may change something' } as const

export const ToolCardView = ({
  card: { request, attempts, result, shown, at, version },
  progress,
}: ToolCardViewProps) => {
  const { sessionId, agentOf } = useStoryActions()
  const { toolCallId, name, executionId, effect } = request
  const outcome = result?.outcome ?? (attempts > 0 ? 'running' : 'requested')
  const written = JSON.stringify(request.arguments, null, 1)
  return (
    <CardFrame
      who={agentOf(executionId)}
      what={name}
      at={at}
      tone={outcome === 'succeeded' || result === null ? 'plain' : 'bad'}
      fork={{ version, call: { id: toolCallId, name, text: result?.content.text ?? '' } }}
      copy={{ label: 'id of the call', value: toolCallId }}
    >
      <Group gap="xs">
        <StatusBadge status={outcome} size="xs" />
        <Text size="xs" c="dimmed">
          {risks[effect]}
          {attempts > 1 && `, attempt ${attempts}`}
          {result !== null && `, ${result.durationMs} ms`}
        </Text>
      </Group>
      {written !== '{}' && (
        <LongText
          sessionId={sessionId}
          name={`${toolCallId}-arguments`}
          label="Arguments"
          text={{ text: written.replaceAll(/\n */g, ' ') }}
        />
      )}
      {progress !== '' && result === null && (
        <Text size="xs" ff="monospace" aria-live="polite">
          {progress.trimEnd().split('\n').at(-1)}
        </Text>
      )}
      {result !== null && (
        <LongText sessionId={sessionId} name={`${toolCallId}-result`} label="Result" text={result.content} />
      )}
      {shown !== null && (
        <LongText
          sessionId={sessionId}
          name={`${toolCallId}-shown`}
          label={shown.how === 'summary' ? 'The agent was shown this summary' : 'The agent was shown this excerpt'}
          text={shown.text}
        />
      )}
      {result?.attachments?.map(({ blob, type, mediaType, bytes }) => (
        <Button
          key={blob}
          size="compact-xs"
          variant="subtle"
          onClick={() => void saveBlob(sessionId, blob, `${toolCallId}-${type}`)}
        >
          {`Download ${type} (${mediaType}, ${bytes} B)`}
        </Button>
      ))}
    </CardFrame>
  )
}
