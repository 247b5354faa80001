// Which tools go to the model with a turn: none to an agent that has to conclude, or is told of them in words.
import type { OfferedTool } from '../../schemas/tool.ts'
import type { Execution, OpenTurn } from '../session/session-state.ts'

export const toolsSent = (
  { agent: { controller }, tools }: Execution,
  { mode }: Pick<OpenTurn, 'mode'>,
): readonly OfferedTool[] =>
  (controller === 'native_tools' || controller === 'chat') && mode !== 'forced_conclusion' ? (tools ?? []) : []
