// The head of each part of the machinery: what it is called, in the browser's tab too, and the way to the others.
import { Button, Group, Stack, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'

const parts = [
  { to: '/operations', label: 'Health' },
  { to: '/operations/read-models', label: 'Read models' },
  { to: '/operations/handlers', label: 'Handlers' },
  { to: '/operations/dead-letters', label: 'Dead letters' },
  { to: '/operations/tool-servers', label: 'Tool servers' },
  { to: '/operations/costs', label: 'Costs' },
  { to: '/operations/configuration', label: 'Configuration' },
  { to: '/operations/evaluations', label: 'Evaluations' },
] as const

interface PartTitleProps {
  readonly of: (typeof parts)[number]['label']
}

export const PartTitle = ({ of }: PartTitleProps) => {
  useDocumentTitle(`${of} · Operations · Casebook`)
  return (
    <Stack gap="xs">
      <Title order={1} size="h3">
        Operations
      </Title>
      <Group gap={4} component="nav" aria-label="Operations">
        {parts.map(({ to, label }) => (
          <Button
            key={to}
            component={Link}
            to={to}
            size="compact-sm"
            variant={label === of ? 'light' : 'subtle'}
            aria-current={label === of ? 'page' : undefined}
          >
            {label}
          </Button>
        ))}
      </Group>
      <Title order={2} size="h4">
        {of}
      </Title>
    </Stack>
  )
}
