// Whether what is shown is how things stand.
import { Badge } from '@mantine/core'
import type { ConnectionState } from '../api/live.ts'
import { useConnection } from '../api/use-live.ts'

const shown: Readonly<Record<ConnectionState, { readonly color: string; readonly label: string }>> = {
  connecting: { color: 'gray', label: 'Connecting' },
  live: { color: 'green', label: 'Live' },
  offline: { color: 'red', label: 'Offline: what you see may be old' },
}

export const ConnectionDot = () => {
  const { color, label } = shown[useConnection()]
  return (
    <Badge variant="dot" color={color} size="sm" tt="none" role="status">
      {label}
    </Badge>
  )
}
