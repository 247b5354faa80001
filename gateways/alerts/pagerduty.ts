// PagerDuty's webhook body (version 3): one event about an incident. What is no news of an alert makes none.
import { z } from 'zod'
import { jsonValue } from '../../schemas/json-value.ts'
import { draftAlert, issuesOf, momentOf, type NormalisedEntry } from './alert-draft.ts'
import { severityOf } from './severity.ts'

const named = z
  .looseObject({ summary: z.string().optional().catch(undefined) })
  .nullish()
  .catch(undefined)

const incident = z.looseObject({
  id: z.string().min(1),
  title: z.string().nullish().catch(undefined),
  number: z.number().optional().catch(undefined),
  incident_key: z.string().nullish().catch(undefined),
  html_url: z.string().nullish().catch(undefined),
  created_at: z.string().optional().catch(undefined),
  urgency: z.string().nullish().catch(undefined),
  service: named,
  priority: named,
  escalation_policy: named,
  teams: z.array(named).nullish().catch(undefined),
  conference_bridge: z
    .looseObject({ conference_url: z.string().nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
})

/** Closed nowhere: event types and fields are added without a new version. */
export const pagerDutyBody = z.looseObject({
  event: z.looseObject({
    id: z.string().min(1),
    event_type: z.string().min(1),
    occurred_at: z.string().optional(),
    data: z.looseObject({}),
  }),
})
export type PagerDutyBody = z.infer<typeof pagerDutyBody>

type Reason = 'first' | 'repeat' | undefined
interface News {
  readonly status: 'firing' | 'resolved'
  readonly reason: Reason
}
const firing = (reason: Reason): News => ({ status: 'firing', reason })

/** That somebody took it, or handed it on, is a heartbeat of what is known already; notes and pages to people are nothing new. */
const news: ReadonlyMap<string, News> = new Map([
  ['incident.triggered', firing('first')],
  ['incident.reopened', firing(undefined)],
  ['incident.acknowledged', firing('repeat')],
  ['incident.unacknowledged', firing('repeat')],
  ['incident.escalated', firing('repeat')],
  ['incident.delegated', firing('repeat')],
  ['incident.reassigned', firing('repeat')],
  ['incident.priority_updated', firing('repeat')],
  ['incident.resolved', { status: 'resolved', reason: undefined }],
])

export const looksLikePagerDuty = (body: unknown): boolean => pagerDutyBody.safeParse(body).success

/** None when the event is no news of an incident: a note, a responder, a test of the connection. */
export const normalisePagerDuty = ({ event }: PagerDutyBody, receivedAt: string): readonly NormalisedEntry[] => {
  const told = news.get(event.event_type)
  if (told === undefined) return []
  const parsed = incident.safeParse(event.data)
  if (!parsed.success) {
    return [{ kind: 'invalid', issues: issuesOf(parsed.error.issues).map((issue) => `event.data.${issue}`) }]
  }
  const { id, title, number, html_url, created_at, urgency, priority, service, teams, ...rest } = parsed.data
  const occurredAt = momentOf(event.occurred_at) ?? receivedAt
  const team = teams?.[0]?.summary
  return [
    draftAlert(
      {
        source: 'pagerduty',
        // The key that whatever raised the incident gave it; else the incident's own.
        fingerprint: rest.incident_key || id,
        ...told,
        severity: severityOf(priority?.summary ?? '') ?? severityOf(urgency ?? '') ?? 'warning',
        title: title || `PagerDuty incident ${number ?? id}`,
        service: service?.summary,
        labels: {
          ...(service?.summary && { service: service.summary }),
          ...(urgency && { urgency }),
          ...(priority?.summary && { priority: priority.summary }),
          ...(team && { team }),
        },
        annotations: {
          incident: number === undefined ? id : String(number),
          ...(rest.escalation_policy?.summary && { escalation_policy: rest.escalation_policy.summary }),
        },
        startsAt: momentOf(created_at) ?? occurredAt,
        endsAt: told.status === 'resolved' ? occurredAt : undefined,
        links: [
          { rel: 'incident', href: html_url ?? undefined },
          { rel: 'conference', href: rest.conference_bridge?.conference_url ?? undefined },
        ],
      },
      // The same in every delivery, to whichever subscription.
      { key: `pagerduty:${event.id}`, receivedAt, body: jsonValue.parse({ event }) },
    ),
  ]
}
