// The other ways to look at a session.
import { Anchor, Group } from '@mantine/core'
import { Link } from '@tanstack/react-router'

interface SessionLinksProps {
  readonly id: string
}

export const SessionLinks = ({ id }: SessionLinksProps) => (
  <Group gap="sm" component="nav" aria-label="Other views of the session">
    <Anchor component={Link} to="/sessions/$id/events" params={{ id } as never} size="sm">
      Event log
    </Anchor>
  </Group>
)
