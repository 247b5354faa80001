// A question about a session that has ended: taken up at once, or as soon as those before it are answered.
import type { CommandData, CommandMetadata } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { accept, alreadySo, type Decision, reject } from '../decider.ts'
import { questionsOf, standInOf } from './chat.ts'
import { isAtWork } from './helpers.ts'
import { answerIdOf } from './session-ids.ts'
import type { PresentSession } from './session-state.ts'

/** Questions that may wait at once: more would be somebody's loop. */
const mostOpen = 20

export const askSession = (
  { text }: CommandData<'AskSession'>,
  state: PresentSession,
  { actor, at, commandId }: CommandMetadata,
): Decision<SessionEvent> => {
  const questions = questionsOf(state)
  if (questions.some(({ question }) => question.commandId === commandId)) return alreadySo
  if (state.ended === null) {
    return reject(
      'session_not_ended',
      `Session ${state.id} is ${state.status}: say it to its agents, or ask at its end.`,
    )
  }
  const agent = state.plan === null ? undefined : (state.plan.chatAgent ?? standInOf(state.plan))
  if (agent === undefined) {
    return reject('nobody_to_ask', `Session ${state.id} ended before it had agents: start a new one.`)
  }
  if (questions.filter(isAtWork).length >= mostOpen) {
    return reject('too_many_questions', `${mostOpen} questions wait already: ask again when some are answered.`)
  }
  return accept({
    type: 'session.question_asked',
    data: {
      executionId: answerIdOf(state.id, questions.length + 1),
      text: { text },
      by: actor,
      at,
      commandId,
      ...(state.plan?.chatAgent === undefined && { agent }),
    },
  })
}
