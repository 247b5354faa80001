// Copies an id, a link or a command, and says that it did.
import { Button, CopyButton as MantineCopy } from '@mantine/core'

interface CopyButtonProps {
  readonly value: string
  readonly label: string
}

export const CopyButton = ({ value, label }: CopyButtonProps) => (
  <MantineCopy value={value}>
    {({ copied, copy }) => (
      <Button variant="subtle" size="compact-xs" onClick={copy}>
        {copied ? 'Copied' : label}
      </Button>
    )}
  </MantineCopy>
)
