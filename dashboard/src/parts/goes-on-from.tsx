// Says above a view of a fork where what it shares happened, and leads to the same view of its source.
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { answerOf, api } from '../api/client.ts'
import { AnchorLink } from './anchor-link.tsx'

interface GoesOnFromProps {
  readonly fork: { readonly sessionId: string; readonly at: number } | null
  readonly view: 'waterfall' | 'conversation' | 'events'
  readonly children?: ReactNode
}

export const GoesOnFrom = ({ fork, view, children }: GoesOnFromProps) => {
  const id = fork?.sessionId ?? ''
  const { data } = useQuery({
    queryKey: ['session-title', id],
    queryFn: () => answerOf(api.GET('/v1/sessions/{id}', { params: { path: { id } } })),
    enabled: fork !== null,
  })
  if (fork === null) return null
  return (
    <Text size="sm">
      Goes on from version {fork.at} of{' '}
      <AnchorLink
        to={`/sessions/$id/${view}`}
        params={{ id }}
        search={view === 'events' ? { at: fork.at } : {}}
        size="sm"
      >
        {data?.title ?? id}
      </AnchorLink>
      : what is marked inherited is shared with it{children}.
    </Text>
  )
}
