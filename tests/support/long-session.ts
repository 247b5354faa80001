// An investigation that goes on and on, as lines of an export: what a page makes of thousands of events.
import { executionIdOf, toolCallIdOf } from '../../domain/session/session-ids.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { linesOfCommit } from '../../schemas/export-line.ts'
import { orgId, sessionId } from '../../schemas/ids.ts'
import { createHistory, investigation, sessionStream } from './histories.ts'

/** An investigation with so many calls more, each of three events in commits of their own. */
export const longSession = (id: string, calls: number): readonly string[] => {
  const history = createHistory(undefined, id)
  const stream = sessionStream(id, orgId.parse('default'))
  const told = investigation(id, 'A long investigation')
  const execution = executionIdOf(sessionId.parse(id), 1, 1)
  for (const events of told.slice(0, 7)) history.commit(stream, ...events)
  for (let number = 1; number <= calls; number++) {
    const toolCallId = toolCallIdOf(execution, 100 + number, 1)
    const of = { toolCallId, executionId: execution }
    const events: readonly SessionEvent[] = [
      {
        type: 'session.tool_call_requested',
        data: {
          ...{ ...of, turn: 100 + number, name: 'host__disk', server: 'host', tool: 'disk' },
          ...{ arguments: { number }, effect: 'read_only' },
        },
      },
      { type: 'session.tool_call_begun', data: { ...of, attempt: 1, worker: 'w1' } },
      {
        type: 'session.tool_call_recorded',
        data: {
          ...of,
          outcome: 'succeeded',
          content: { text: `disk ${number}: 97 %\n`.repeat(1 + (number % 5)) },
          durationMs: 3,
        },
      },
    ]
    for (const event of events) history.commit(stream, event)
  }
  for (const events of told.slice(7)) history.commit(stream, ...events)
  return history.entries.flatMap((entry) => linesOfCommit(entry))
}
