// The decision loop: load, decide, append, and decide again when somebody else was first.
import { forgotten } from '../domain/personal/sealed-text.ts'
import type { CommandMetadata } from '../schemas/commands.ts'
import type { StreamId } from '../schemas/commit.ts'
import type { DomainEvent } from '../schemas/events.ts'
import type { Aggregate } from './aggregate.ts'
import type { CommandOutcome } from './command.ts'
import { ConcurrencyExhausted, IdempotencyConflict } from './command-errors.ts'
import { draftOf } from './commit-draft.ts'
import type { EventLog } from './event-log.ts'
import { keyOf, type RecentCommand, type StreamStates } from './stream-states.ts'

const maxAttempts = 10

export const transact = async <S, C extends { readonly type: string; readonly data: unknown }, E extends DomainEvent>(
  log: EventLog,
  states: StreamStates<S>,
  aggregate: Aggregate<S, C, E>,
  stream: StreamId,
  command: C & { readonly metadata: CommandMetadata },
): Promise<CommandOutcome> => {
  const { metadata } = command
  // An unknown stream is taken for empty: a creation then costs one round trip, and anything else is found out below.
  let at = states.cached(stream) ?? states.empty
  let fresh = false

  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const earlier = at.recent.find(({ commandId }) => commandId === metadata.commandId)
    if (earlier !== undefined) return repeated(metadata, earlier)

    const decision = aggregate.decider.decide(command, at.state, metadata)
    if (decision.kind === 'reject' || decision.events.length === 0) {
      // Nothing will be written, so nothing would check this answer: give it only on fresh state.
      if (!fresh) {
        at = await states.fresh(stream)
        fresh = true
        attempt--
        continue
      }
      return decision.kind === 'reject'
        ? { kind: 'rejected', rejection: decision.rejection, version: at.position.version }
        : { kind: 'unchanged', sequence: at.position.sequence, version: at.position.version }
    }

    const outcome = await log.append(stream, at.position, draftOf(metadata, decision.events))
    if (outcome.kind === 'appended') {
      states.appended(stream, at, outcome.commit, outcome.bytes)
      const { sequence, version, events } = outcome.commit
      return { kind: 'accepted', sequence, version, events }
    }
    at = await states.fresh(stream)
    fresh = true
  }
  throw new ConcurrencyExhausted(keyOf(stream), maxAttempts)
}

const repeated = ({ bodyHash, commandId }: CommandMetadata, earlier: RecentCommand): CommandOutcome => {
  // Two workers that did the same work report it under one id with different words; only who chose an id promises one body for it.
  // Nobody can tell any more what somebody forgotten has said.
  if (bodyHash !== undefined && earlier.bodyHash !== bodyHash && earlier.bodyHash !== forgotten)
    throw new IdempotencyConflict(commandId)
  return { kind: 'unchanged', repeats: true, sequence: earlier.sequence, version: earlier.version }
}
