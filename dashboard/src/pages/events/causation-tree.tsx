// What an event came from and what came of it, each a step away.
import { Anchor, List, Loader, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { problemOf } from '../../api/patience.ts'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { type Caused, causationOf } from './causation.ts'
import { readEvents } from './event-list.ts'
import { sessionOf, shortType, versionOf } from './event-names.ts'
import type { StoredEvent } from './stored-event.ts'

/** Commits looked at before an event, and pages of its session: a cause lies near, mostly. */
const [looksBack, mostPages] = [2_000, 10]

interface CausationTreeProps {
  readonly event: StoredEvent
  readonly onOpen: (event: StoredEvent) => void
}

export const CausationTree = ({ event, onOpen }: CausationTreeProps) => {
  const session = sessionOf(event)
  const answer = useQuery({
    queryKey: ['causation', session ?? event.id],
    queryFn: () => readAround(event, session),
  })
  const { data } = answer
  const problem = problemOf(answer)
  if (data === undefined)
    return problem === null ? <Loader size="sm" role="status" aria-label="Reading" /> : <ProblemAlert error={problem} />
  const known = data.some(({ id }) => id === event.id) ? data : [...data, event]
  const { causes, origin, tree, cut } = causationOf(event, known)
  return (
    <Stack gap="xs">
      <Text size="xs" c="dimmed">
        Begun by {origin}
      </Text>
      {causes.length > 0 && (
        <List size="sm" type="ordered" aria-label="What led to it">
          {causes.map((cause) => (
            <List.Item key={cause.id}>
              <EventLink event={cause} onOpen={onOpen} />
            </List.Item>
          ))}
        </List>
      )}
      <Text size="sm" fw={600}>
        {shortType(event.type)}
      </Text>
      {tree.effects.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing came of it.
        </Text>
      ) : (
        <Effects of={tree} onOpen={onOpen} label="What came of it" />
      )}
      {cut && (
        <Text size="xs" c="dimmed">
          There is more: open one of the last to go on from there.
        </Text>
      )}
    </Stack>
  )
}

interface EffectsProps {
  readonly of: Caused
  readonly onOpen: (event: StoredEvent) => void
  readonly label?: string
}

const Effects = ({ of: { effects }, onOpen, label }: EffectsProps) => (
  <List size="sm" withPadding {...(label !== undefined && { 'aria-label': label })}>
    {effects.map((effect) => (
      <List.Item key={effect.event.id}>
        <EventLink event={effect.event} onOpen={onOpen} />
        {effect.effects.length > 0 && <Effects of={effect} onOpen={onOpen} />}
      </List.Item>
    ))}
  </List>
)

const EventLink = ({ event, onOpen }: CausationTreeProps) => (
  <Anchor component="button" type="button" size="sm" onClick={() => onOpen(event)}>
    {shortType(event.type)} · {event.subject.split('/', 1)[0]} {versionOf(event)}
  </Anchor>
)

/** The whole session, and what else is of this correlation around it: an alert, a child. */
const readAround = async (event: StoredEvent, session: string | null): Promise<readonly StoredEvent[]> => {
  const own = session === null ? [] : await readSession(session)
  const first = own[0]?.logsequence ?? event.logsequence
  const { items } = await readEvents({
    correlation: event.correlationid,
    order: 'asc',
    since: Math.max(0, first - looksBack),
    limit: 200,
  })
  const known = new Set(own.map(({ id }) => id))
  return [...own, ...items.filter(({ id }) => !known.has(id))]
}

const readSession = async (session: string): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = []
  let cursor: string | null = null
  for (let page = 0; page < mostPages; page++) {
    const read: Awaited<ReturnType<typeof readEvents>> = await readEvents({
      session,
      order: 'asc',
      limit: 200,
      ...(cursor !== null && { cursor }),
    })
    events.push(...read.items)
    cursor = read.next
    if (cursor === null) break
  }
  return events
}
