// One session: its stages, what happens as it happens, and what a person can do about it.
import { Anchor, Badge, Button, Grid, Group, Paper, Stack, Text } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { CopyButton } from '../../parts/copy-button.tsx'
import { Cost } from '../../parts/cost.tsx'
import { curlOf } from '../../parts/curl.ts'
import { ModelText } from '../../parts/model-text.tsx'
import { Moment } from '../../parts/moment.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { InputCard } from '../inputs/input-card.tsx'
import { useSessionInputs } from '../inputs/session-inputs.ts'
import { CardView, Framed } from './card-view.tsx'
import { cardsOf } from './cards.ts'
import { SessionControls } from './session-controls.tsx'
import { StageTree } from './stage-tree.tsx'
import type { Story } from './story.ts'
import { useStory } from './use-story.ts'

const route = getRouteApi('/sessions/$id')

export const SessionPage = () => {
  const { id } = route.useParams()
  const { story, error, readOlder } = useStory(id)
  if (error !== null) return <ProblemAlert error={error} />
  if (story === null) return <Text c="dimmed">Opening …</Text>
  return <SessionStory key={id} story={story} readOlder={readOlder} />
}

interface SessionStoryProps {
  readonly story: Story
  readonly readOlder: () => Promise<void>
}

const SessionStory = ({ story, readOlder }: SessionStoryProps) => {
  const { view } = story
  const inputs = useSessionInputs(view.id, view.waitingFor)
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <PageTitle>{view.title}</PageTitle>
          <StatusBadge status={view.status} />
          {view.paused && <StatusBadge status="paused" />}
          {view.simulated && (
            <Badge variant="outline" color="gray" tt="none">
              simulated
            </Badge>
          )}
        </Group>
        <Group gap="xs">
          <Anchor component={Link} to="/sessions/$id/events" params={{ id: view.id } as never} size="sm">
            Event log
          </Anchor>
          <Cost cost={view.cost} />
          <CopyButton value={view.id} label="Copy id" />
          <CopyButton value={curlOf(`/v1/sessions/${view.id}`)} label="Copy as curl" />
        </Group>
      </Group>
      {inputs.map((input) => (
        <InputCard key={input.id} input={input} />
      ))}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 3 }}>
          <StageTree view={view} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Cards story={story} readOlder={readOlder} />
          <SessionControls view={view} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 3 }}>
          <Facts story={story} />
        </Grid.Col>
      </Grid>
    </Stack>
  )
}

/** The story in a window of its own: the latest below, older ones read as one scrolls up. */
const Cards = ({ story, readOlder }: SessionStoryProps) => {
  const { events, live, view, older } = story
  const cards = useMemo(() => cardsOf(events), [events])
  const agents = useMemo(() => new Map(view.executions.map(({ id, agent }) => [id, agent])), [view.executions])
  const agentOf = useCallback((id: string) => agents.get(id) ?? 'helper', [agents])
  const window = useRef<HTMLDivElement>(null)
  const [following, setFollowing] = useState(true)
  const virtual = useVirtualizer({
    count: cards.length + live.length,
    getScrollElement: () => window.current,
    estimateSize: () => 90,
    overscan: 8,
    getItemKey: (index) => {
      const turn = live[index - cards.length]
      return cards[index]?.key ?? `live-${turn?.executionId}-${turn?.turn}-${turn?.attempt}`
    },
  })
  const total = virtual.getTotalSize()
  useEffect(() => {
    if (following && total > 0) window.current?.scrollTo({ top: total })
  }, [following, total])

  const scrolled = (): void => {
    const element = window.current
    if (element === null) return
    setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < 80)
  }
  return (
    <Paper pos="relative">
      {older !== null && (
        <Button variant="subtle" size="compact-sm" onClick={() => void readOlder()}>
          Read what came before
        </Button>
      )}
      <div
        ref={window}
        onScroll={scrolled}
        role="feed"
        aria-label="What happens"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a window that scrolls must be reached by the keyboard.
        tabIndex={0}
        style={{ height: 'calc(100vh - 220px)', minHeight: 320, overflowY: 'auto' }}
      >
        <div style={{ height: total, position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const card = cards[index]
            const turn = live[index - cards.length]
            return (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                style={{ position: 'absolute', insetInline: 0, top: 0, transform: `translateY(${start}px)` }}
              >
                {card !== undefined && <CardView card={card} agentOf={agentOf} />}
                {turn !== undefined && (
                  <Framed who={agentOf(turn.executionId)} what={`turn ${turn.turn}, writing`} color="blue">
                    {turn.thinking !== '' && turn.text === '' && (
                      <Text size="xs" c="dimmed">
                        Thinking: {turn.thinking.slice(-300)}
                      </Text>
                    )}
                    <ModelText text={turn.text} />
                    {turn.calls.length > 0 && (
                      <Text size="xs" ff="monospace" style={{ whiteSpace: 'pre-wrap' }}>
                        {turn.calls.map(({ tool, text }) => `${tool} ${text}`).join('\n')}
                      </Text>
                    )}
                  </Framed>
                )}
              </div>
            )
          })}
        </div>
      </div>
      {!following && (
        <Button pos="absolute" bottom={8} right={16} size="compact-sm" onClick={() => setFollowing(true)}>
          Jump to live
        </Button>
      )}
    </Paper>
  )
}

const Facts = ({ story: { view } }: Pick<SessionStoryProps, 'story'>) => (
  <Stack gap="xs" component="aside" aria-label="About the session">
    {view.summary !== null && (
      <Paper withBorder p="xs">
        <Text size="sm" fw={600}>
          Summary
        </Text>
        <ModelText text={view.summary} />
      </Paper>
    )}
    <Text size="sm">{view.chain === null ? 'No chain yet' : `Chain ${view.chain}: ${view.chainReason}`}</Text>
    <Text size="sm">
      Started <Moment at={view.startedAt} />
      {view.endedAt !== null && (
        <>
          , ended <Moment at={view.endedAt} />
        </>
      )}
    </Text>
    <Text size="sm">
      {view.usage.inputTokens} tokens in, {view.usage.outputTokens} out; {view.toolCalls.requested} tool calls,{' '}
      {view.toolCalls.refused} refused
    </Text>
    {view.alertId !== null && (
      <Anchor href={`/alerts#${view.alertId}`} size="sm">
        Alert {view.alertType} ({view.severity})
      </Anchor>
    )}
    {Object.entries(view.labels).map(([name, value]) => (
      <Text key={name} size="xs" c="dimmed">
        {name}={value}
      </Text>
    ))}
  </Stack>
)
