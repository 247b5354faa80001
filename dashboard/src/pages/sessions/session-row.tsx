// A session in the list: what it is about, where it is, what it came to and what it cost.
import { Box, Group, Text } from '@mantine/core'
import { RowTitle } from '../../lists/row-title.tsx'
import { AnchorLink } from '../../parts/anchor-link.tsx'
import { Cost } from '../../parts/cost.tsx'
import { Moment } from '../../parts/moment.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import type { ListedSession } from './session-list.ts'

interface SessionRowProps {
  readonly session: ListedSession
}

export const SessionRow = ({ session }: SessionRowProps) => {
  const { id, title, status, chain, currentStage, startedAt, severity, cost, simulated, paused, waitingFor } = session
  const about = [
    severity,
    chain,
    session.fork?.kind,
    currentStage && `${currentStage.name} (${currentStage.number} of ${currentStage.of})`,
    session.queue?.position && `number ${session.queue.position} in line`,
    session.outcome,
    status === 'failed' && session.cause?.code.replaceAll('_', ' '),
    simulated && 'simulated',
  ]
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <RowTitle about={about}>
        <AnchorLink to="/sessions/$id" params={{ id }} fw={500} lineClamp={1}>
          {title}
        </AnchorLink>
      </RowTitle>
      <Group gap="xs" wrap="nowrap">
        {waitingFor.length > 0 && <StatusBadge status="waiting" />}
        {paused && <StatusBadge status="paused" />}
        <StatusBadge status={status} />
        <Box visibleFrom="sm" w={90} ta="right">
          <Cost cost={cost} />
        </Box>
        <Text size="xs" c="dimmed" w={80} ta="right" visibleFrom="xs">
          <Moment at={startedAt} />
        </Text>
      </Group>
    </Group>
  )
}
