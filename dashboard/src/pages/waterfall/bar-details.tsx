// What is known of one bar: its times, what it used, what it was called with, and where else it is told of.
import { Code, Drawer, Group, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { WaterfallBar } from '../../../../projections/waterfall-view.ts'
import { answerOf, api } from '../../api/client.ts'
import { useLive } from '../../api/use-live.ts'
import { AnchorLink } from '../../parts/anchor-link.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { LinkButton } from '../../parts/link-button.tsx'
import { resultText } from '../../parts/result-text.ts'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { dollars, duration, kindWords } from './bar-words.ts'
import type { ShownBar } from './inherited-bars.ts'
import { lengthsOf, spanOf } from './spans.ts'

interface BarDetailsProps {
  readonly sessionId: string
  readonly bar: ShownBar | null
  readonly origin: number
  readonly now: number
  readonly onClose: () => void
}

export const BarDetails = ({ bar, onClose, ...rest }: BarDetailsProps) => (
  <Drawer
    opened={bar !== null}
    onClose={onClose}
    position="right"
    title={bar === null ? '' : `${kindWords[bar.kind]} ${bar.name}`}
    closeButtonProps={{ 'aria-label': 'Close' }}
  >
    {bar !== null && <Details shown={bar} {...rest} />}
  </Drawer>
)

interface DetailsProps extends Pick<BarDetailsProps, 'sessionId' | 'origin' | 'now'> {
  readonly shown: ShownBar
}

/** What a fork shares is told where it happened. */
const Details = ({ shown, sessionId: own, origin, now }: DetailsProps) => {
  const { sessionId, bar } = shown.inherited ?? { sessionId: own, bar: shown }
  const params = { id: sessionId }
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <StatusBadge status={bar.status} />
        <CopyButton value={bar.id} label="Copy id" />
      </Group>
      {shown.inherited !== undefined && (
        <Text size="sm">
          Inherited: it happened in{' '}
          <AnchorLink to="/sessions/$id/waterfall" params={params} search={{ bar: bar.id }} size="sm">
            {sessionId}
          </AnchorLink>
          {shown.inherited.open && ', and was under way where this session was forked'}.
        </Text>
      )}
      <Facts bar={bar} after={Date.parse(shown.askedAt) - origin} now={now} />
      {bar.kind === 'tool' && <ToolCall sessionId={sessionId} callId={bar.id} status={bar.status} />}
      <Group gap="xs">
        {bar.kind === 'child' ? (
          <AnchorLink to="/sessions/$id" params={{ id: bar.id }} size="sm">
            Open this session
          </AnchorLink>
        ) : (
          <>
            <LinkButton to="/sessions/$id" params={params} hash={partOf(bar)}>
              In the story
            </LinkButton>
            <LinkButton to="/sessions/$id/events" params={params} search={{ at: bar.version }}>
              In the event log
            </LinkButton>
          </>
        )}
        {bar.kind === 'model' && bar.turn !== undefined && (
          <LinkButton
            to="/sessions/$id/conversation"
            params={params}
            search={{
              ...(bar.parent !== null && { execution: bar.parent }),
              turn: bar.turn,
              ...(bar.attempt !== undefined && { attempt: bar.attempt }),
            }}
          >
            What it was sent
          </LinkButton>
        )}
      </Group>
    </Stack>
  )
}

interface FactsProps {
  readonly bar: WaterfallBar
  /** Since the first of what is shown, in milliseconds. */
  readonly after: number
  readonly now: number
}

const Facts = ({ bar, after, now }: FactsProps) => {
  const { from, to } = spanOf(bar, now)
  const { queued, waiting, running } = lengthsOf(bar, now)
  const { inputTokens, outputTokens, cachedInputTokens = 0, reasoningTokens = 0 } = bar.usage
  const facts: readonly (readonly [string, string])[] = [
    ['Asked for', `${new Date(from).toISOString()} (after ${duration(after)})`],
    ...(bar.endedAt === null ? [] : [['Ended', new Date(to).toISOString()] as const]),
    ['Took', duration(to - from)],
    ['Queued', duration(queued)],
    ['Waited for a person', duration(waiting)],
    ['Ran', duration(running)],
    ...(inputTokens + outputTokens === 0
      ? []
      : [
          [
            'Tokens in',
            `${inputTokens}${cachedInputTokens > 0 ? `, of them ${cachedInputTokens} cached` : ''}`,
          ] as const,
          [
            'Tokens out',
            `${outputTokens}${reasoningTokens > 0 ? `, of them ${reasoningTokens} reasoning` : ''}`,
          ] as const,
          ['Cost', bar.costMicros === 0 ? 'none known' : dollars(bar.costMicros)] as const,
        ]),
  ]
  return (
    <Table>
      <Table.Tbody>
        {facts.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row">{name}</Table.Th>
            <Table.Td>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

interface ToolCallProps {
  readonly sessionId: string
  readonly callId: string
  /** Read again when it changes. */
  readonly status: string
}

const ToolCall = ({ sessionId, callId, status }: ToolCallProps) => {
  const live = useLive()
  const { data } = useQuery({
    queryKey: ['sessions', sessionId, 'tool-calls', callId, status],
    queryFn: () => {
      const after = live.seen()
      const params = { path: { id: sessionId, callId }, query: { ...(after !== undefined && { after }) } }
      return answerOf(api.GET('/v1/sessions/{id}/tool-calls/{callId}', { params }))
    },
  })
  if (data === undefined) return null
  return (
    <>
      <Text size="sm" fw={600}>
        Arguments
      </Text>
      <Code block mah={240} tabIndex={0}>
        {JSON.stringify(data.arguments, null, 2)}
      </Code>
      {data.result != null && (
        <>
          <Text size="sm" fw={600}>
            Result
          </Text>
          <Code block mah={320} tabIndex={0}>
            {resultText(data.result)}
          </Code>
        </>
      )}
    </>
  )
}

/** As the story's links name it. */
const partOf = ({ id, kind, parent, turn }: WaterfallBar): string =>
  kind === 'model' ? `${parent}:${turn}` : kind === 'session' ? '' : id
