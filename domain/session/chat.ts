// Questions about a session that has ended: who answers them, and what therefore still happens after the end.
import type { PinnedAgent } from '../../schemas/agent-definition.ts'
import type { EventData } from '../../schemas/events.ts'
import type { ExecutionId } from '../../schemas/ids.ts'
import { lineageOf } from './helpers.ts'
import type { Execution, PresentSession, Question } from './session-state.ts'

export interface Answering extends Execution {
  readonly question: Question
}

/** Those who answer, answered or are still to answer, in the order of the questions. */
export const questionsOf = ({ executions }: PresentSession): readonly Answering[] =>
  Object.values(executions).filter((execution): execution is Answering => execution.question !== null)

/** It answers a question, or helps whoever does. */
export const answersQuestion = (state: PresentSession, id: ExecutionId): boolean =>
  state.ended !== null && lineageOf(state, id).at(-1)?.question != null

/** The session has ended, and this execution is no part of the chat about it: nothing it reports leads to anything. */
export const isOver = (state: PresentSession, id: ExecutionId | undefined): boolean =>
  state.ended !== null && (id === undefined || !answersQuestion(state, id))

/** Who answers about a session whose plan names nobody: the last agent that had tools, else the last one, as itself no more. */
export const standInOf = ({ stages }: EventData<'session.plan_adopted'>): PinnedAgent | undefined => {
  const agents = stages.flatMap((stage) => stage.agents.map(({ agent }) => agent))
  const last = agents.findLast(({ controller }) => controller !== 'single_shot') ?? agents.at(-1)
  return last && { ...last, name: 'chat', instructions: { ...last.instructions, custom: '' } }
}
