// The sessions that started last.
import { Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../api/client.ts'
import { AnchorLink } from '../../parts/anchor-link.tsx'
import { Moment } from '../../parts/moment.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'

export const LatestSessions = () => {
  const { data } = useQuery({
    queryKey: ['overview', 'latest'],
    queryFn: () => answerOf(api.GET('/v1/sessions', { params: { query: { limit: 8 } } })),
    refetchInterval: 5_000,
  })
  if (data === undefined || data.items.length === 0) return null
  return (
    <Stack gap={6} component="section">
      <Title order={2} size="h5">
        Latest sessions
      </Title>
      {data.items.map(({ id, title, status, startedAt }) => (
        <Text key={id} size="sm" lineClamp={1}>
          <StatusBadge status={status} />{' '}
          <AnchorLink to="/sessions/$id" params={{ id }}>
            {title}
          </AnchorLink>{' '}
          <Text span c="dimmed">
            <Moment at={startedAt} />
          </Text>
        </Text>
      ))}
    </Stack>
  )
}
