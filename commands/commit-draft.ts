// What a command's events are appended as: with all that its sender said of it.
import type { CommandMetadata } from '../schemas/commands.ts'
import type { CommitDraft } from '../schemas/commit.ts'
import type { DomainEvent } from '../schemas/events.ts'

export const draftOf = (
  { at, actor, correlationId, causationId, traceparent, commandId, bodyHash = '' }: CommandMetadata,
  events: readonly DomainEvent[],
): CommitDraft => ({
  at,
  actor,
  correlationId,
  causationId,
  ...(traceparent !== undefined && { traceparent }),
  commandId,
  bodyHash,
  events,
})
