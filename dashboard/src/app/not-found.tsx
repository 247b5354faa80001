// A path that is no page.
import { Stack, Text, Title } from '@mantine/core'
import { AnchorLink } from '../parts/anchor-link.tsx'

export const NotFound = () => (
  <Stack>
    <Title order={1} size="h3">
      There is no such page
    </Title>
    <Text>
      <AnchorLink to="/sessions">The sessions</AnchorLink> are a good place to go on from.
    </Text>
  </Stack>
)
