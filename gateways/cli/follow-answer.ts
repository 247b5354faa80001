// Follows the answer to one question about a session, and writes it as it comes.
import { z } from 'zod'
import type { DomainEvent, EventData } from '../../schemas/events.ts'
import { parseEvent } from '../../schemas/parse-event.ts'
import type { ApiClient } from './api-client.ts'
import { UnexpectedAnswer } from './cli-errors.ts'
import { followStream } from './follow-stream.ts'
import type { Write } from './output.ts'
import { createSessionLines, streamedDelta } from './session-lines.ts'

export interface FollowedQuestion {
  readonly sessionId: string
  /** Of the execution that answers. */
  readonly executionId: string
  /** Log sequence of the question. */
  readonly sequence: number
}

const streamedCommit = z.looseObject({ events: z.array(z.looseObject({ type: z.string(), data: z.unknown() })) })

/** Resolves when it has been answered, or will not be. @throws ApiProblem, ServerUnreachable. */
export const followAnswer = async (
  api: ApiClient,
  { sessionId, executionId, sequence }: FollowedQuestion,
  write: Write,
): Promise<EventData<'session.execution_ended'>> => {
  const lines = createSessionLines(write)
  const workers = new Set([executionId])
  const path = `/v1/sessions/${encodeURIComponent(sessionId)}/stream?after=${Math.max(0, sequence - 1)}`
  const onLost = (): void => lines.note('(the connection is lost; trying again)')
  for await (const { event: kind, data } of followStream(api, path, { onLost })) {
    if (kind === 'delta') {
      const delta = streamedDelta.safeParse(data).data
      if (delta !== undefined && delta.executionId === executionId) lines.delta(delta)
    }
    for (const { type, data: stored } of kind === 'commit' ? streamedCommit.parse(data).events : []) {
      const event = parseEvent(type, stored)
      if (event === null || !isOf(event, workers)) continue
      if (event.type === 'session.helper_dispatched') workers.add(event.data.executionId)
      lines.event(type, stored)
      if (event.type === 'session.execution_ended' && event.data.executionId === executionId) return event.data
    }
  }
  throw new UnexpectedAnswer(api.baseUrl, `the stream of ${sessionId} ended before the answer`)
}

/** Others may be asked in the same session. */
const isOf = (event: DomainEvent, workers: ReadonlySet<string>): boolean => {
  if (event.type === 'session.helper_dispatched') return workers.has(event.data.parentId)
  if (event.type === 'session.input_requested') return workers.has(event.data.question.executionId ?? '')
  return 'executionId' in event.data && workers.has(event.data.executionId ?? '')
}
