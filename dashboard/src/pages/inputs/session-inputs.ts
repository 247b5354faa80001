// The questions a session waits with, read again when others wait.
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../api/client.ts'
import type { OpenInput } from '../../api/open-inputs.ts'
import type { components } from '../../api/schema.d.ts'

export type Input = OpenInput
export type QuestionOf<K extends Input['question']['kind']> = Extract<Input['question'], { readonly kind: K }>
export type SendAnswer = (answer: components['schemas']['InputAnswer']) => void

export const useSessionInputs = (session: string, waitingFor: readonly string[]): readonly Input[] => {
  const { data } = useQuery({
    queryKey: ['inputs', session, waitingFor],
    queryFn: () => answerOf(api.GET('/v1/inputs', { params: { query: { session, status: 'open', limit: 200 } } })),
    enabled: waitingFor.length > 0,
    staleTime: 0,
    // The read model may be a moment behind the live stream that told of the question: it may have the one before as open.
    refetchInterval: ({ state: { data: read } }) =>
      waitingFor.every((id) => read?.items.some((item) => item.id === id)) ? false : 300,
  })
  return (data?.items ?? []).filter(({ id }) => waitingFor.includes(id))
}
