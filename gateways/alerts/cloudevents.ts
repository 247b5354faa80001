// CloudEvents 1.0, structured, binary and batch: each event becomes an alert, or several when it carries Alertmanager's body.
import { z } from 'zod'
import { isTooDeep, maxJsonDepth } from '../../schemas/json-depth.ts'
import { type JsonValue, jsonValue } from '../../schemas/json-value.ts'
import { digest, draftAlert, issuesOf, momentOf, type NormalisedEntry } from './alert-draft.ts'
import { alertmanagerBody, looksLikeAlertmanager, normaliseAlertmanager } from './alertmanager.ts'
import { genericAlert, normaliseGeneric } from './generic-alert.ts'
import { readOverrides } from './override-annotations.ts'
import { severityOf, severityOfNumber } from './severity.ts'

const event = z.looseObject({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(1000),
  source: z.string().min(1).max(2000),
  type: z.string().min(1).max(500),
  subject: z.string().optional(),
  time: z.string().optional(),
  dataref: z.string().optional(),
  correlationid: z.string().optional(),
  severitytext: z.string().optional(),
  severitynumber: z.coerce.number().optional().catch(undefined),
  data: z.unknown().optional(),
  data_base64: z.string().optional(),
})
type Event = z.infer<typeof event>

export const looksLikeCloudEvent = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'specversion' in body && 'type' in body && 'source' in body

export const normaliseCloudEvent = (input: unknown, receivedAt: string): readonly NormalisedEntry[] => {
  if (isTooDeep(input)) return [{ kind: 'invalid', issues: [`(body): at most ${maxJsonDepth} levels are read`] }]
  const parsed = event.safeParse(input)
  if (!parsed.success) return [{ kind: 'invalid', issues: issuesOf(parsed.error.issues) }]
  const data = dataOf(parsed.data)
  const key = `cloudevents:${digest(parsed.data.source, parsed.data.id)}`
  if (looksLikeAlertmanager(data)) {
    const body = alertmanagerBody.safeParse(data)
    return body.success
      ? normaliseAlertmanager(body.data, receivedAt, key)
      : [{ kind: 'invalid', issues: issuesOf(body.error.issues).map((issue) => `data.${issue}`) }]
  }
  return [normaliseOne(parsed.data, data, key, receivedAt)]
}

/** Binary mode: attributes from `ce-*` headers (names lower-cased), the body is the data. */
export const eventFromHeaders = (headers: Readonly<Record<string, string>>, body: string): unknown => {
  const attributes = Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => name.startsWith('ce-'))
      .map(([name, value]) => [name.slice('ce-'.length), percentDecoded(value)]),
  )
  return { ...attributes, ...(body !== '' && { data: parsedOrText(body) }) }
}

const fields = genericAlert.shape
/** Data of foreign events is read field by field: what does not fit is left in the payload. */
const foreignData = z.looseObject({
  title: z.string().min(1).optional().catch(undefined),
  summary: z.string().min(1).optional().catch(undefined),
  message: z.string().min(1).optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  severity: z.string().optional().catch(undefined),
  fingerprint: fields.fingerprint.catch(undefined),
  labels: fields.labels.catch(undefined),
  annotations: fields.annotations.catch(undefined),
  service: z.string().optional().catch(undefined),
  environment: z.string().optional().catch(undefined),
  alertType: z.string().optional().catch(undefined),
  status: z.enum(['firing', 'resolved']).optional().catch(undefined),
  startsAt: z.string().optional().catch(undefined),
  endsAt: z.string().optional().catch(undefined),
  runbookUrl: z.string().optional().catch(undefined),
  chain: z.string().optional().catch(undefined),
  overrides: z.unknown().optional(),
})

const normaliseOne = (ce: Event, data: JsonValue, key: string, receivedAt: string): NormalisedEntry => {
  const own = foreignData.safeParse(data).data ?? {}
  // A sender that names a fingerprint and fits the closed format speaks it; attributes fill in for the others.
  const closed = genericAlert.safeParse(data)
  if (closed.success && closed.data.fingerprint !== undefined && closed.data.startsAt !== undefined) {
    return normaliseGeneric(data, { key, receivedAt }, 'cloudevents')
  }
  const time = momentOf(ce.time)
  return draftAlert(
    {
      source: 'cloudevents',
      fingerprint: own.fingerprint ?? (ce.subject || `${ce.source}${ce.id}`),
      groupKey: ce.correlationid,
      status:
        own.status ??
        (/[._-](?:resolved|closed|cleared|recovered)(?:[._-]v\d+)?$/i.test(ce.type) ? 'resolved' : 'firing'),
      severity:
        severityOf(own.severity ?? ce.severitytext ?? '') ??
        (ce.severitynumber === undefined ? 'warning' : severityOfNumber(ce.severitynumber)),
      title: own.title ?? own.summary ?? own.message ?? ce.type,
      description: own.description ?? (own.title === undefined && own.summary === undefined ? undefined : own.message),
      alertType: own.alertType ?? ce.type,
      service: own.service ?? ce.source,
      environment: own.environment,
      labels: own.labels,
      annotations: own.annotations,
      startsAt: momentOf(own.startsAt) ?? time ?? receivedAt,
      endsAt: momentOf(own.endsAt),
      runbookUrl: own.runbookUrl,
      links: [{ rel: 'data', href: ce.dataref }],
      chain: own.chain,
      ...readOverrides(own.overrides),
    },
    { key, receivedAt, body: jsonValue.parse({ ...withoutData(ce), data }) },
  )
}

const dataOf = (ce: Event): JsonValue => {
  if (ce.data_base64 !== undefined) return parsedOrText(Buffer.from(ce.data_base64, 'base64').toString('utf8'))
  if (typeof ce.data === 'string') return parsedOrText(ce.data)
  const parsed = jsonValue.safeParse(ce.data ?? null)
  return parsed.success ? parsed.data : null
}

const withoutData = ({
  data: _,
  data_base64: __,
  severitynumber,
  ...attributes
}: Event): Readonly<Record<string, unknown>> => ({
  ...attributes,
  ...(severitynumber !== undefined && { severitynumber }),
})

const parsedOrText = (text: string): JsonValue => {
  const trimmed = text.trimStart()
  if (!trimmed.startsWith('{') && !trimmed.startsWith('[')) return text
  try {
    const value: JsonValue = JSON.parse(text)
    return isTooDeep(value) ? text : value
  } catch {
    return text
  }
}

/** The HTTP and NATS bindings percent-encode what a header cannot hold. */
const percentDecoded = (value: string): string => {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
