// Schedules a task: a session at a moment, at once, or again and again.
import { Button, Group, NumberInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { answerOf, api } from '../../api/client.ts'
import { bodyOf, isComplete, noWork, WorkFields } from '../../forms/work-fields.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { curlOf } from '../../parts/curl.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'

export const ScheduleTaskPage = () => {
  const navigate = useNavigate()
  const [work, setWork] = useState(noWork)
  const [at, setAt] = useState('')
  const [minutes, setMinutes] = useState<number | string>('')
  const [times, setTimes] = useState<number | string>(7)
  const body = {
    ...bodyOf(work),
    ...(at !== '' && { at: new Date(at).toISOString() }),
    ...(typeof minutes === 'number' && typeof times === 'number' && { repeat: { every_seconds: minutes * 60, times } }),
  }
  const schedule = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/tasks', { body })),
    onSuccess: () => void navigate({ to: '/tasks' }),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isComplete(work)) schedule.mutate()
  }
  return (
    <Stack gap="sm" maw={720} component="form" onSubmit={submit}>
      <PageTitle>Schedule a task</PageTitle>
      <WorkFields work={work} onChange={setWork} />
      <TextInput
        type="datetime-local"
        label="When"
        description="In your own time; left empty, at once."
        value={at}
        onChange={({ currentTarget }) => setAt(currentTarget.value)}
      />
      <Group grow align="start">
        <NumberInput
          label="Again every … minutes"
          description="Left empty, once."
          min={1}
          max={527_040}
          allowDecimal={false}
          value={minutes}
          onChange={setMinutes}
        />
        <NumberInput
          label="Times in all"
          description="The first one counts."
          min={2}
          max={1000}
          allowDecimal={false}
          value={times}
          onChange={setTimes}
        />
      </Group>
      <ProblemAlert error={schedule.error} />
      <Group>
        <Button type="submit" loading={schedule.isPending} disabled={!isComplete(work)}>
          Schedule
        </Button>
        <CopyButton value={curlOf('/v1/tasks', body)} label="Copy as curl" />
      </Group>
    </Stack>
  )
}
