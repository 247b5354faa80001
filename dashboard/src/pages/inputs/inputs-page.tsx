// Everything that waits for a person, in one place.
import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../api/client.ts'
import { useOpenInputs } from '../../api/open-inputs.ts'
import { problemOf } from '../../api/patience.ts'
import { AnchorLink } from '../../parts/anchor-link.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { PageTitle } from '../../parts/page-title.tsx'
import { ProblemAlert } from '../../parts/problem-alert.tsx'
import { InputCard } from './input-card.tsx'

export const InputsPage = () => {
  const open = useOpenInputs()
  const { data } = open
  const ids = [...new Set(data?.items.map(({ sessionId }) => sessionId))].slice(0, 50)
  const sessions = useQuery({
    queryKey: ['sessions', 'titles', ids],
    queryFn: () => answerOf(api.GET('/v1/sessions', { params: { query: { id: ids.join(','), limit: ids.length } } })),
    enabled: ids.length > 0,
  })
  const titleOf = (id: string): string => sessions.data?.items.find((session) => session.id === id)?.title ?? id
  return (
    <Stack gap="sm" maw={900}>
      <PageTitle>Inputs</PageTitle>
      <ProblemAlert error={problemOf(open)} />
      {data?.items.length === 0 && (
        <EmptyState what="Nobody waits for you. What agents ask people, and calls that need an approval, come here." />
      )}
      {data?.items.map((input) => (
        <div key={input.id}>
          <AnchorLink to="/sessions/$id" params={{ id: input.sessionId }} size="sm">
            {titleOf(input.sessionId)}
          </AnchorLink>
          <InputCard input={input} />
        </div>
      ))}
    </Stack>
  )
}
