// The sessions a session belongs with: where it comes from, and what was started or forked from it.
import { Badge, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { SessionView } from '../../../../projections/session-view.ts'
import { answerOf, api } from '../../api/client.ts'
import { AnchorLink } from '../../parts/anchor-link.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { Part } from './about-part.tsx'

interface LineageProps {
  readonly view: SessionView
}

export const Lineage = ({ view: { id, origin, fork, children } }: LineageProps) => {
  const { data } = useQuery({
    queryKey: ['session-forks', id, children.length],
    queryFn: () => answerOf(api.GET('/v1/sessions/{id}/forks', { params: { path: { id }, query: { limit: 50 } } })),
  })
  const forks = data?.items ?? []
  const above = origin?.kind === 'child' ? origin.parentSessionId : (fork?.sessionId ?? null)
  if (above === null && children.length === 0 && forks.length === 0) return null
  return (
    <Part title="Sessions it belongs with" opened>
      {above !== null && (
        <Text size="sm">
          {fork === null ? 'Started by ' : `Goes on from version ${fork.at} of `}
          <SessionLink id={above} title={above} />
        </Text>
      )}
      {children.map((child) => (
        <Group key={child.id} gap={6} wrap="nowrap">
          <StatusBadge status={child.status} size="xs" />
          <SessionLink id={child.id} title={child.title} />
        </Group>
      ))}
      {forks.map((each) => (
        <Group key={each.id} gap={6} wrap="nowrap">
          <StatusBadge status={each.status} size="xs" />
          <SessionLink id={each.id} title={each.title} />
          <Badge size="xs" variant="outline" color="gray" tt="none">{`${each.kind} at ${each.at}`}</Badge>
        </Group>
      ))}
    </Part>
  )
}

const SessionLink = ({ id, title }: { readonly id: string; readonly title: string }) => (
  <AnchorLink to="/sessions/$id" params={{ id }} size="sm" lineClamp={1}>
    {title}
  </AnchorLink>
)
