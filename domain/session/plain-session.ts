// A session's state as data: what people and programs outside are shown of it.
import { recordOf } from '../persistent-map.ts'
import type { SessionState } from './session-state.ts'

export interface PlainSession {
  readonly status: string
  readonly [field: string]: unknown
}

export const plainSession = (state: SessionState): PlainSession => {
  if (state.status === 'absent') return { ...state }
  const { openInputs: _, unheard: __, ...shown } = state
  const { toolCalls, inputs, messages } = state
  return { ...shown, toolCalls: recordOf(toolCalls), inputs: recordOf(inputs), messages: recordOf(messages) }
}
