// A task: when it is due next, how its runs went, and what can be done to it.
import { Button, Group, Table, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answerOf, api } from '../../api/client.ts'
import { AnchorLink } from '../../parts/anchor-link.tsx'
import { Moment } from '../../parts/moment.tsx'
import { StatusBadge } from '../../parts/status-badge.tsx'
import type { ListedTask } from './task-list.ts'

interface TaskRowProps {
  readonly task: ListedTask
  readonly onProblem: (error: Error) => void
}

export const TaskRow = ({
  task: { id, title, status, chain, repeat, nextAt, runs, runCount },
  onProblem,
}: TaskRowProps) => {
  const client = useQueryClient()
  const done = { onError: onProblem, onSettled: () => client.invalidateQueries({ queryKey: ['tasks'] }) }
  const path = { params: { path: { id } } }
  const cancel = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/tasks/{id}/cancel', { ...path, body: {} })),
    ...done,
  })
  const rerun = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/tasks/{id}/rerun', { ...path, body: {} })),
    ...done,
  })
  const started = runs.flatMap(({ run, sessionId, status: how }) =>
    sessionId === null ? [] : [{ run, sessionId, how }],
  )
  return (
    <Table.Tr id={id}>
      <Table.Td>
        <Text size="sm" fw={500}>
          {title}
        </Text>
        <Text size="xs" c="dimmed">
          {[chain, repeat !== null && `every ${spanText(repeat.every_seconds)}, ${runCount} of ${repeat.times} runs`]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </Table.Td>
      <Table.Td>
        <StatusBadge status={status} />
      </Table.Td>
      <Table.Td>{nextAt === null ? '–' : <Moment at={nextAt} />}</Table.Td>
      <Table.Td>
        <Group gap="xs">
          {started
            .slice(-4)
            .reverse()
            .map(({ run, sessionId, how }) => (
              <AnchorLink key={run} to="/sessions/$id" params={{ id: sessionId }} size="sm">
                run {run}: {how}
              </AnchorLink>
            ))}
        </Group>
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <Button
            size="compact-xs"
            variant="default"
            loading={rerun.isPending}
            onClick={() => rerun.mutate()}
            aria-label={`Run ${title} again`}
          >
            Run again
          </Button>
          {status === 'scheduled' && (
            <Button
              size="compact-xs"
              variant="subtle"
              color="red"
              loading={cancel.isPending}
              onClick={() => cancel.mutate()}
              aria-label={`Cancel ${title}`}
            >
              Cancel
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

const spanText = (seconds: number): string => {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
}
