// Cancels a fork whose source is gone: nobody can fold it any more, so its end rests on what it did itself.
import { cancelledBy } from '../domain/session/causes.ts'
import { endSession } from '../domain/session/ends.ts'
import type { CommandMetadata, CommandOf } from '../schemas/commands.ts'
import type { StreamId } from '../schemas/commit.ts'
import type { CommandOutcome } from './command.ts'
import { ConcurrencyExhausted } from './command-errors.ts'
import { draftOf } from './commit-draft.ts'
import { beforeFirst, type EventLog } from './event-log.ts'
import { keyOf } from './stream-states.ts'

const maxAttempts = 10

/** The stream is not empty. @throws ConcurrencyExhausted, and what the log throws. */
export const cancelOrphan = async (
  log: EventLog,
  stream: StreamId,
  { data, metadata }: CommandOf<'CancelSession'> & { readonly metadata: CommandMetadata },
): Promise<CommandOutcome> => {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const own = await log.read(stream, beforeFirst)
    const { sequence, version, hash } = own.at(-1) ?? beforeFirst
    if (own.some((commit) => commit.commandId === metadata.commandId))
      return { kind: 'unchanged', repeats: true, sequence, version }
    if (own.some(({ events }) => events.some(({ type }) => type === 'session.ended'))) {
      const message = `Session ${stream.id} has ended already; nothing more can happen in it.`
      return { kind: 'rejected', rejection: { code: 'session_ended', message }, version }
    }
    const outcome = await log.append(
      stream,
      { sequence, version, hash },
      draftOf(metadata, [endSession('cancelled', cancelledBy(metadata.actor.id, data.reason))]),
    )
    if (outcome.kind === 'appended') {
      const { commit } = outcome
      return { kind: 'accepted', sequence: commit.sequence, version: commit.version, events: commit.events }
    }
  }
  throw new ConcurrencyExhausted(keyOf(stream), maxAttempts)
}
