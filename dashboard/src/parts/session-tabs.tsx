// The views of one session, as links.
import { Button, Group } from '@mantine/core'
import { Link, useRouterState } from '@tanstack/react-router'

const tabs = [
  { to: '', label: 'Story' },
  { to: '/waterfall', label: 'Waterfall' },
  { to: '/conversation', label: 'Conversation' },
  { to: '/events', label: 'Event log' },
] as const

interface SessionTabsProps {
  readonly id: string
}

export const SessionTabs = ({ id }: SessionTabsProps) => {
  const path = useRouterState({ select: ({ location }) => location.pathname })
  return (
    <Group component="nav" gap={4} aria-label="Views of the session">
      {tabs.map(({ to, label }) => {
        const here = path === `/sessions/${id}${to}`
        return (
          <Button
            key={label}
            component={Link}
            to={`/sessions/${id}${to}`}
            size="compact-sm"
            variant={here ? 'light' : 'subtle'}
            aria-current={here ? 'page' : undefined}
          >
            {label}
          </Button>
        )
      })}
    </Group>
  )
}
