// Sessions to come: what is scheduled, how the runs went; called off, or run once more.
import { Button, Chip, Group, Stack, Table } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { problemOf } from '../../api/patience.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { curlOf } from '../../parts/curl.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { useTaskList } from './task-list.ts'
import { TaskRow } from './task-row.tsx'

const route = getRouteApi('/tasks')
const statuses = ['scheduled', 'running', 'ended', 'cancelled'] as const

export const TasksPage = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const list = useTaskList(search)
  const { data, hasNextPage, fetchNextPage } = list
  const [problem, setProblem] = useState<Error | null>(null)
  const tasks = data?.pages.flatMap(({ items }) => items)
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <PageTitle>Tasks</PageTitle>
        <Group gap="xs">
          <Button component={Link} to="/tasks/new" size="compact-sm">
            Schedule a task
          </Button>
          <CopyButton
            value={curlOf(`/v1/tasks${search.status === undefined ? '' : `?status=${search.status}`}`)}
            label="Copy as curl"
          />
        </Group>
      </Group>
      <Chip.Group
        multiple
        value={search.status?.split(',') ?? []}
        onChange={(next) => void navigate({ search: next.length === 0 ? {} : { status: next.join(',') } })}
      >
        <Group gap="xs" role="group" aria-label="Status">
          {statuses.map((status) => (
            <Chip key={status} value={status} size="xs">
              {status}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <ProblemAlert error={problem ?? problemOf(list)} />
      {tasks?.length === 0 ? (
        <EmptyState
          what={search.status === undefined ? 'No task yet. This schedules one:' : 'No task is like that.'}
          {...(search.status === undefined && {
            curl: curlOf('/v1/tasks', { title: 'Look at the disks', repeat: { every_seconds: 86_400, times: 7 } }),
          })}
        />
      ) : (
        <Table.ScrollContainer minWidth={640} type="native" tabIndex={0}>
          <Table aria-label="Tasks">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Task</Table.Th>
                <Table.Th>Status</Table.Th>
                <Table.Th>Next run</Table.Th>
                <Table.Th>Latest runs</Table.Th>
                <Table.Th>Actions</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {tasks?.map((task) => (
                <TaskRow key={task.id} task={task} onProblem={setProblem} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {hasNextPage && (
        <Button variant="subtle" onClick={() => void fetchNextPage()}>
          More
        </Button>
      )}
    </Stack>
  )
}
