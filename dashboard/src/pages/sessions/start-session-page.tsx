// Starts a session directly, without an alert.
import { Button, Group, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { answerOf, api } from '../../api/client.ts'
import { bodyOf, isComplete, noWork, WorkFields } from '../../forms/work-fields.tsx'
import { CopyButton } from '../../parts/copy-button.tsx'
import { curlOf } from '../../parts/curl.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'

export const StartSessionPage = () => {
  const navigate = useNavigate()
  const [work, setWork] = useState(noWork)
  const start = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/sessions', { body: bodyOf(work) })),
    onSuccess: ({ id }) => void navigate({ to: '/sessions/$id', params: { id } }),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isComplete(work)) start.mutate()
  }
  return (
    <Stack gap="sm" maw={720} component="form" onSubmit={submit}>
      <PageTitle>Start a session</PageTitle>
      <WorkFields work={work} onChange={setWork} />
      <ProblemAlert error={start.error} />
      <Group>
        <Button type="submit" loading={start.isPending} disabled={!isComplete(work)}>
          Start
        </Button>
        <CopyButton value={curlOf('/v1/sessions', bodyOf(work))} label="Copy as curl" />
      </Group>
    </Stack>
  )
}
