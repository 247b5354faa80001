// What the models of a session were sent and what they answered, turn by turn, with what each turn added.
import { Grid, Group, NativeSelect, NavLink, Stack, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ConversationOverview } from '../../../../projections/conversation-view.ts'
import { problemOf } from '../../api/patience.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { GoesOnFrom } from '../../parts/goes-on-from.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { SessionTabs } from '../../parts/session-tabs.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import classes from './conversation.module.css'
import { TurnView } from './turn-view.tsx'
import { useConversation, useTurn } from './use-conversation.ts'

const route = getRouteApi('/sessions/$id/conversation')

export const ConversationPage = () => {
  const { id } = route.useParams()
  const conversation = useConversation(id)
  const { data } = conversation
  const problem = problemOf(conversation)
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <PageTitle>{data?.title ?? 'Conversation'}</PageTitle>
        {data !== undefined && <StatusBadge status={data.status} />}
      </Group>
      <SessionTabs id={id} />
      <ProblemAlert error={problem} />
      <GoesOnFrom fork={data?.fork ?? null} view="conversation" />
      {data === undefined && problem === null && <Text c="dimmed">Opening …</Text>}
      {data !== undefined && <Turns sessionId={id} executions={data.executions} />}
    </Stack>
  )
}

interface TurnsProps {
  readonly sessionId: string
  readonly executions: ConversationOverview['executions']
}

const Turns = ({ sessionId, executions }: TurnsProps) => {
  const { execution: wanted, turn, attempt, all = false } = route.useSearch()
  const navigate = route.useNavigate()
  const asked = executions.filter(({ turns }) => turns.length > 0)
  const execution = asked.find(({ id }) => id === wanted) ?? asked[0]
  const turns = execution?.turns ?? []
  const index = placeOf(turns, turn, attempt)
  const [line, before] = [turns[index], turns[index - 1]]
  const at = (each: (typeof turns)[number] | undefined) =>
    execution === undefined || each === undefined
      ? null
      : { execution: execution.id, turn: each.turn, attempt: each.attempt }
  const shown = useTurn(sessionId, at(line), line?.status !== 'open')
  const previous = useTurn(sessionId, at(before), true)

  const go = (to: number): void => {
    const next = at(turns[to])
    if (next !== null) void navigate({ search: { ...next, ...(all && { all }) } })
  }
  useHotkeys([
    ['j', () => go(index + 1)],
    ['k', () => go(index - 1)],
  ])
  if (execution === undefined) return <EmptyState what="No model has been asked anything yet." />
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 3 }}>
        <Stack gap="xs" component="nav" aria-label="Turns">
          <NativeSelect
            label="Agent"
            value={execution.id}
            onChange={(event) => void navigate({ search: { execution: event.currentTarget.value } })}
            data={asked.map(({ id, agent, stage, parentId, turns: each }) => ({
              value: id,
              label: [
                agent,
                parentId === null ? (stage ?? 'questions') : 'helper',
                ...(each.every(({ inheritedFrom }) => inheritedFrom !== null) ? ['inherited'] : []),
              ].join(' · '),
            }))}
          />
          <div className={classes['turns']}>
            {turns.map((each, place) => (
              <NavLink
                key={`${each.turn}.${each.attempt}`}
                renderRoot={(props) => (
                  <Link
                    to="/sessions/$id/conversation"
                    params={{ id: sessionId }}
                    search={{ ...at(each), ...(all && { all }) }}
                    {...props}
                  />
                )}
                classNames={{ description: classes['told'] ?? '' }}
                active={place === index}
                aria-current={place === index ? 'true' : undefined}
                label={`Turn ${each.turn}${each.attempt > 1 ? `, attempt ${each.attempt}` : ''}`}
                description={told(each)}
              />
            ))}
          </div>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 9 }}>
        <ProblemAlert error={problemOf(shown)} />
        {shown.data != null && (
          <TurnView
            key={`${execution.id}.${shown.data.turn}.${shown.data.attempt}`}
            sessionId={sessionId}
            shown={shown.data}
            before={previous.data ?? null}
            compactedThrough={line?.compactedThrough ?? null}
            inheritedFrom={line?.inheritedFrom ?? null}
            all={all}
            onAll={(next) => void navigate({ search: { ...at(line), ...(next && { all: true }) } })}
          />
        )}
      </Grid.Col>
    </Grid>
  )
}

type Line = ConversationOverview['executions'][number]['turns'][number]

/** The turn asked for, by default its last attempt; without one, the latest. */
const placeOf = (turns: readonly Line[], turn: number | undefined, attempt: number | undefined): number => {
  const found = turns.findLastIndex((each) => each.turn === turn && (attempt === undefined || each.attempt === attempt))
  return found < 0 ? turns.length - 1 : found
}

const told = ({ status, usage, toolCalls, compactedThrough, inheritedFrom }: Line): string =>
  [
    status,
    ...(usage === null ? [] : [`${usage.inputTokens} in`, `${usage.outputTokens} out`]),
    ...(toolCalls === 0 ? [] : [toolCalls === 1 ? '1 call' : `${toolCalls} calls`]),
    ...(compactedThrough === null ? [] : ['condensed']),
    ...(inheritedFrom === null ? [] : ['inherited']),
  ].join(' · ')
