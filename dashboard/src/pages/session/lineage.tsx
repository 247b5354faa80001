// The sessions a session belongs with: where it comes from, and what was started or forked from it.
import { Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { SessionView } from '../../../../projections/session-view.ts'
import { answerOf, api } from '../../api/client.ts'
import { AnchorLink } from '../../parts/anchor-link.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { Part } from './about-part.tsx'
import { callsInWords } from './beside-source.tsx'
import { useForks } from './use-forks.ts'

interface LineageProps {
  readonly view: SessionView
}

export const Lineage = ({ view: { id, origin, fork, children } }: LineageProps) => {
  const forks = useForks(id)
  const above = origin?.kind === 'child' ? origin.parentSessionId : (fork?.sessionId ?? null)
  const source = useQuery({
    queryKey: ['session-title', above],
    queryFn: () => answerOf(api.GET('/v1/sessions/{id}', { params: { path: { id: above ?? '' } } })),
    enabled: above !== null,
  })
  if (above === null && children.length === 0 && forks.length === 0) return null
  return (
    <Part title="Sessions it belongs with" opened>
      {above !== null && (
        <Text size="sm">
          {fork === null ? 'Started by ' : fork.kind === 'replay' ? 'Replays ' : 'Goes on from '}
          <AnchorLink to="/sessions/$id" params={{ id: above }} size="sm">
            {source.data?.title ?? above}
          </AnchorLink>
          {fork !== null && ` from version ${fork.at} on`}
        </Text>
      )}
      {children.map((child) => (
        <Group key={child.id} gap={6} wrap="nowrap">
          <StatusBadge status={child.status} size="xs" />
          <SessionLink id={child.id} title={child.title} />
        </Group>
      ))}
      {forks.map(({ id: forked, title, kind, at, status, drift }) => (
        <div key={forked}>
          <SessionLink id={forked} title={title} />
          <Group gap={6}>
            <StatusBadge status={status} size="xs" />
            <Text size="xs" c="dimmed">
              {`${kind} at ${at}`}
            </Text>
          </Group>
          {drift !== null && (
            <Text size="xs" c="dimmed">
              {callsInWords(drift)}
            </Text>
          )}
        </div>
      ))}
    </Part>
  )
}

const SessionLink = ({ id, title }: { readonly id: string; readonly title: string }) => (
  <AnchorLink to="/sessions/$id" params={{ id }} size="sm" lineClamp={1}>
    {title}
  </AnchorLink>
)
