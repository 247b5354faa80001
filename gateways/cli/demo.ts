// The demo: a real alert about this very machine, followed live to its report.
import { z } from 'zod'
import { sessionView } from '../../projections/session-view.ts'
import type { ApiClient } from './api-client.ts'
import { DemoFailed } from './cli-errors.ts'
import { followSession } from './follow-session.ts'
import type { Write } from './output.ts'
import { readAfter } from './read-after.ts'
import { writeReport } from './report.ts'
import { sampleAlert } from './sample-alert.ts'
import { sessionOfAlert } from './session-of-alert.ts'

export interface DemoResult {
  readonly sessionId: string
  readonly seconds: number
  readonly events: number
  readonly toolCalls: number
}

const accepted = z.object({
  results: z.array(z.looseObject({ alertId: z.string().optional(), error: z.string().optional() })),
})

/** Writes the report. @throws DemoFailed when the session does not complete; as the API client. */
export const runDemo = async (api: ApiClient, write: Write): Promise<DemoResult> => {
  const started = performance.now()
  const sentAt = new Date()
  write('demo: sending an alert about this machine to the Alertmanager webhook\n')
  const { results } = await api.post('/v1/webhooks/alertmanager', await sampleAlert(sentAt), accepted)
  const [{ alertId, error } = {}] = results
  if (alertId === undefined) throw new DemoFailed(`The sample alert was not accepted: ${error ?? 'no reason given'}.`)
  const sessionId = await sessionOfAlert(api, alertId, sentAt.getTime())
  const ended = await followSession(api, sessionId, write)
  if (ended.status !== 'completed') {
    throw new DemoFailed(
      `The demo's session ${sessionId} ended as ${ended.status}: ${ended.cause.message} ${ended.cause.nextStep}`,
    )
  }

  const session = await readAfter(api, `/v1/sessions/${sessionId}`, ended.sequence, sessionView)
  writeReport(write, session)
  const seconds = (performance.now() - started) / 1000
  return { sessionId, seconds, events: ended.events, toolCalls: session.toolCalls.settled }
}

/** With a blank line before it, to stand apart from the report. */
export const lastLineOf = ({ sessionId, seconds, events, toolCalls }: DemoResult): string =>
  `\ndemo: session ${sessionId} completed in ${seconds.toFixed(1)} s, ${events} events, ${toolCalls} tool calls\n`
