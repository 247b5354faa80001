// The prompt of an agent's next turn: a pure fold of the session, so that what the model saw can be shown again exactly.
import type { ModelMessage } from '../../schemas/model.ts'
import type { Execution, OpenTurn, PresentSession, Turn } from '../session/session-state.ts'
import { fitPrompt } from './fit-prompt.ts'
import { systemText, taskText } from './instructions.ts'

export const conversationOf = (state: PresentSession, execution: Execution, open: OpenTurn): readonly ModelMessage[] =>
  fitPrompt([
    { role: 'system', text: systemText(execution) },
    { role: 'user', text: taskText(state, execution) },
    ...execution.turns.flatMap((turn) => messagesOf(state, turn)),
    ...request(open),
  ])

const messagesOf = (state: PresentSession, turn: Turn): readonly ModelMessage[] => {
  const calls = turn.toolCalls.flatMap((id) => state.toolCalls[id] ?? [])
  const said = turn.text.text
  // Providers refuse an assistant message with neither text nor calls; an empty reply is quoted as what it was.
  const text = said === '' && calls.length === 0 ? '(empty reply)' : said
  return [
    ...request(turn),
    {
      role: 'assistant',
      text,
      toolCalls: calls.map(({ id, name, written }) => ({ id, name, arguments: written })),
    },
    ...calls.map(
      (call): ModelMessage => ({ role: 'tool', toolCallId: call.id, text: call.result?.text ?? '(no result)' }),
    ),
  ]
}

/** What a turn adds to the conversation before the model answers. */
const request = ({ mode }: Pick<OpenTurn, 'mode'>): readonly ModelMessage[] => {
  switch (mode) {
    case 'normal':
      return []
    case 'nudge':
      return [{ role: 'user', text: 'Your last reply was empty. Go on: call a tool, or write your conclusion.' }]
    case 'forced_conclusion':
      return [
        {
          role: 'user',
          text: 'You have used all your turns, and tools are no longer available. Write your conclusion now from what you have found; say what remains unknown.',
        },
      ]
  }
}
