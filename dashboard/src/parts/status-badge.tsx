// How a session, a stage or an agent stands, as a word beside a colour: a colour alone says nothing to many.
import { Badge } from '@mantine/core'

const colors: Readonly<Record<string, string>> = {
  queued: 'gray',
  planned: 'gray',
  running: 'blue',
  summarizing: 'blue',
  completed: 'green',
  failed: 'red',
  cancelled: 'gray',
  paused: 'yellow',
  waiting: 'orange',
  requested: 'gray',
  succeeded: 'green',
  tool_error: 'red',
  outcome_unknown: 'red',
  live: 'green',
  catching_up: 'blue',
  up: 'green',
  down: 'red',
  well: 'green',
  unwell: 'red',
  open: 'orange',
  passed: 'green',
  firing: 'red',
}

interface StatusBadgeProps {
  readonly status: string
  readonly size?: 'xs' | 'sm'
}

const shadeOf = (color: string): string => (color === 'gray' ? 'gray.6' : color)

export const StatusBadge = ({ status, size = 'sm' }: StatusBadgeProps) => (
  <Badge
    // Its plain gray cannot be seen on a dark badge.
    color={shadeOf(colors[status] ?? 'gray')}
    variant="dot"
    size={size}
    tt="none"
    miw="fit-content"
    styles={{ label: { overflow: 'visible' } }}
  >
    {status.replaceAll('_', ' ')}
  </Badge>
)
