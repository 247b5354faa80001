// What a session and a task are both asked for: title, input, chain, priority, labels.
import { Autocomplete, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../api/client.ts'
import { labelsOfText } from './labels-text.ts'

const priorities = ['critical', 'high', 'normal', 'low'] as const

export interface Work {
  readonly title: string
  readonly input: string
  readonly chain: string
  readonly priority: string
  readonly labels: string
}

export const noWork: Work = { title: '', input: '', chain: '', priority: '', labels: '' }

export const bodyOf = ({ title, input, chain, priority, labels }: Work) => {
  const read = labelsOfText(labels)
  const known = priorities.find((each) => each === priority)
  return {
    title: title.trim(),
    input,
    ...(chain.trim() !== '' && { chain: chain.trim() }),
    ...(known !== undefined && { priority: known }),
    labels: read === 'unreadable' ? {} : read,
  }
}

export const isComplete = ({ title, labels }: Work): boolean =>
  title.trim() !== '' && labelsOfText(labels) !== 'unreadable'

interface WorkFieldsProps {
  readonly work: Work
  readonly onChange: (work: Work) => void
}

export const WorkFields = ({ work, onChange }: WorkFieldsProps) => {
  const chains = useQuery({
    queryKey: ['chains-used'],
    queryFn: async () => (await answerOf(api.GET('/v1/sessions/facets', {}))).facets['chain'] ?? [],
  })
  const set = (field: keyof Work, value: string): void => onChange({ ...work, [field]: value })
  return (
    <>
      <TextInput
        label="Title"
        required
        maxLength={500}
        value={work.title}
        onChange={({ currentTarget }) => set('title', currentTarget.value)}
      />
      <Textarea
        label="Input"
        description="What to look into, in words or as data; secrets are masked before it is kept."
        autosize
        minRows={4}
        maxRows={16}
        value={work.input}
        onChange={({ currentTarget }) => set('input', currentTarget.value)}
      />
      <Autocomplete
        label="Chain"
        description="Left empty, the router decides."
        data={(chains.data ?? []).map(({ value }) => value)}
        value={work.chain}
        onChange={(value) => set('chain', value)}
      />
      <NativeSelect
        label="Priority"
        data={[{ value: '', label: 'As usual' }, ...priorities.map((value) => ({ value, label: value }))]}
        value={work.priority}
        onChange={({ currentTarget }) => set('priority', currentTarget.value)}
      />
      <TextInput
        label="Labels"
        placeholder="team=infra, host=db-1"
        error={labelsOfText(work.labels) === 'unreadable' ? 'Write name=value, separated by commas.' : undefined}
        value={work.labels}
        onChange={({ currentTarget }) => set('labels', currentTarget.value)}
      />
    </>
  )
}
