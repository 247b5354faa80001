// A session straight from the log: all its commits, and the folds of them.

import { sessionAggregate } from '../../commands/aggregate.ts'
import type { ErasureReader } from '../../commands/command-bus.ts'
import { beforeFirst, type EventLog, type StreamPosition } from '../../commands/event-log.ts'
import { withInherited } from '../../commands/inheritance.ts'
import type { SessionState } from '../../domain/session/session-state.ts'
import { evolveSessionView } from '../../projections/evolve-session-view.ts'
import type { SessionView } from '../../projections/session-view.ts'
import { type Commit, type StreamId, withShared } from '../../schemas/commit.ts'
import type { OrgId, SessionId } from '../../schemas/ids.ts'
import { RequestRefused } from './problem.ts'

export const positionAfter = ({ sequence, version, hash }: Commit): StreamPosition => ({ sequence, version, hash })

export interface SessionSource {
  readonly eventLog: Pick<EventLog, 'read'>
  readonly bus: ErasureReader
}

export const sessionStream = (org: OrgId, id: SessionId): StreamId => ({ org, category: 'session', id })

/** @throws RequestRefused when there is no such session, or there is one no more. */
export const readSession = async (
  { eventLog, bus }: SessionSource,
  org: OrgId,
  id: SessionId,
): Promise<{ readonly commits: readonly Commit[]; readonly last: Commit }> => {
  const commits = await withInherited(eventLog, await eventLog.read(sessionStream(org, id), beforeFirst))
  const last = commits.at(-1)
  if (last === undefined) throw await missingSession(bus, org, id)
  return { commits, last }
}

/** What is said of a session that is not there: erased ones are told apart by their tombstone. */
export const missingSession = async (bus: ErasureReader, org: OrgId, id: SessionId): Promise<RequestRefused> => {
  const erasure = await bus.erasure(org, id)
  if (erasure.status === 'absent') return new RequestRefused('session_not_found', `No session ${id}.`)
  const { by, requestedAt, reason } = erasure.tombstone
  return new RequestRefused('session_erased', `${id} was erased at ${requestedAt} by ${by.id}: ${reason}`)
}

/** The commit that holds a version. @throws RequestRefused when the session has not come so far. */
export const inRange = (commits: readonly Commit[], version: number): Commit => {
  const holding = commits.find((commit) => commit.version >= version)
  if (holding !== undefined) return holding
  const last = commits.at(-1)?.version ?? 0
  throw new RequestRefused('version_out_of_range', `The session stands at version ${last}.`, {
    errors: [{ path: 'at', message: `must be 1 to ${last}` }],
  })
}

/** Up to and with one version. */
export const commitsBefore = (commits: readonly Commit[], version: number): readonly Commit[] =>
  commits.flatMap((commit) => {
    const events = commit.events.filter((event) => event.version <= version)
    return events.length === 0 ? [] : [{ ...commit, events }]
  })

/** Up to and with one version; of a fork, with all that it shares. */
export const commitsUntil = (commits: readonly Commit[], version: number): readonly Commit[] =>
  commitsBefore(commits, version).flatMap(withShared)

/** The session as the API shows it, as of a version. */
export const viewAt = (commits: readonly Commit[], version: number): SessionView | null =>
  commitsUntil(commits, version).reduce<SessionView | null>(
    (view, commit) => commit.events.reduce((each, event) => evolveSessionView(each, event, commit), view),
    null,
  )

/** The state decisions are made on, as of a version. */
export const stateAt = (commits: readonly Commit[], version: number): SessionState =>
  commitsUntil(commits, version)
    .flatMap(({ events }) => events)
    .reduce(
      (state, event) => (sessionAggregate.owns(event) ? sessionAggregate.decider.evolve(state, event) : state),
      sessionAggregate.decider.initial,
    )
