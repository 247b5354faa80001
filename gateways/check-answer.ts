// Arguments a person puts in place of those a model wrote are held to the same schema: the one pinned when the tool was offered.
import type { SessionReader } from '../commands/command-bus.ts'
import type { Rejection } from '../domain/decider.ts'
import { valueAt } from '../domain/persistent-map.ts'
import type { CheckArguments } from '../handlers/check-proposed.ts'
import { isTooDeep, maxJsonDepth } from '../handlers/json-depth.ts'
import type { CommandData } from '../schemas/commands.ts'
import type { OrgId } from '../schemas/ids.ts'

export interface AnswerChecks {
  readonly bus: SessionReader
  readonly checkArguments: CheckArguments
}

/** @returns null when nothing speaks against the arguments; whether the answer counts is for the decider. */
export const argumentsNotFitting = async (
  { bus, checkArguments }: AnswerChecks,
  org: OrgId,
  { sessionId, inputId, answer }: CommandData<'AnswerInput'>,
): Promise<Rejection | null> => {
  if (answer.kind !== 'approve' || answer.arguments === undefined) return null
  const state = await bus.session(org, sessionId)
  if (state.status === 'absent') return null
  const input = valueAt(state.inputs, inputId)
  if (input?.status !== 'open' || input.question.kind !== 'tool_approval') return null
  const { executionId, name } = input.question
  if (isTooDeep(answer.arguments)) return refused(`The arguments of ${name} nest deeper than ${maxJsonDepth} levels.`)
  const tool = state.executions[executionId]?.tools?.find((offered) => offered.name === name)
  if (tool === undefined) return refused(`${name} is not offered to this agent; approve without arguments, or deny.`)
  const checked = checkArguments(tool, JSON.stringify(answer.arguments))
  return checked.kind === 'valid' ? null : refused(checked.message)
}

const refused = (message: string): Rejection => ({ code: 'answer_not_fitting', message })
