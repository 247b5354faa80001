// Asks people something: under the next id of the session, until the time its policy gives them.
import type { EventOf } from '../../schemas/events.ts'
import type { InputQuestion } from '../../schemas/session-inputs.ts'
import { laterThan } from './ends.ts'
import { inputIdOf } from './session-ids.ts'
import type { PresentSession } from './session-state.ts'

/** For sessions from before there were policies. */
const defaultExpirySeconds = 3600

export const requestInput = (
  state: PresentSession,
  question: InputQuestion,
  at: string,
): EventOf<'session.input_requested'> => ({
  type: 'session.input_requested',
  data: {
    inputId: inputIdOf(state.id, state.inputs.size + 1),
    question,
    expiresAt: laterThan({ at }, (state.plan?.toolPolicy?.expiry_seconds ?? defaultExpirySeconds) * 1000),
  },
})
