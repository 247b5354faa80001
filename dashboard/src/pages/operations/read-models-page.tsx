// The read models: where each stands, and what can be done to one: rebuilt, verified, paused, mended.
import { Alert, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { answerOf, api } from '../../api/client.ts'
import { problemOf } from '../../api/patience.ts'
import type { components } from '../../api/schema.d.ts'
import { Moment } from '../../parts/moment.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import { BuildProgress } from './build-progress.tsx'
import { PartTitle } from './part-title.tsx'
import { VerificationReport } from './verification-report.tsx'

type Projection = components['schemas']['Projection']

const key = ['projections'] as const
/** Often while something is being filled. */
const [everyMs, buildingMs] = [3_000, 500]

export const ReadModelsPage = () => {
  const answer = useQuery({
    queryKey: key,
    queryFn: () => answerOf(api.GET('/v1/projections')),
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ builds }) => builds.length > 0) === true ? buildingMs : everyMs,
  })
  const { data } = answer
  return (
    <Stack gap="sm">
      <PartTitle of="Read models" />
      <Text size="sm" c="dimmed">
        A rebuild fills a new generation from the log beside the one that serves, and takes its place when it has caught
        up. A verification compares every row with the log.
      </Text>
      <ProblemAlert error={problemOf(answer)} />
      {data?.items.map((projection) => (
        <ReadModel key={projection.name} projection={projection} />
      ))}
    </Stack>
  )
}

const actions = ['rebuild', 'verify', 'pause', 'resume', 'cancel', 'drop-old'] as const
type Action = (typeof actions)[number]

const send = (action: Action, name: string): Promise<unknown> => {
  const params = { path: { name } }
  switch (action) {
    case 'rebuild':
      return answerOf(api.POST('/v1/projections/{name}/rebuild', { params }))
    case 'verify':
      return answerOf(api.POST('/v1/projections/{name}/verify', { params }))
    case 'pause':
      return answerOf(api.POST('/v1/projections/{name}/pause', { params }))
    case 'resume':
      return answerOf(api.POST('/v1/projections/{name}/resume', { params }))
    case 'cancel':
      return answerOf(api.POST('/v1/projections/{name}/cancel', { params }))
    case 'drop-old':
      return answerOf(api.POST('/v1/projections/{name}/drop-old', { params }))
    default:
      return action satisfies never
  }
}

interface ReadModelProps {
  readonly projection: Projection
}

const ReadModel = ({ projection }: ReadModelProps) => {
  const { name, version, generation, state, position, head, lag, rate, failure, builds, old, verification } = projection
  const client = useQueryClient()
  const act = useMutation({
    mutationFn: (action: Action) => send(action, name),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  })
  const button = (action: Action, label: string) => (
    <Button
      key={action}
      size="compact-xs"
      variant="default"
      loading={act.isPending && act.variables === action}
      onClick={() => act.mutate(action)}
      aria-label={`${label}: ${name}`}
    >
      {label}
    </Button>
  )
  const [paused, moving] = [
    state === 'paused' || builds.some((build) => build.state === 'paused'),
    builds.some((build) => build.state !== 'paused'),
  ]
  return (
    <Paper withBorder p="sm" component="section" aria-label={name}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Group gap="xs">
            <Text fw={600}>{name}</Text>
            <Text size="xs" c="dimmed">
              version {version}, generation {generation}
            </Text>
            <StatusBadge status={state} />
          </Group>
          <Group gap={6}>
            {button('rebuild', 'Rebuild')}
            {button('verify', 'Verify')}
            {moving && button('pause', 'Pause')}
            {paused && button('resume', 'Resume')}
            {builds.length > 0 && button('cancel', 'Cancel')}
            {old.length > 0 && button('drop-old', `Drop what was replaced (${old.length})`)}
          </Group>
        </Group>
        <Text size="sm">
          At {position} of {head}, {lag === 0 ? 'nothing behind' : `${lag} behind`}
          {rate !== undefined && rate > 0 && `, ${Math.round(rate)} messages a second`}
        </Text>
        <ProblemAlert error={act.error} />
        {failure !== null && (
          <Alert color="red" title={`Stopped at ${failure.sequence}: ${failure.code}`}>
            {failure.message} ({failure.subject}, <Moment at={failure.at} />)
          </Alert>
        )}
        {builds.map((build) => (
          <BuildProgress key={build.generation} name={name} build={build} />
        ))}
        {verification !== null && <VerificationReport name={name} report={verification} />}
      </Stack>
    </Paper>
  )
}
