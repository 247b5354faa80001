// What follows from the state of helpers: reports reach whoever called on them, and nobody works for an agent that has ended.

import { builtInServer, builtInTools } from '../../schemas/built-in-tools.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import type { ExecutionId } from '../../schemas/ids.ts'
import { parentEnded } from './causes.ts'
import { endExecution } from './ends.ts'
import { helpersOf, isAtWork, reportOf } from './helpers.ts'
import { messageIdOf } from './session-ids.ts'
import { latestCallsOf } from './session-parts.ts'
import { type Execution, isSettled, type PresentSession, type ToolCall } from './session-state.ts'
import { resultOf } from './settle-call.ts'

export const endOrphans = (state: PresentSession): readonly SessionEvent[] =>
  Object.values(state.executions)
    .filter(({ status, helper }) => {
      return status === 'running' && helper !== null && state.executions[helper.parentId]?.status !== 'running'
    })
    .map((helper) => endExecution(helper, { status: 'cancelled', cause: parentEnded }))

/** An `await_helpers` whose helpers are all done has its result. */
export const settleAwaits = (state: PresentSession): readonly SessionEvent[] => {
  if (!hasHelpers(state)) return []
  for (const call of openAwaits(state)) {
    const awaited = awaitedBy(state, call)
    if (awaited.some(isAtWork)) continue
    return [
      resultOf(call.id, call.executionId, awaited.map(reportOf).join('\n\n')),
      ...awaited.filter(({ helper }) => helper?.reported === false).map((helper) => reported(helper, call.executionId)),
    ]
  }
  return []
}

/** A report nobody awaits comes as a message. */
export const reportHelpers = (state: PresentSession): readonly SessionEvent[] => {
  if (!hasHelpers(state)) return []
  const awaited = new Set(openAwaits(state).flatMap((call) => awaitedBy(state, call).map(({ id }) => id)))
  for (const helper of Object.values(state.executions)) {
    const { helper: of } = helper
    if (of === null || of.reported || isAtWork(helper) || awaited.has(helper.id)) continue
    if (state.executions[of.parentId]?.status !== 'running') continue
    return [
      {
        type: 'session.message_sent',
        data: {
          messageId: messageIdOf(state.id, state.messages.size + 1),
          from: { kind: 'agent', executionId: helper.id, name: helper.agent.name },
          to: { kind: 'execution', executionId: of.parentId },
          text: { text: reportOf(helper) },
        },
      },
      reported(helper, of.parentId),
    ]
  }
  return []
}

/** Most sessions have none: they should not pay for looking through their calls. */
const hasHelpers = ({ executions }: PresentSession): boolean =>
  Object.values(executions).some(({ helper }) => helper !== null)

const reported = ({ id }: Execution, parentId: ExecutionId): SessionEvent => ({
  type: 'session.helper_reported',
  data: { executionId: id, parentId },
})

const openAwaits = (state: PresentSession): readonly ToolCall[] =>
  Object.values(state.executions)
    .filter(({ status }) => status === 'running')
    .flatMap((execution) => latestCallsOf(state, execution))
    .filter(
      (call) => call.request?.server === builtInServer && call.request.tool === 'await_helpers' && !isSettled(call),
    )
    .sort((a, b) => a.number - b.number)

const awaitedBy = (state: PresentSession, { executionId, request }: ToolCall): readonly Execution[] => {
  const ids = builtInTools.await_helpers.input.safeParse(request?.arguments).data?.helpers
  return helpersOf(state, executionId).filter(({ id }) => ids === undefined || ids.includes(id))
}
