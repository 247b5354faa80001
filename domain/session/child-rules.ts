// What follows from the end of a child session: its report reaches the call that waits for it, or the agent that asked.
import { builtInServer } from '../../schemas/built-in-tools.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { valueAt, valuesOf } from '../persistent-map.ts'
import { messageIdOf } from './session-ids.ts'
import { type Child, isSettled, type PresentSession } from './session-state.ts'
import { resultOf } from './settle-call.ts'

/** The call that waits for a child has its result when the child has ended. */
export const settleChildren = (state: PresentSession): readonly SessionEvent[] => {
  for (const child of Object.values(state.children)) {
    const call = child.toolCallId === null ? undefined : valueAt(state.toolCalls, child.toolCallId)
    if (child.status === 'running' || !child.awaited || call === undefined || isSettled(call)) continue
    if (call.request?.server !== builtInServer) continue
    return [resultOf(call.id, call.executionId, reportOf(child))]
  }
  return []
}

/** The report of a child nobody waits for is heard at the next step of who started it, if there is one. */
export const reportChildren = (state: PresentSession): readonly SessionEvent[] => {
  for (const child of Object.values(state.children)) {
    const { executionId, status, awaited, id } = child
    if (status === 'running' || awaited || executionId === null) continue
    if (state.executions[executionId]?.status !== 'running') continue
    const told = valuesOf(state.messages).some(({ from }) => from.kind === 'session' && from.sessionId === id)
    if (told) continue
    return [
      {
        type: 'session.message_sent',
        data: {
          messageId: messageIdOf(state.id, state.messages.size + 1),
          from: { kind: 'session', sessionId: id, name: child.title },
          to: { kind: 'execution', executionId },
          text: { text: reportOf(child) },
        },
      },
    ]
  }
  return []
}

/** Its calls have numbers of their own: taken over as they are, they would name calls of this session. */
const reportOf = ({ id, status, report }: Child): string =>
  `Session ${id} ${status}:\n${(report?.text ?? '').replace(/\bcalls?(?=[\s#]*\d)/gi, `$& ${id}`)}`
