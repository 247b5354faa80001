// An empty list, with the command that would fill it.
import { Code, Group, Paper, Stack, Text } from '@mantine/core'
import { CopyButton } from './copy-button.tsx'

interface EmptyStateProps {
  readonly what: string
  readonly curl?: string
}

export const EmptyState = ({ what, curl }: EmptyStateProps) => (
  <Paper withBorder p="lg">
    <Stack gap="xs">
      <Text>{what}</Text>
      {curl !== undefined && (
        <Group align="start" wrap="nowrap">
          <Code block flex={1}>
            {curl}
          </Code>
          <CopyButton value={curl} label="Copy" />
        </Group>
      )}
    </Stack>
  </Paper>
)
