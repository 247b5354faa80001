// A part of a card that most do not need at once: a line that opens it.
import { Text, UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { useFold } from './fold-memory.ts'

interface FoldedProps {
  readonly name: string
  readonly label: ReactNode
  readonly children: ReactNode
}

export const Folded = ({ name, label, children }: FoldedProps) => {
  const [opened, toggle] = useFold(name)
  return (
    <div>
      <UnstyledButton onClick={toggle} aria-expanded={opened}>
        <Text size="xs" c="dimmed">
          {opened ? '▾' : '▸'} {label}
        </Text>
      </UnstyledButton>
      {opened && children}
    </div>
  )
}
