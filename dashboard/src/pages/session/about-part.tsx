// A part of what stands beside the story, which opens and closes without a script.
import { Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './about-session.module.css'

interface PartProps {
  readonly title: string
  readonly opened?: boolean
  readonly children: ReactNode
}

export const Part = ({ title, opened = false, children }: PartProps) => (
  <details className={classes.part} open={opened}>
    <summary>{title}</summary>
    <Stack gap={6} mt={6}>
      {children}
    </Stack>
  </details>
)
