// Which call is to have had another result, where a fork does not begin at one.
import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../../api/client.ts'
import { resultText } from '../../parts/result-text.ts'
import type { ForkFrom } from './story-actions.ts'

interface CallChoiceProps {
  readonly sessionId: string
  readonly onChoose: (call: ForkFrom['call']) => void
}

export const CallChoice = ({ sessionId, onChoose }: CallChoiceProps) => {
  const { data } = useQuery({
    queryKey: ['tool-calls', sessionId],
    queryFn: () =>
      answerOf(api.GET('/v1/sessions/{id}/tool-calls', { params: { path: { id: sessionId }, query: { limit: 200 } } })),
  })
  const calls = data?.items ?? []
  if (calls.length === 0) return null
  return (
    <NativeSelect
      label="Another result of a call"
      onChange={({ currentTarget: { value } }) => {
        const call = calls.find(({ id }) => id === value)
        onChoose(call && { id: call.id, name: call.name, text: call.result === null ? '' : resultText(call.result) })
      }}
      data={[
        { value: '', label: 'None' },
        ...calls.map(({ id, name, turn, status }) => ({ value: id, label: `${name} · turn ${turn} · ${status}` })),
      ]}
    />
  )
}
