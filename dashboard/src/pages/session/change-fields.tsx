// What a fork or a replay does otherwise than its source: another model or agent, other instructions, another task.
import { Group, Select, Textarea, TextInput } from '@mantine/core'

export interface ChangeTexts {
  readonly model: string
  readonly agent: string | null
  readonly useAgent: string | null
  readonly instructions: string
  readonly task: string
}

export const noChange: ChangeTexts = { model: '', agent: null, useAgent: null, instructions: '', task: '' }

/** Only what was filled in. */
export const changesOf = ({ model, agent, useAgent, instructions, task }: ChangeTexts) => {
  const [provider = '', ...rest] = model.trim().split('/')
  return {
    ...(agent !== null && { agent }),
    ...(model.trim() !== '' && { model: { provider, model: rest.join('/') } }),
    ...(useAgent !== null && { useAgent }),
    ...(instructions.trim() !== '' && { instructions }),
    ...(task.trim() !== '' && { task }),
  }
}

interface ChangeFieldsProps {
  readonly texts: ChangeTexts
  readonly onChange: (texts: ChangeTexts) => void
  /** Agents of the plan. */
  readonly agents: readonly string[]
}

export const ChangeFields = ({ texts, onChange, agents }: ChangeFieldsProps) => {
  const set = (part: Partial<ChangeTexts>): void => onChange({ ...texts, ...part })
  return (
    <>
      <Group grow align="start">
        <TextInput
          label="Model"
          placeholder="provider/model"
          value={texts.model}
          onChange={(event) => set({ model: event.currentTarget.value })}
          error={texts.model.trim() !== '' && !texts.model.includes('/') ? 'Say it as provider/model.' : undefined}
        />
        <Select
          label="Another agent"
          data={[...agents]}
          value={texts.useAgent}
          onChange={(useAgent) => set({ useAgent })}
          clearable
        />
        <Select
          label="Only in place of"
          data={[...agents]}
          value={texts.agent}
          onChange={(agent) => set({ agent })}
          clearable
        />
      </Group>
      <Textarea
        label="Instructions"
        description="In place of the agents' own."
        value={texts.instructions}
        onChange={(event) => set({ instructions: event.currentTarget.value })}
        autosize
        maxRows={8}
      />
      <Textarea
        label="Task of the stage"
        value={texts.task}
        onChange={(event) => set({ task: event.currentTarget.value })}
        autosize
        maxRows={6}
      />
    </>
  )
}
