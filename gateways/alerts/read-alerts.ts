// Reads an alert message of any known format off the bus: by content type and headers first, then by shape.
import { maskText } from '../../domain/masking/mask.ts'
import type { ReadAlerts, RejectedEntry } from '../../handlers/ports/alert-queue.ts'
import { type AlertMessage, alertMessage } from '../../schemas/alert.ts'
import { isTooDeep, maxJsonDepth } from '../../schemas/json-depth.ts'
import { withoutQuotation } from '../without-quotation.ts'
import { issuesOf, type NormalisedEntry, toMessage } from './alert-draft.ts'
import { alertmanagerBody, looksLikeAlertmanager, normaliseAlertmanager } from './alertmanager.ts'
import { eventFromHeaders, looksLikeCloudEvent, normaliseCloudEvent } from './cloudevents.ts'
import { normaliseGeneric } from './generic-alert.ts'
import { looksLikePagerDuty, normalisePagerDuty, pagerDutyBody } from './pagerduty.ts'

/** An `alertMessage`, normalised and masked before it was published. */
export const alertContentType = 'application/vnd.casebook.alert+json'

/** Bytes of a payload kept in the message; this reader has no store to put more in. */
const maxInlineBytes = 48 * 1024
const maxAlerts = 1000

type Read = ReturnType<ReadAlerts>

export const readAlerts: ReadAlerts = ({ payload, headers, queuedAt, id }) => {
  const receivedAt = queuedAt.toISOString()
  const contentType = (headers['content-type'] ?? '').toLowerCase()
  if (headers['ce-specversion'] !== undefined) {
    return collected(fromOrigin(payload, normaliseCloudEvent(eventFromHeaders(headers, payload), receivedAt)))
  }
  let body: unknown
  try {
    body = JSON.parse(payload)
  } catch (error) {
    return unreadable(`It is not JSON: ${withoutQuotation(error)}`)
  }
  if (isTooDeep(body)) return unreadable(`It is nested more than ${maxJsonDepth} levels deep.`)
  if (contentType.startsWith(alertContentType)) return ownMessage(body)
  if (contentType.startsWith('application/cloudevents-batch')) {
    return Array.isArray(body)
      ? collected(body.flatMap((each: unknown) => fromOrigin(each, normaliseCloudEvent(each, receivedAt))))
      : unreadable('A CloudEvents batch is an array.')
  }
  if (contentType.startsWith('application/cloudevents') || looksLikeCloudEvent(body)) {
    return collected(fromOrigin(body, normaliseCloudEvent(body, receivedAt)))
  }
  if (looksLikeAlertmanager(body)) {
    const parsed = alertmanagerBody.safeParse(body)
    if (!parsed.success) return unreadable(issuesOf(parsed.error.issues).join('; '))
    const { alerts } = parsed.data
    return collected(
      normaliseAlertmanager(parsed.data, receivedAt).map((entry, index) => ({
        entry,
        origin: { ...parsed.data, alerts: [alerts[index]] },
      })),
    )
  }
  if (looksLikePagerDuty(body))
    return collected(fromOrigin(body, normalisePagerDuty(pagerDutyBody.parse(body), receivedAt)))
  const key = headers['idempotency-key'] ?? headers['nats-msg-id'] ?? id
  const entries: readonly unknown[] = Array.isArray(body) ? body : [body]
  return collected(
    entries.flatMap((each, index) =>
      fromOrigin(
        each,
        looksLikeCloudEvent(each)
          ? normaliseCloudEvent(each, receivedAt)
          : [normaliseGeneric(each, { key: `generic:${key}:${index}`, receivedAt })],
      ),
    ),
  )
}

const ownMessage = (body: unknown): Read => {
  const parsed = alertMessage.safeParse(body)
  return parsed.success
    ? { kind: 'alerts', alerts: [parsed.data], rejected: [] }
    : unreadable(issuesOf(parsed.error.issues).join('; '))
}

interface OfOrigin {
  readonly entry: NormalisedEntry
  /** The part of the message it was read from, in a form that can be sent again. */
  readonly origin: unknown
}

const fromOrigin = (origin: unknown, entries: readonly NormalisedEntry[]): readonly OfOrigin[] =>
  entries.map((entry) => ({ entry, origin }))

/** The good ones are taken and the bad ones told beside them; a message without any good one is parked whole. */
const collected = (all: readonly OfOrigin[]): Read => {
  if (all.length === 0) return unreadable('It holds no alert.')
  if (all.length > maxAlerts)
    return unreadable(`It holds ${all.length} alerts; at most ${maxAlerts} are taken at once.`)
  const alerts: AlertMessage[] = []
  const rejected: RejectedEntry[] = []
  for (const [index, { entry, origin }] of all.entries()) {
    if (entry.kind === 'alert') alerts.push(toMessage(entry, { text: cutToBytes(entry.payload, maxInlineBytes) }))
    else {
      const text = typeof origin === 'string' ? origin : JSON.stringify(origin)
      rejected.push({ index, text, message: `Alert ${index} is not valid: ${entry.issues.join('; ')}` })
    }
  }
  const [first] = rejected
  return alerts.length === 0 && first !== undefined ? unreadable(first.message) : { kind: 'alerts', alerts, rejected }
}

const unreadable = (message: string): Read => ({ kind: 'unreadable', message: maskText(message).text })

const cutToBytes = (text: string, max: number): string => {
  const bytes = new TextEncoder().encode(text)
  if (bytes.byteLength <= max) return text
  // A cut in the middle of a character decodes to a replacement mark at the very end.
  const kept = new TextDecoder().decode(bytes.subarray(0, max)).replace(/\uFFFD$/, '')
  return `${kept}… (${bytes.byteLength - max} bytes cut)`
}
