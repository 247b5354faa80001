// Calls of Casebook's own tools: what each leads to, decided on the log's state; the model's words decide nothing.
import { type BuiltInTool, builtInTools, helperLimits } from '../../schemas/built-in-tools.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import type { ExecutionId } from '../../schemas/ids.ts'
import type { BuiltInCall, BuiltInOutcome } from './built-in-outcome.ts'
import { endedByParent } from './causes.ts'
import { startChild } from './child-sessions.ts'
import { decompose } from './decompose.ts'
import { endExecution, laterThan } from './ends.ts'
import { helpersOf, isAtWork, reportOf } from './helpers.ts'
import { requestInput } from './request-input.ts'
import { helperIdOf, messageIdOf } from './session-ids.ts'
import type { Execution, PresentSession } from './session-state.ts'

export const isBuiltIn = (tool: string): tool is BuiltInTool => Object.hasOwn(builtInTools, tool)

/** Nobody is asked and nothing is started in a replay: these calls are answered from the recording. */
export const leadsOutside = (tool: string): boolean => tool === 'ask_person' || tool === 'start_session'

const refused = (message: string): BuiltInOutcome => ({ kind: 'refused', message })
const done = (text: string, ...events: readonly SessionEvent[]): BuiltInOutcome => ({ kind: 'done', text, events })

export const settleBuiltIn = (
  state: PresentSession,
  execution: Execution,
  call: BuiltInCall,
  at: string,
): BuiltInOutcome => {
  const { tool } = call
  if (!isBuiltIn(tool)) return refused(`Casebook has no tool ${tool}.`)
  if (state.fork?.kind === 'replay' && leadsOutside(tool)) return { kind: 'waits', events: [] }
  switch (tool) {
    case 'dispatch_helper': {
      const parsed = builtInTools.dispatch_helper.input.safeParse(call.arguments)
      return parsed.success ? dispatch(state, execution, parsed.data, at) : wrong(tool)
    }
    case 'await_helpers': {
      const parsed = builtInTools.await_helpers.input.safeParse(call.arguments)
      return parsed.success ? awaitHelpers(state, execution, parsed.data.helpers) : wrong(tool)
    }
    case 'list_helpers':
      return done(listText(state, execution))
    case 'cancel_helper': {
      const parsed = builtInTools.cancel_helper.input.safeParse(call.arguments)
      return parsed.success ? cancelHelper(state, execution, parsed.data.helper, parsed.data.reason) : wrong(tool)
    }
    case 'send_message': {
      const parsed = builtInTools.send_message.input.safeParse(call.arguments)
      return parsed.success ? send(state, execution, parsed.data) : wrong(tool)
    }
    case 'ask_person': {
      const parsed = builtInTools.ask_person.input.safeParse(call.arguments)
      return parsed.success ? ask(state, execution, call, parsed.data.question, at) : wrong(tool)
    }
    case 'start_session': {
      const parsed = builtInTools.start_session.input.safeParse(call.arguments)
      return parsed.success ? startChild(state, execution, call, parsed.data) : wrong(tool)
    }
    case 'extend_plan': {
      const parsed = builtInTools.extend_plan.input.safeParse(call.arguments)
      if (!parsed.success) return wrong(tool)
      const extension = decompose(state, execution, parsed.data)
      return extension.kind === 'refused'
        ? refused(extension.message)
        : done(`Planned: ${parsed.data.stages.map(({ name }) => name).join(', ')}.`, {
            type: 'session.plan_extended',
            data: extension.data,
          })
    }
  }
}

const wrong = (tool: string): BuiltInOutcome => refused(`The arguments of ${tool} do not fit its schema.`)

