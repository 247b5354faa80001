// Going on from another session's history: what has to be asked again, since nobody hears what happened before the fork.
import { builtInServer } from '../../schemas/built-in-tools.ts'
import type { CommandData, CommandMetadata } from '../../schemas/commands.ts'
import type { EventData, SessionEvent } from '../../schemas/events.ts'
import { accept, alreadySo, type Decision, reject } from '../decider.ts'
import { valueAt, valuesOf } from '../persistent-map.ts'
import { laterThan } from './ends.ts'
import { agentOfPlan, concerned } from './evolve-fork.ts'
import { evolveSession } from './evolve-session.ts'
import { inheritedId } from './inherit.ts'
import { openInputsOf } from './session-parts.ts'
import type { PresentSession } from './session-state.ts'

type Decided = Decision<SessionEvent>

/** `state` is the history shared with the source, under the ids of the fork; or the fork, when it is there already. */
export const forkSession = (
  data: CommandData<'ForkSession'>,
  state: PresentSession,
  metadata: CommandMetadata,
): Decided => {
  const { sessionId, kind, changes, queue } = data
  const { sequence, hash, ...point } = data.from
  if (state.fork?.from.sessionId === point.sessionId && state.fork.from.at === point.at) {
    const same = state.fork.kind === kind && JSON.stringify(state.fork.changes) === JSON.stringify(changes)
    return same ? alreadySo : reject('session_exists', `Session ${sessionId} is another fork.`)
  }
  if (sequence === undefined || hash === undefined) return reject('session_exists', `Session ${sessionId} exists.`)
  if (state.ended !== null)
    return reject('session_ended', `At version ${point.at} the session has ended; take a version before its end.`)
  if (state.plan === null)
    return reject('version_out_of_range', `At version ${point.at} there is no plan yet; take a later version.`)
  if (kind === 'replay' && state.openInputs.length > 0) {
    return reject('change_not_possible', `At version ${point.at} a person is asked something; replay another version.`)
  }
  const impossible = faultOf(data, state)
  if (impossible !== null) return reject('change_not_possible', impossible)
  const title = data.title ?? titleOf(state, data)
  const forked: SessionEvent = {
    type: 'session.forked',
    data: {
      ...{ sessionId, from: { ...point, sequence, hash }, kind, title, changes, at: metadata.at },
      ...(queue !== undefined && { queue }),
    },
  }
  const after = evolveSession(state, forked)
  // One that waits for a place asks when it has it.
  return accept(forked, ...(after.status === 'absent' || queue !== undefined ? [] : askedAgain(after, metadata)))
}

const titleOf = ({ started: { title } }: PresentSession, { kind, from: { at } }: CommandData<'ForkSession'>): string =>
  `${title} (${kind === 'fork' ? `fork at ${at}` : 'replay'})`.slice(0, 500)

/** @returns what the changes name that is not there; a change that changes nothing would be found out too late. */
const faultOf = ({ from, sessionId, changes }: CommandData<'ForkSession'>, state: PresentSession): string | null => {
  const { useAgent, toolResults = [], stage, agent, model, instructions, task } = changes
  if (useAgent !== undefined && agentOfPlan(state, useAgent) === undefined) {
    return `The plan has no agent "${useAgent}".`
  }
  const known = (id: EventData<'session.tool_call_begun'>['toolCallId']): boolean =>
    valueAt(state.toolCalls, inheritedId(id, from.sessionId, sessionId)) !== undefined
  const unknown = toolResults.find(({ toolCallId }) => !known(toolCallId))
  if (unknown !== undefined) return `At version ${from.at} there is no tool call ${unknown.toolCallId}.`
  const named = stage !== undefined || agent !== undefined
  const wanted = [useAgent, model, instructions, task].some((each) => each !== undefined)
  if (named && !wanted) return 'A stage or an agent is named, but nothing to change in it.'
  const some = Object.values(state.executions).some((execution) => concerned(state, execution, changes))
  return wanted && !some ? 'No agent that is still to work is meant by these changes.' : null
}

/** What was open when the history it shares ended: handlers and people hear of events in a session's own stream only. */
export const askedAgain = (state: PresentSession, { at }: CommandMetadata): readonly SessionEvent[] => [
  ...valuesOf(state.toolCalls).flatMap(({ status, request }): readonly SessionEvent[] =>
    status === 'requested' && request !== null && request.server !== builtInServer
      ? [{ type: 'session.tool_call_requested', data: request }]
      : [],
  ),
  ...openInputsOf(state).map(
    ({ id, question }): SessionEvent => ({
      type: 'session.input_requested',
      data: {
        inputId: id,
        question,
        expiresAt: laterThan({ at }, (state.plan?.toolPolicy?.expiry_seconds ?? 3600) * 1000),
      },
    }),
  ),
  ...(state.status === 'summarizing'
    ? [{ type: 'session.summary_requested', data: { attempt: state.summaryAttempt + 1 } } as const]
    : []),
]

/** Once: a replay is compared when it has ended. */
export const recordDrift = ({ drift }: CommandData<'RecordDrift'>, state: PresentSession): Decided =>
  state.fork?.kind !== 'replay' || state.fork.drift !== null || state.ended === null
    ? alreadySo
    : accept({ type: 'session.drift_recorded', data: drift })
