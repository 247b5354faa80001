// The normalised alert every source is turned into; field meanings follow the widest common set of alerting tools.
import { z } from 'zod'
import { overrides } from './overrides.ts'
import { priority } from './priority.ts'
import { storedText } from './stored-text.ts'

export const alertSeverity = z.enum(['critical', 'high', 'warning', 'info', 'low'])
export type AlertSeverity = z.infer<typeof alertSeverity>

export const alertSource = z.enum(['alertmanager', 'pagerduty', 'cloudevents', 'generic', 'manual'])
export type AlertSource = z.infer<typeof alertSource>

const labels = z.record(z.string().max(200), z.string().max(8000))

export const normalisedAlert = z.object({
  source: alertSource,
  /** The source's own fingerprint, unhashed. */
  fingerprint: z.string().min(1).max(500),
  groupKey: z.string().max(2000).optional(),
  status: z.enum(['firing', 'resolved']),
  severity: alertSeverity,
  title: z.string().min(1).max(500),
  description: z.string().max(16_000),
  /** Selects the chain together with the labels; `alertname` for Alertmanager. */
  alertType: z.string().max(200).optional(),
  service: z.string().max(500).optional(),
  environment: z.string().max(200).optional(),
  labels,
  annotations: labels,
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime().optional(),
  runbookUrl: z.string().max(2000).optional(),
  links: z.array(z.object({ rel: z.string().max(40), href: z.string().max(2000) })).max(20),
  /** Why the source sent it; a repeat never opens a session. */
  reason: z.enum(['first', 'repeat']).optional(),
  /** The chain the sender asks for, if any. */
  chain: z.string().max(100).optional(),
  /** What the sender asks of the session; it moves into the session's own overrides. */
  overrides: overrides.optional(),
  /** What is wrong with the overrides of a sender that cannot be told: the session ends with it. */
  overrideFault: z.string().max(4000).optional(),
  /** The priority the sender asks for, if any; otherwise its severity decides. */
  priority: priority.optional(),
  /** The masked body as it came, for the agent and the auditor. */
  payload: storedText.optional(),
})
export type NormalisedAlert = Readonly<z.infer<typeof normalisedAlert>>

/** One alert on the bus (`casebook.alerts.<org>`): already normalised by a gateway, with the key that makes a repeat a repeat. */
export const alertMessage = z.object({
  occurrenceKey: z.string().min(1).max(500),
  receivedAt: z.iso.datetime(),
  alert: normalisedAlert,
})
export type AlertMessage = Readonly<z.infer<typeof alertMessage>>
