// Follows one session live from its first event to its last, and writes it as readable lines.
import { z } from 'zod'
import type { EventData } from '../../schemas/events.ts'
import type { ApiClient } from './api-client.ts'
import { UnexpectedAnswer } from './cli-errors.ts'
import { type FollowOptions, followStream } from './follow-stream.ts'
import type { Write } from './output.ts'
import { createSessionLines, streamedDelta } from './session-lines.ts'

const streamedCommit = z.looseObject({
  sequence: z.int(),
  version: z.int(),
  events: z.array(z.looseObject({ type: z.string(), data: z.unknown() })),
})

const streamedPlace = z.object({ position: z.int().nullable() })

export interface EndedSession extends EventData<'session.ended'> {
  /** Events of the session. */
  readonly events: number
  /** Log sequence of the end: read models asked with `?after=` know of it. */
  readonly sequence: number
}

export interface FollowSessionOptions extends Pick<FollowOptions, 'patienceMs'> {
  /** One JSON value a line instead: commits and deltas as the stream has them. */
  readonly json?: boolean | undefined
}

/** Resolves when the session has ended. @throws ApiProblem (no such session), ServerUnreachable. */
export const followSession = async (
  api: ApiClient,
  id: string,
  write: Write,
  { json = false, ...options }: FollowSessionOptions = {},
): Promise<EndedSession> => {
  const lines = createSessionLines(json ? () => undefined : write)
  const onLost = (): void => lines.note('(the connection is lost; trying again)')
  // After 0: every commit from the beginning instead of a snapshot.
  for await (const { event, data } of followStream(api, `/v1/sessions/${encodeURIComponent(id)}/stream?after=0`, {
    ...options,
    onLost,
  })) {
    if (json && (event === 'commit' || event === 'delta' || event === 'queue'))
      write(`${JSON.stringify({ event, data })}\n`)
    if (event === 'delta') {
      const parsed = streamedDelta.safeParse(data)
      if (parsed.success) lines.delta(parsed.data)
    } else if (event === 'queue') {
      const { position } = streamedPlace.parse(data)
      if (position !== null) lines.note(`(number ${position} in line)`)
    } else if (event === 'commit') {
      const { events, version, sequence } = streamedCommit.parse(data)
      for (const each of events) {
        const ended = lines.event(each.type, each.data)
        if (ended !== null) return { ...ended, events: version, sequence }
      }
    }
  }
  throw new UnexpectedAnswer(api.baseUrl, `the stream of ${id} ended before the session`)
}

/** `completed` is 0, any other end 1. */
export const exitCodeOf = ({ status }: Pick<EndedSession, 'status'>): 0 | 1 => (status === 'completed' ? 0 : 1)
