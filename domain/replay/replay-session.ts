// Decides a session again, commit by commit, on what models, tools and people said: the same events, or the first divergence.
import type { CommandMetadata } from '../../schemas/commands.ts'
import { type Commit, withShared } from '../../schemas/commit.ts'
import { isSessionEvent, type SessionEvent } from '../../schemas/events.ts'
import { sessionDecider } from '../session/session-decider.ts'
import { absentSession, type SessionState } from '../session/session-state.ts'
import { commandOf } from './command-of.ts'

/** What stands at one version: an event, or nothing. */
export type Stood = { readonly type: string; readonly data: unknown } | null

export type ReplayReport =
  | { readonly kind: 'same'; readonly commits: number; readonly events: number }
  | {
      readonly kind: 'diverged'
      /** Of the first event that differs. */
      readonly version: number
      /** Log sequence of its commit. */
      readonly sequence: number
      /** The command that was decided again; null where none leads to such events. */
      readonly command: string | null
      readonly expected: Stood
      readonly got: Stood
      /** Why it was not decided so. */
      readonly reason: string
    }

/** Commits of one session from its beginning. Appends nothing, asks nobody. */
export const replaySession = (commits: readonly Commit[]): ReplayReport => {
  let state: SessionState = absentSession
  let events = 0
  for (const commit of commits) {
    state = (commit.inherited ?? []).flatMap(sessionEventsOf).reduce(sessionDecider.evolve, state)
    const recorded = sessionEventsOf(commit)
    const divergence = divergenceIn(commit, recorded, state)
    if (divergence !== null) return divergence
    state = recorded.reduce(sessionDecider.evolve, state)
    events += recorded.length
  }
  return { kind: 'same', commits: commits.length, events }
}

/** The state after all of it. */
export const stateAfter = (commits: readonly Commit[]): SessionState =>
  commits.flatMap(withShared).flatMap(sessionEventsOf).reduce(sessionDecider.evolve, absentSession)

const divergenceIn = (commit: Commit, recorded: readonly SessionEvent[], state: SessionState): ReplayReport | null => {
  const first = commit.version - commit.events.length + 1
  const diverged = (index: number, command: string | null, got: Stood, reason: string): ReplayReport => {
    const expected = recorded[index]
    return {
      kind: 'diverged',
      version: first + index,
      sequence: commit.sequence,
      command,
      expected: expected === undefined ? null : { type: expected.type, data: expected.data },
      got,
      reason,
    }
  }
  if (recorded.length < commit.events.length) {
    return diverged(0, null, null, 'The commit holds an event of a type this version does not know.')
  }
  const command = commandOf(commit, recorded, state)
  if (command === null) return diverged(0, null, null, 'No command leads to a commit that begins with this event.')
  const decision = sessionDecider.decide(command, state, metadataOf(commit))
  if (decision.kind === 'reject') {
    return diverged(0, command.type, null, `${decision.rejection.code}: ${decision.rejection.message}`)
  }
  const length = Math.max(recorded.length, decision.events.length)
  for (let index = 0; index < length; index++) {
    const got = decision.events[index]
    if (canonical(recorded[index]) === canonical(got)) continue
    return diverged(index, command.type, got ?? null, 'Decided now, the command leads to another event.')
  }
  return null
}

const sessionEventsOf = ({ events }: Commit): readonly SessionEvent[] => events.filter(isSessionEvent)

const metadataOf = ({ stream, commandId, actor, at, correlationId, causationId }: Commit): CommandMetadata => ({
  org: stream.org,
  commandId,
  actor,
  at,
  correlationId,
  causationId,
})

/** As the log keeps it: without order of keys, and without what is undefined. */
const canonical = (event: SessionEvent | undefined): string =>
  event === undefined
    ? ''
    : JSON.stringify({ type: event.type, data: event.data }, (_key, each: unknown) =>
        typeof each === 'object' && each !== null && !Array.isArray(each)
          ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
          : each,
      )
