// Cancels or erases a fork whose source is gone: nobody can fold it any more, so what may be done rests on what it did itself.
import { accept, alreadySo, type Decision, reject } from '../domain/decider.ts'
import { cancelledBy } from '../domain/session/causes.ts'
import { endSession } from '../domain/session/ends.ts'
import type { CommandMetadata, CommandOf } from '../schemas/commands.ts'
import type { Commit, StreamId } from '../schemas/commit.ts'
import type { SessionEvent } from '../schemas/events.ts'
import type { CommandOutcome } from './command.ts'
import { ConcurrencyExhausted } from './command-errors.ts'
import { draftOf } from './commit-draft.ts'
import { beforeFirst, type EventLog } from './event-log.ts'
import { keyOf } from './stream-states.ts'

const maxAttempts = 10

type OrphanCommand = CommandOf<'CancelSession' | 'EraseSession'> & { readonly metadata: CommandMetadata }

/** The stream is not empty. @throws ConcurrencyExhausted, and what the log throws. */
export const decideOrphan = async (
  log: EventLog,
  stream: StreamId,
  command: OrphanCommand,
): Promise<CommandOutcome> => {
  const { metadata } = command
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const own = await log.read(stream, beforeFirst)
    const { sequence, version, hash } = own.at(-1) ?? beforeFirst
    if (own.some((commit) => commit.commandId === metadata.commandId))
      return { kind: 'unchanged', repeats: true, sequence, version }
    const decision = decide(command, stream.id, own)
    if (decision.kind === 'reject') return { kind: 'rejected', rejection: decision.rejection, version }
    if (decision.events.length === 0) return { kind: 'unchanged', sequence, version }
    const outcome = await log.append(stream, { sequence, version, hash }, draftOf(metadata, decision.events))
    if (outcome.kind === 'appended') {
      const { commit } = outcome
      return { kind: 'accepted', sequence: commit.sequence, version: commit.version, events: commit.events }
    }
  }
  throw new ConcurrencyExhausted(keyOf(stream), maxAttempts)
}

const decide = (
  { type, data, metadata }: OrphanCommand,
  id: string,
  own: readonly Commit[],
): Decision<SessionEvent> => {
  const events = own.flatMap((commit) => commit.events)
  const has = (wanted: SessionEvent['type']): boolean => events.some((event) => event.type === wanted)
  if (has('session.erasure_requested'))
    return type === 'EraseSession' ? alreadySo : reject('session_erased', `${id} is being erased.`)
  if (type === 'CancelSession') {
    return has('session.ended')
      ? reject('session_ended', `Session ${id} has ended already; nothing more can happen in it.`)
      : accept(endSession('cancelled', cancelledBy(metadata.actor.id, data.reason)))
  }
  const hold = events.findLast((event) => event.type === 'session.held' || event.type === 'session.hold_released')
  if (hold?.type === 'session.held')
    return reject('legal_hold', `${id} is held: ${hold.data.reason}. Release it first.`)
  if (!has('session.ended')) return reject('session_not_ended', `${id} is at work; cancel it first.`)
  return accept({ type: 'session.erasure_requested', data: { by: metadata.actor, reason: data.reason } })
}