const dispatch = (
  state: PresentSession,
  parent: Execution,
  { agent: name, task }: { readonly agent: string; readonly task: string },
  at: string,
): BuiltInOutcome => {
  const allowed = parent.agent.helpers ?? []
  const agent = state.plan?.helperAgents?.find((each) => each.name === name)
  if (!allowed.includes(name) || agent === undefined)
    return refused(`There is no helper "${name}". Helpers: ${allowed.length === 0 ? 'none' : allowed.join(', ')}.`)
  const limits = state.plan?.helperLimits ?? helperLimits.parse({})
  const all = Object.values(state.executions).filter(({ helper }) => helper !== null)
  const depth = (parent.helper?.depth ?? 0) + 1
  const own = helpersOf(state, parent.id).filter(isAtWork).length
  if (depth > limits.depth) return refused(`Helpers may not go deeper than ${limits.depth}; do this yourself.`)
  if (own >= limits.concurrent)
    return refused(`${own} helpers are at work already, and no more may be; await one of them first.`)
  if (all.length >= limits.total) return refused(`This session has used its ${limits.total} helpers; do this yourself.`)
  const left = parent.agent.maxIterations - (parent.turns.at(-1)?.turn ?? 0)
  const executionId = helperIdOf(state.id, all.length + 1)
  return done(
    `Helper ${executionId} (${name}) is at work.`,
    {
      type: 'session.helper_dispatched',
      data: {
        executionId,
        parentId: parent.id,
        stageId: parent.stageId,
        agent: name,
        task,
        depth,
        deadline: laterThan({ at }, limits.seconds * 1000),
        maxIterations: Math.max(1, Math.min(agent.maxIterations, left)),
      },
    },
    {
      type: 'session.execution_started',
      data: { executionId, stageId: parent.stageId, agent: name, controller: agent.controller, at },
    },
  )
}

/** The result is recorded by a rule when the last of them is done. */
const awaitHelpers = (
  state: PresentSession,
  parent: Execution,
  ids: readonly ExecutionId[] | undefined,
): BuiltInOutcome => {
  const own = helpersOf(state, parent.id)
  const unknown = (ids ?? []).find((id) => !own.some((helper) => helper.id === id))
  if (unknown !== undefined) return refused(`${unknown} is no helper of yours.`)
  return own.length === 0 ? refused('You have no helpers.') : { kind: 'waits', events: [] }
}

const listText = (state: PresentSession, { id }: Execution): string => {
  const lines = helpersOf(state, id).map(
    (helper) => `- ${helper.id} (${helper.agent.name}): ${helper.status}, ${helper.turns.length} turns`,
  )
  return lines.length === 0 ? 'You have no helpers.' : lines.join('\n')
}

const cancelHelper = (state: PresentSession, parent: Execution, id: ExecutionId, reason: string): BuiltInOutcome => {
  const helper = helpersOf(state, parent.id).find((each) => each.id === id)
  if (helper === undefined) return refused(`${id} is no helper of yours.`)
  if (!isAtWork(helper)) return done(reportOf(helper))
  return done(
    `Helper ${id} was ended.`,
    endExecution(helper, { status: 'cancelled', cause: endedByParent(parent.agent.name, reason) }),
    { type: 'session.helper_reported', data: { executionId: id, parentId: parent.id } },
  )
}

const send = (
  state: PresentSession,
  sender: Execution,
  { to, text }: { readonly to: string; readonly text: string },
): BuiltInOutcome => {
  const execution = Object.values(state.executions).find(({ id }) => id === to)
  const known = Object.values(state.executions).some(({ agent }) => agent.name === to)
  if (execution === undefined && !known) {
    const names = [...new Set(Object.values(state.executions).map(({ agent }) => agent.name))].join(', ')
    return refused(`Nobody here is called "${to}". Agents of this session: ${names}.`)
  }
  if (execution !== undefined && !isAtWork(execution)) return refused(`${to} has ended and hears nothing any more.`)
  if (execution?.id === sender.id) return refused('That is you.')
  return done(`Sent to ${to}.`, {
    type: 'session.message_sent',
    data: {
      messageId: messageIdOf(state.id, state.messages.size + 1),
      from: { kind: 'agent', executionId: sender.id, name: sender.agent.name },
      to: execution === undefined ? { kind: 'agent', name: to } : { kind: 'execution', executionId: execution.id },
      text: { text },
    },
  })
}

const ask = (
  state: PresentSession,
  execution: Execution,
  { toolCallId }: BuiltInCall,
  text: string,
  at: string,
): BuiltInOutcome => ({
  kind: 'waits',
  events: [requestInput(state, { kind: 'question', executionId: execution.id, toolCallId, text }, at)],
})
