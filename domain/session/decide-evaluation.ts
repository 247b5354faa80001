// A session that has ended is held against an evaluation case: it passes when every check does.
import type { CommandData } from '../../schemas/commands.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { accept, type Decision, reject } from '../decider.ts'
import type { PresentSession } from './session-state.ts'

export const recordEvaluation = (
  { sessionId, ...report }: CommandData<'RecordEvaluation'>,
  { ended, used }: PresentSession,
): Decision<SessionEvent> => {
  if (ended === null)
    return reject('session_not_ended', `Session ${sessionId} is still running; evaluate it at its end.`)
  const passed = report.checks.every((check) => check.passed)
  return accept({
    type: 'session.evaluated',
    data: { ...report, passed, costMicros: used.costMicros, tokens: used.tokens },
  })
}
