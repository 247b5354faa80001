// The first part of a row: what leads to it, and what is worth knowing of it in one line.
import { Box, Text } from '@mantine/core'
import type { ReactNode } from 'react'

interface RowTitleProps {
  readonly children: ReactNode
  /** What is not so is left out. */
  readonly about: readonly (string | number | false | null | undefined)[]
}

export const RowTitle = ({ children, about }: RowTitleProps) => (
  <Box miw={0} flex={1}>
    {children}
    <Text size="xs" c="dimmed" lineClamp={1}>
      {about.filter(Boolean).join(' · ')}
    </Text>
  </Box>
)
