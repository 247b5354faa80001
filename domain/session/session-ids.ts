// Ids inside a session are derived from its own, so that deciding again names the same things.
import {
  type ExecutionId,
  type InputId,
  type MessageId,
  type SessionId,
  type StageId,
  sessionId,
  type ToolCallId,
} from '../../schemas/ids.ts'

const two = (value: number): string => String(value).padStart(2, '0')

export const stageIdOf = (session: SessionId, stage: number): StageId =>
  `stg_${session.slice('ses_'.length)}_${two(stage)}` as StageId

export const executionIdOf = (session: SessionId, stage: number, agent: number): ExecutionId =>
  `exe_${session.slice('ses_'.length)}_${two(stage)}_${two(agent)}` as ExecutionId

export const helperIdOf = (session: SessionId, number: number): ExecutionId =>
  `exe_${session.slice('ses_'.length)}_h${String(number).padStart(3, '0')}` as ExecutionId

/** Of the agent that answers the session's question of this number, and so of the question itself. */
export const answerIdOf = (session: SessionId, number: number): ExecutionId =>
  `exe_${session.slice('ses_'.length)}_q${String(number).padStart(3, '0')}` as ExecutionId

export const isAnswerId = (id: string): boolean => /_q\d{3,}$/.test(id)

/** Answers belong to no stage of the plan; this stands where other executions name theirs. */
export const chatStageIdOf = (session: SessionId): StageId => `stg_${session.slice('ses_'.length)}_chat` as StageId

export const toolCallIdOf = (execution: ExecutionId, turn: number, index: number): ToolCallId =>
  `call_${execution.slice('exe_'.length)}_${String(turn).padStart(3, '0')}_${two(index)}` as ToolCallId

export const inputIdOf = (session: SessionId, number: number): InputId =>
  `inp_${session.slice('ses_'.length)}_${String(number).padStart(3, '0')}` as InputId

/** @returns the session that asks under this id; null when no session does. */
export const sessionOfInput = (id: InputId): SessionId | null =>
  sessionId.safeParse(id.replace(/^inp_(\w+)_\d{3,}$/, 'ses_$1')).data ?? null

export const messageIdOf = (session: SessionId, number: number): MessageId =>
  `msg_${session.slice('ses_'.length)}_${String(number).padStart(3, '0')}` as MessageId

/** The id an event of this command will have: `<commandId>.<index>`. */
export const eventIdAt = (metadata: { readonly commandId: string }, index: number): string =>
  `${metadata.commandId}.${index}`
