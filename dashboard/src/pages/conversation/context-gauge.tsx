// How full the model's window was, and with whose words.
import { Group, Progress, Text } from '@mantine/core'
import type { Message } from './message-diff.ts'

interface ContextGaugeProps {
  readonly messages: readonly Message[]
  readonly promptTokens: number
  readonly contextTokens: number
}

const roles = [
  { role: 'system', colour: 'grape', label: 'instructions' },
  { role: 'user', colour: 'blue', label: 'task and messages' },
  { role: 'assistant', colour: 'teal', label: 'its own words' },
  { role: 'tool', colour: 'orange', label: 'tool results' },
] as const

const sizeOf = ({ text, toolCalls = [] }: Message): number =>
  text.length + toolCalls.reduce((sum, call) => sum + call.arguments.length, 0)

export const ContextGauge = ({ messages, promptTokens, contextTokens }: ContextGaugeProps) => {
  const all = messages.reduce((sum, message) => sum + sizeOf(message), 0) || 1
  const parts = roles.map(({ role, ...rest }) => {
    const size = messages.filter((message) => message.role === role).reduce((sum, each) => sum + sizeOf(each), 0)
    return { role, ...rest, tokens: Math.round((size / all) * promptTokens) }
  })
  const full = Math.round((promptTokens / contextTokens) * 100)
  return (
    <section aria-label="Context">
      <Text size="sm">
        {promptTokens.toLocaleString('en')} of {contextTokens.toLocaleString('en')} tokens, {full} % of the window
      </Text>
      <Progress.Root size="lg" mt={4}>
        {parts.map(({ role, colour, label, tokens }) => (
          <Progress.Section
            key={role}
            value={Math.min(100, (tokens / contextTokens) * 100)}
            color={`${colour}.6`}
            aria-label={`${label}: ${tokens} tokens`}
          />
        ))}
      </Progress.Root>
      <Group gap="sm" mt={4}>
        {parts
          .filter(({ tokens }) => tokens > 0)
          .map(({ role, label, tokens }) => (
            <Text key={role} size="xs" c="dimmed">
              {label} ≈ {tokens.toLocaleString('en')}
            </Text>
          ))}
      </Group>
    </section>
  )
}
