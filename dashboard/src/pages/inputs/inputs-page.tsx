// Everything that waits for a person, in one place.
import { Anchor, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { listOpen, openInputsKey } from '../../api/open-inputs.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { InputCard } from './input-card.tsx'

export const InputsPage = () => {
  const { data, error } = useQuery({ queryKey: openInputsKey, queryFn: () => listOpen() })
  return (
    <Stack gap="sm" maw={900}>
      <PageTitle>Inputs</PageTitle>
      <ProblemAlert error={error} />
      {data?.items.length === 0 && (
        <EmptyState what="Nobody waits for you. What agents ask people, and calls that need an approval, come here." />
      )}
      {data?.items.map((input) => (
        <div key={input.id}>
          <Anchor component={Link} to="/sessions/$id" params={{ id: input.sessionId } as never} size="sm">
            {input.sessionId}
          </Anchor>
          <InputCard input={input} />
        </div>
      ))}
    </Stack>
  )
}
