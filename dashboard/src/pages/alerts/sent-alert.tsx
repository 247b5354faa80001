// What became of an alert that was sent: taken, and the session that opened for it or that it joined.
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../api/client.ts'
import { AnchorLink } from '../../parts/anchor-link.tsx'

interface SentAlertProps {
  readonly result: { readonly status: string; readonly alertId?: string; readonly error?: string }
}

const everyMs = 300

export const SentAlert = ({ result: { status, alertId = '', error } }: SentAlertProps) => {
  const decided = useQuery({
    queryKey: ['sent-alert', alertId],
    queryFn: () => answerOf(api.GET('/v1/alerts', { params: { query: { id: alertId } } })),
    enabled: alertId !== '',
    gcTime: 0,
    // There once it is decided, and looked at until then.
    refetchInterval: ({ state }) => (state.data?.items.length === 1 ? false : everyMs),
  })
  if (error !== undefined) return <Text c="red">{error}</Text>
  const [alert] = decided.data?.items ?? []
  const { sessionId = null, occurrences = 1 } = alert ?? {}
  return (
    <Text>
      {status === 'duplicate' ? 'Known already. ' : 'Accepted. '}
      {sessionId !== null && (
        <AnchorLink to="/sessions/$id" params={{ id: sessionId }}>
          {occurrences > 1 ? 'The session it joined' : 'The session it opened'}
        </AnchorLink>
      )}
      {alert === undefined && alertId !== '' && 'It is being decided …'}
    </Text>
  )
}
