// Which attempt of a call a server's question belongs to, and whether anybody still waits for the answer.
import type { InputQuestion } from '../../schemas/session-inputs.ts'
import { valueAt } from '../persistent-map.ts'
import type { PresentSession } from './session-state.ts'

export type Elicitation = Extract<InputQuestion, { kind: 'elicitation' }>

/** Only the attempt that asked can hear the answer. */
export const isAwaited = (
  state: PresentSession,
  { toolCallId, attempt }: Pick<Elicitation, 'toolCallId' | 'attempt'>,
): boolean => {
  const call = valueAt(state.toolCalls, toolCallId)
  return call?.status === 'begun' && call.attempt === attempt
}

export const isOf = (
  question: Pick<Elicitation, 'toolCallId' | 'attempt'>,
  { toolCallId, attempt }: Pick<Elicitation, 'toolCallId' | 'attempt'>,
): boolean => question.toolCallId === toolCallId && question.attempt === attempt
