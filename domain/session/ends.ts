// The ends of an execution and of a session, and when a failed attempt is made again.

import type { Cause, SessionOutcome } from '../../schemas/cause.ts'
import type { CommandMetadata } from '../../schemas/commands.ts'
import type { ConclusionReading } from '../../schemas/conclusion.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import type { StoredText } from '../../schemas/stored-text.ts'
import type { Execution } from './session-state.ts'

export interface ExecutionEnd extends ConclusionReading {
  readonly status: SessionOutcome
  readonly conclusion?: StoredText
  readonly forced?: boolean
  readonly cause?: Cause
}

export const endExecution = ({ id, stageId }: Execution, end: ExecutionEnd): SessionEvent => ({
  type: 'session.execution_ended',
  data: { executionId: id, stageId, ...end },
})

export const endSession = (status: SessionOutcome, cause: Cause): SessionEvent => ({
  type: 'session.ended',
  data: { status, cause },
})

/** The moment `ms` after the command was made. */
export const laterThan = (metadata: Pick<CommandMetadata, 'at'>, ms: number): string =>
  new Date(new Date(metadata.at).getTime() + ms).toISOString()

/** Exponential back-off, at most 60 s, never sooner than the endpoint asked for (bounded to 10 minutes). */
export const backoffMs = (baseMs: number, attempt: number, retryAfterMs = 0): number =>
  Math.max(Math.min(60_000, baseMs * 2 ** (attempt - 1)), Math.min(600_000, retryAfterMs))
