// A long investigation still fits a model's window: the oldest tool results give way first, and say that they did.
import type { ModelMessage } from '../../schemas/model.ts'
import type { Execution } from '../session/session-state.ts'

/** At four characters each. */
export const defaultTokens = 100_000
export const charactersPerToken = 4
/** About 100,000 tokens: what common models take, with room for the reply. */
export const promptCharacters = defaultTokens * charactersPerToken

export const promptCharactersOf = ({ agent }: Execution): number =>
  (agent.contextTokens ?? defaultTokens) * charactersPerToken

const keptOfAResult = 500

/** Only tool results are shortened: instructions, the task, and what the agent itself said stay whole. */
export const fitPrompt = (messages: readonly ModelMessage[], limit = promptCharacters): readonly ModelMessage[] => {
  let over = messages.reduce((sum, message) => sum + sizeOf(message), 0) - limit
  if (over <= 0) return messages
  return messages.map((message) => {
    if (over <= 0 || message.role !== 'tool') return message
    const short = shortened(message.text)
    if (short.length >= message.text.length) return message
    over -= message.text.length - short.length
    return { ...message, text: short }
  })
}

const shortened = (text: string): string =>
  `${text.slice(0, keptOfAResult).toWellFormed()}\n… ${text.length - keptOfAResult} characters of this earlier result are left out; call the tool again if they matter.`

export const sizeOf = (message: ModelMessage): number =>
  message.text.length +
  (message.role === 'assistant' ? message.toolCalls.reduce((sum, call) => sum + call.arguments.length, 0) : 0)
