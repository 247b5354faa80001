// A generation that is being filled, as a bar.
import { Alert, Progress, Stack, Text } from '@mantine/core'
import type { components } from '../../api/schema.d.ts'

interface BuildProgressProps {
  readonly name: string
  readonly build: components['schemas']['Projection']['builds'][number]
}

const labels = { rebuild: 'Rebuild', verify: 'Verification', as_of: 'As of then' } as const

export const BuildProgress = ({ name, build }: BuildProgressProps) => {
  const { kind, generation, state, position, head, eventRate, eta, failure } = build
  const percent = head === 0 ? 0 : Math.min(100, (100 * position) / head)
  return (
    <Stack gap={4}>
      <Text size="sm" role="status">
        {labels[kind]} {generation}: {Math.floor(percent)} %, {position} of {head}, {state}
        {state === 'running' && eventRate > 0 && `, ${Math.round(eventRate)} events a second`}
        {state === 'running' && eta !== null && `, ${eta} s left`}
      </Text>
      <Progress.Root size="lg">
        <Progress.Section
          value={percent}
          striped={state === 'running'}
          animated={state === 'running'}
          color={state === 'paused' ? 'yellow' : 'blue'}
          aria-label={`${labels[kind]} of ${name}`}
        />
      </Progress.Root>
      {failure !== null && (
        <Alert color="red" title={`Stopped at ${failure.sequence}: ${failure.code}`}>
          {failure.message}
        </Alert>
      )}
    </Stack>
  )
}
