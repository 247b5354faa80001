// Facets beside a list; on a narrow screen they stand behind a button.
import { Box, Button, Flex, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import classes from './list-layout.module.css'

interface ListLayoutProps {
  readonly facets: ReactNode
  /** How many filters are set. */
  readonly set: number
  readonly children: ReactNode
}

export const ListLayout = ({ facets, set, children }: ListLayoutProps) => {
  const [opened, { toggle }] = useDisclosure(false)
  return (
    <Flex direction={{ base: 'column', md: 'row' }} gap="md" align="stretch">
      <Button
        hiddenFrom="md"
        variant="default"
        size="compact-sm"
        onClick={toggle}
        aria-expanded={opened}
        w="fit-content"
      >
        {set === 0 ? 'Filters' : `Filters (${set})`}
      </Button>
      <aside className={classes['facets']} data-opened={opened || undefined} aria-label="Filters">
        <Stack gap="md">{facets}</Stack>
      </aside>
      <Box flex={1} miw={0}>
        {children}
      </Box>
    </Flex>
  )
}
