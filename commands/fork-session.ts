// Decides a fork: on the history it is to share, read from the source and pinned by its hash, and appended to a stream of its own.
import { isLimited, laneOf } from '../domain/queue/queue-limits.ts'
import type { SessionState } from '../domain/session/session-state.ts'
import { belongsToBefore } from '../domain/session/whole-step.ts'
import type { CommandMetadata, CommandOf } from '../schemas/commands.ts'
import type { Commit, StreamId } from '../schemas/commit.ts'
import type { ForkKind } from '../schemas/fork.ts'
import { emptyStream, type OrgId } from '../schemas/ids.ts'
import type { QueueSettings } from '../schemas/queue.ts'
import { sessionAggregate } from './aggregate.ts'
import type { CommandOutcome } from './command.ts'
import type { EventLog } from './event-log.ts'
import { historyOf, shared } from './inheritance.ts'
import type { LoadedStream, StreamStates } from './stream-states.ts'
import { transact } from './transact.ts'

type Fork = CommandOf<'ForkSession'> & { readonly metadata: CommandMetadata }

export const forkSession = async (
  log: EventLog,
  states: StreamStates<SessionState>,
  stream: StreamId,
  command: Fork,
  limits: () => QueueSettings,
): Promise<CommandOutcome> => {
  const { from, sessionId } = command.data
  const no = (
    code: 'session_not_found' | 'session_erased' | 'version_out_of_range' | 'source_changed' | 'session_exists',
    message: string,
  ) => ({ kind: 'rejected', rejection: { code, message }, version: emptyStream }) as const
  if (from.sessionId === sessionId) return no('session_exists', 'A session cannot be a fork of itself.')
  const history = await historyOf(log, { ...stream, id: from.sessionId })
  if (history === null) return no('session_not_found', `No session ${from.sessionId}.`)
  if (history.own.at(-1)?.events.some(({ type }) => type === 'session.erasure_requested') === true)
    return no('session_erased', `${from.sessionId} is being erased.`)
  const holding = history.own.find(({ version }) => version >= from.at)
  if (holding === undefined) {
    return no(
      'version_out_of_range',
      `Session ${from.sessionId} stands at version ${history.own.at(-1)?.version ?? 0}.`,
    )
  }
  const whole = wholeAround(history.own, from.at)
  if (!whole.includes(from.at)) {
    return no('version_out_of_range', `Version ${from.at} is in the middle of a step; take ${whole.join(' or ')}.`)
  }
  const { sequence, hash } = holding
  if ((from.sequence ?? sequence) !== sequence || (from.hash ?? hash) !== hash) {
    return no('source_changed', `Event ${from.at} of ${from.sessionId} is in commit ${sequence} with hash ${hash}.`)
  }
  const { decider, owns } = sessionAggregate
  const base = shared(history, from.at, stream)
    .flatMap(({ events }) => events)
    .reduce((state, event) => (owns(event) ? decider.evolve(state, event) : state), decider.initial)
  const onBase = (loaded: LoadedStream<SessionState>): LoadedStream<SessionState> =>
    loaded.position.version === emptyStream ? { ...loaded, state: base } : loaded
  // The pinned point is for the history it was read from: on a stream that is there already, it would be another one's.
  const queue = placeToWaitFor(base, stream.org, command.data.kind, limits())
  const pinned: Fork = { ...command, data: { ...command.data, from: { ...from, sequence, hash }, ...queue } }
  const unpinned: Fork = { ...command, data: { ...command.data, from: { sessionId: from.sessionId, at: from.at } } }
  return transact(
    log,
    {
      ...states,
      empty: onBase(states.empty),
      fresh: async (of) => onBase(await states.fresh(of)),
    },
    {
      ...sessionAggregate,
      decider: {
        ...decider,
        decide: (_, state, metadata) => decider.decide(state === base ? pinned : unpinned, state, metadata),
      },
    },
    stream,
    command,
  )
}

/** What was open is asked again after these, and so it is in a fork. */
const asksAgain: ReadonlySet<string> = new Set(['session.forked', 'session.resumed'])

/** @returns `at`, when a fork can go on from there; else the versions before and after it from which one can. */
const wholeAround = (own: readonly Commit[], at: number): readonly number[] => {
  const cut = new Set(
    own.flatMap(({ events, version }) =>
      events.flatMap((event, index) =>
        index > 0 && belongsToBefore(event) && !asksAgain.has(events[0]?.type ?? '')
          ? [version - events.length + index]
          : [],
      ),
    ),
  )
  if (!cut.has(at)) return [at]
  const next = (step: 1 | -1): number => {
    let version = at
    while (cut.has(version)) version += step
    return version
  }
  return [next(-1), next(1)]
}

/** As any session that is planned now, in the lane of its source; a replay is in nobody's way. */
const placeToWaitFor = (
  base: SessionState,
  org: OrgId,
  kind: ForkKind,
  limits: QueueSettings,
): Partial<Pick<Fork['data'], 'queue'>> => {
  if (base.status === 'absent' || base.plan === null) return {}
  const chain = base.plan.chain.name
  if (!isLimited(limits, org, chain)) return {}
  return { queue: { lane: kind === 'replay' ? 'low' : laneOf(base.started, limits), chain } }
}
