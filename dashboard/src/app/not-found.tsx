// A path that is no page.
import { Anchor, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'

export const NotFound = () => (
  <Stack>
    <Title order={1} size="h3">
      There is no such page
    </Title>
    <Text>
      <Anchor component={Link} to="/sessions">
        The sessions
      </Anchor>{' '}
      are a good place to go on from.
    </Text>
  </Stack>
)
