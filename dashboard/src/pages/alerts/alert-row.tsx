// An alert in the list: how bad, how often and how lately, and the session that looks into it.
import { Box, Group, Text } from '@mantine/core'
import { RowTitle } from '../../lists/row-title.tsx'
import { AnchorLink } from '../../parts/anchor-link.tsx'
import { Moment } from '../../parts/moment.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import type { ListedAlert } from './alert-list.ts'

interface AlertRowProps {
  readonly alert: ListedAlert
}

export const AlertRow = ({ alert }: AlertRowProps) => {
  const { id, title, severity, status, source, occurrences, episode, sessionId, sessionStatus, firstSeen, lastSeen } =
    alert
  const about = [
    severity,
    source,
    alert.alert.service,
    alert.alert.environment,
    occurrences > 1 && `heard of ${occurrences} times`,
    episode > 1 && `episode ${episode}`,
  ]
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <RowTitle about={about}>
        <AnchorLink to="/alerts/$id" params={{ id }} fw={500} lineClamp={1}>
          {title}
        </AnchorLink>
      </RowTitle>
      <Group gap="xs" wrap="nowrap">
        <StatusBadge status={status} />
        <Box visibleFrom="sm">
          {sessionId !== null && (
            <AnchorLink to="/sessions/$id" params={{ id: sessionId }} size="xs">
              session {sessionStatus}
            </AnchorLink>
          )}
        </Box>
        <Text size="xs" c="dimmed" w={80} ta="right" visibleFrom="xs" title={`First seen ${firstSeen}`}>
          <Moment at={lastSeen} />
        </Text>
      </Group>
    </Group>
  )
}
