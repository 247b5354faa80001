// The demo: a real alert about this very machine, followed live to its report.
import { freemem, hostname, loadavg, totalmem } from 'node:os'
import { z } from 'zod'
import { sessionView } from '../../projections/session-view.ts'
import { sessionOf } from './alert-command.ts'
import type { ApiClient } from './api-client.ts'
import { followSession } from './follow-session.ts'
import type { Write } from './output.ts'

const accepted = z.object({ results: z.array(z.object({ alertId: z.string() })).min(1) })

/** Writes the report and, as its last line, the figures. @throws when the session does not complete. */
export const runDemo = async (api: ApiClient, write: Write): Promise<void> => {
  const started = performance.now()
  write('demo: sending an alert about this machine …\n')
  const alertId = await sendAlert(api)
  const sessionId = await sessionOf(api, alertId)
  write(`demo: session ${sessionId} investigates it\n\n`)
  const { status, reason, events } = await followSession(api, sessionId, write)
  if (status !== 'completed') throw new Error(`The demo's session ${sessionId} ended as ${status}: ${reason}`)

  const session = await api.get(`/v1/sessions/${sessionId}?after=${await headOf(api)}`, sessionView)
  const by = session.simulated ? ' (simulated: no model is configured)' : ''
  write(`\n──── Report${by} ────\n\n${session.finalAnalysis?.text ?? '(none)'}\n`)
  write(`\n──── Executive summary${by} ────\n\n${session.summary ?? '(none)'}\n\n`)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const calls = session.toolCalls.settled
  write(`demo: session ${sessionId} completed in ${seconds} s, ${events} events, ${calls} tool calls\n`)
}

const sendAlert = async (api: ApiClient): Promise<string> => {
  const [load = 0] = loadavg()
  const used = Math.round((1 - freemem() / totalmem()) * 100)
  const body = {
    title: `Check of ${hostname()}: load, memory and disk space`,
    description: `Load is ${load.toFixed(2)} and ${used}% of the memory is in use. Find out what uses the CPU, the memory and the disk space of this host.`,
    severity: 'info',
    alertType: 'HostCheck',
    fingerprint: `demo-${hostname()}`,
    labels: { host: hostname(), source: 'demo' },
  }
  const { results } = await api.post('/v1/alerts', body, accepted)
  const [first] = results
  if (first === undefined) throw new Error('The alert was not accepted.')
  return first.alertId
}

const projections = z.object({ items: z.array(z.object({ head: z.int() })) })

const headOf = async (api: ApiClient): Promise<number> =>
  Math.max(0, ...(await api.get('/v1/projections', projections)).items.map(({ head }) => head))
