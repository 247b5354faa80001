// Stages and their agents: who is at work, in which cycle, and for how much.
import { Box, Group, Stack, Text } from '@mantine/core'
import type { SessionView } from '../../../../projections/session-view.ts'
import { Cost } from '../../parts/cost.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'

interface StageTreeProps {
  readonly view: SessionView
}

export const StageTree = ({ view }: StageTreeProps) => (
  <Stack gap="xs" component="section" aria-label="Stages">
    {view.stages.map((stage) => (
      <Box key={stage.id}>
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text size="sm" fw={600} lineClamp={1}>
            {stage.name}
            {stage.cycle !== undefined && ` · cycle ${stage.cycle}`}
            {stage.attempt !== undefined && ` · attempt ${stage.attempt}`}
          </Text>
          <StatusBadge status={stage.status} size="xs" />
        </Group>
        {view.executions
          .filter(({ stageId }) => stageId === stage.id)
          .map((execution) => (
            <Group key={execution.id} justify="space-between" wrap="nowrap" gap="xs" pl="sm">
              <Text size="xs" lineClamp={1}>
                {execution.agent} · {execution.turns} turns
              </Text>
              <Group gap={6} wrap="nowrap">
                <Cost cost={execution.cost} />
                <StatusBadge status={execution.status} size="xs" />
              </Group>
            </Group>
          ))}
      </Box>
    ))}
  </Stack>
)
