// One session: its stages, what happens as it happens, what stands beside it, and what a person can do about it.
import { Badge, Group, SegmentedControl, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { getRouteApi, useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { SessionTabs } from '../../parts/session-tabs.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { AboutSession } from './about-session.tsx'
import { AskReason, type Ending } from './ask-reason.tsx'
import { isCardOf } from './card-of-part.ts'
import type { Card } from './cards.ts'
import { Composer } from './composer.tsx'
import { FoldMemory } from './fold-memory.ts'
import { SessionControls } from './session-controls.tsx'
import classes from './session-page.module.css'
import { StageTree } from './stage-tree.tsx'
import type { Story } from './story.ts'
import { type ForkFrom, type StoryActions, StoryActionsContext } from './story-actions.ts'
import { type FeedHandle, StoryFeed } from './story-feed.tsx'
import { useCards } from './use-cards.ts'
import { useSame } from './use-same.ts'
import { useStory } from './use-story.ts'
import { WaitingBanner } from './waiting-banner.tsx'

const ForkDialog = lazy(async () => ({ default: (await import('./fork-dialog.tsx')).ForkDialog }))
const ReplayDialog = lazy(async () => ({ default: (await import('./replay-dialog.tsx')).ReplayDialog }))

const route = getRouteApi('/sessions/$id')

export const SessionPage = () => {
  const { id } = route.useParams()
  const { story, error, readOlder } = useStory(id)
  if (story !== null) return <SessionStory key={id} story={story} readOlder={readOlder} />
  if (error !== null) return <ProblemAlert error={error} />
  return <Text c="dimmed">Opening …</Text>
}

interface SessionStoryProps {
  readonly story: Story
  readonly readOlder: () => Promise<boolean>
}

const panes = [
  { value: 'story', label: 'Story' },
  { value: 'stages', label: 'Stages' },
  { value: 'about', label: 'About' },
] as const
type Pane = (typeof panes)[number]['value']

const SessionStory = ({ story, readOlder }: SessionStoryProps) => {
  const { view, board, events, live, older } = story
  const cards = useCards(events)
  const feed = useRef<FeedHandle | null>(null)
  const [folds] = useState(() => new Set<string>())
  const [ending, setEnding] = useState<Ending | null>(null)
  const [fork, setFork] = useState<ForkFrom | null>(null)
  const [replaying, setReplaying] = useState(false)
  const narrow = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false })
  const [pane, setPane] = useState<Pane>('story')

  // Cards are drawn again when these change: a name, not the turn an agent is at.
  const named = useSame([...view.executions, ...view.helpers].map(({ id, agent }) => [id, agent] as const))
  const staged = useSame(view.stages.map(({ id, name }) => [id, name] as const))
  const helping = useSame(view.helpers.map(({ id }) => id))
  const names = useMemo(() => new Map(named), [named])
  const stages = useMemo(() => new Map(staged), [staged])
  const helpers = useMemo(() => new Set(helping), [helping])
  const show = useMemo(
    () =>
      (wanted: (card: Card) => boolean): void => {
        setPane('story')
        // On a phone the story is drawn by that change.
        requestAnimationFrame(() => feed.current?.show(wanted))
      },
    [],
  )
  const showStage = useCallback(
    (id: string) => show((card) => card.kind === 'stage' && card.stage.stageId === id),
    [show],
  )
  const part = useLocation({ select: ({ hash }) => hash })
  useEffect(() => {
    if (part !== '') show((card) => isCardOf(card, part))
  }, [part, show])
  const actions = useMemo<StoryActions>(
    () => ({
      sessionId: view.id,
      agentOf: (id) => names.get(id) ?? board.answers[id] ?? 'agent',
      stageOf: (id) => stages.get(id) ?? 'Stage',
      isHelper: (id) => helpers.has(id),
      showCall: (id) => show((card) => card.kind === 'tool' && card.request.toolCallId === id),
      fork: setFork,
    }),
    [view.id, names, stages, helpers, board.answers, show],
  )
  return (
    <StoryActionsContext value={actions}>
      <FoldMemory value={folds}>
        <div className={classes.page}>
          <Group justify="space-between" gap="xs">
            <Group gap="xs">
              <PageTitle>{view.title}</PageTitle>
              <StatusBadge status={view.status} />
              {view.paused && <StatusBadge status="paused" />}
              {view.queue !== null && <StatusBadge status={`waits for a place (${view.queue.lane})`} />}
              {view.simulated && (
                <Badge variant="outline" color="gray" tt="none">
                  simulated
                </Badge>
              )}
            </Group>
            <Group gap="sm">
              <SessionTabs id={view.id} />
              <SessionControls
                view={view}
                onFork={() => setFork({ version: view.endedAt === null ? view.version : (board.planVersion ?? 1) })}
                onReplay={() => setReplaying(true)}
                onEnd={setEnding}
              />
            </Group>
          </Group>
          <WaitingBanner view={view} />
          {narrow && (
            <SegmentedControl
              fullWidth
              size="xs"
              aria-label="What to see"
              transitionDuration={0}
              data={[...panes]}
              value={pane}
              onChange={(value) => setPane(panes.find((each) => each.value === value)?.value ?? 'story')}
            />
          )}
          <div className={classes.columns}>
            {(!narrow || pane === 'stages') && (
              <div className={classes.column}>
                <StageTree view={view} board={board} show={show} onEnd={setEnding} />
              </div>
            )}
            {(!narrow || pane === 'story') && (
              <div className={classes.centre}>
                <StoryFeed cards={cards} live={live} hasOlder={older !== null} readOlder={readOlder} handle={feed} />
                <Composer view={view} agentOf={actions.agentOf} />
              </div>
            )}
            {(!narrow || pane === 'about') && (
              <div className={classes.column}>
                <AboutSession view={view} board={board} onStage={showStage} />
              </div>
            )}
          </div>
        </div>
        <AskReason ending={ending} onClose={() => setEnding(null)} />
        {fork !== null && (
          <Suspense>
            <ForkDialog view={view} board={board} from={fork} onClose={() => setFork(null)} />
          </Suspense>
        )}
        {replaying && (
          <Suspense>
            <ReplayDialog view={view} board={board} onClose={() => setReplaying(false)} />
          </Suspense>
        )}
      </FoldMemory>
    </StoryActionsContext>
  )
}
