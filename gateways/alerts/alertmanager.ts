// Alertmanager's webhook body (version 4), and Grafana's which extends it: one alert for each entry.
import { z } from 'zod'
import { jsonValue } from '../../schemas/json-value.ts'
import { digest, draftAlert, issuesOf, labelText, momentOf, type NormalisedEntry } from './alert-draft.ts'
import { overridesOfAnnotations } from './override-annotations.ts'
import { severityOf } from './severity.ts'

/** Templates may put numbers where strings belong. */
const texts = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null()]).transform((value) => (value === null ? '' : String(value))),
)

const entry = z.looseObject({
  status: z.enum(['firing', 'resolved']),
  labels: texts.default({}),
  annotations: texts.default({}),
  startsAt: z.string().optional(),
  endsAt: z.string().optional(),
  generatorURL: z.string().optional(),
  fingerprint: z.string().optional(),
  silenceURL: z.string().optional(),
  dashboardURL: z.string().optional(),
  panelURL: z.string().optional(),
})

/** Closed nowhere: senders add keys between versions. */
export const alertmanagerBody = z.looseObject({
  version: z.enum(['4', '1']).optional(),
  groupKey: z.string().default(''),
  receiver: z.string().optional(),
  notification_reason: z.string().optional(),
  externalURL: z.string().optional(),
  title: z.string().optional(),
  alerts: z.array(z.unknown()).max(10_000),
})
export type AlertmanagerBody = z.infer<typeof alertmanagerBody>

export const looksLikeAlertmanager = (body: unknown): boolean =>
  typeof body === 'object' &&
  body !== null &&
  'alerts' in body &&
  Array.isArray(body.alerts) &&
  ('version' in body || 'groupKey' in body)

/** `keyPrefix` names the message when the source has an identity of its own (a CloudEvent); else the entry's own facts do. */
export const normaliseAlertmanager = (
  body: AlertmanagerBody,
  receivedAt: string,
  keyPrefix?: string,
): readonly NormalisedEntry[] =>
  body.alerts.map((raw, index): NormalisedEntry => {
    const parsed = entry.safeParse(raw)
    if (!parsed.success) return { kind: 'invalid', issues: issuesOf(prefixed(parsed.error.issues, ['alerts', index])) }
    const { status, labels, annotations, generatorURL, ...rest } = parsed.data
    const fingerprint = rest.fingerprint || digest('labels', labelText(labels))
    const reason = reasonOf(body.notification_reason)
    const name = labels['alertname']
    // A firing alert has no end yet; what some senders put there moves with every notification.
    const endsAt = status === 'resolved' ? rest.endsAt : undefined
    const key = digest(body.groupKey, fingerprint, status, rest.startsAt ?? '', endsAt ?? '', reason ?? '')
    const { alerts: _, ...envelope } = body
    return draftAlert(
      {
        source: 'alertmanager',
        fingerprint,
        groupKey: body.groupKey,
        status,
        severity: severityOf(labels['severity'] ?? '') ?? 'warning',
        title: annotations['summary'] || name || body.title || 'Alert',
        description: annotations['description'] || annotations['message'],
        alertType: name,
        service: labels['service'] || labels['job'] || labels['namespace'],
        environment: labels['environment'] || labels['env'] || labels['cluster'],
        labels,
        annotations,
        startsAt: momentOf(rest.startsAt) ?? receivedAt,
        endsAt: momentOf(endsAt),
        runbookUrl: annotations['runbook_url'],
        links: [
          { rel: 'generator', href: generatorURL },
          { rel: 'alertmanager', href: body.externalURL },
          { rel: 'silence', href: rest.silenceURL },
          { rel: 'dashboard', href: rest.dashboardURL },
          { rel: 'panel', href: rest.panelURL },
        ],
        reason,
        ...overridesOfAnnotations(annotations),
      },
      {
        key: keyPrefix === undefined ? `alertmanager:${key}` : `${keyPrefix}:${index}`,
        receivedAt,
        body: jsonValue.parse({ ...envelope, alerts: [raw] }),
      },
    )
  })

/** A repeat is a heartbeat of what is known already. */
const reasonOf = (reason: string | undefined): 'first' | 'repeat' | undefined => {
  if (reason === 'repeat interval elapsed') return 'repeat'
  return reason === 'first notification' ? 'first' : undefined
}

const prefixed = (
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
  prefix: readonly PropertyKey[],
) => issues.map(({ path, message }) => ({ path: [...prefix, ...path], message }))
