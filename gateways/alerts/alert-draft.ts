// What every normaliser yields: a masked alert ready to publish, or the reason one entry is not an alert.
import { createHash } from 'node:crypto'
import { maskJson, maskText } from '../../domain/masking/mask.ts'
import type { AlertMessage, AlertSeverity, AlertSource, NormalisedAlert } from '../../schemas/alert.ts'
import { normalisedAlert } from '../../schemas/alert.ts'
import { type JsonValue, jsonValue } from '../../schemas/json-value.ts'
import type { Overrides } from '../../schemas/overrides.ts'
import type { StoredText } from '../../schemas/stored-text.ts'

export interface AlertDraft {
  readonly kind: 'alert'
  readonly occurrenceKey: string
  readonly receivedAt: string
  readonly alert: Omit<NormalisedAlert, 'payload'>
  /** Masked text of what came, of any length: to be claim-checked or cut by whoever publishes. */
  readonly payload: string
}

export interface InvalidAlert {
  readonly kind: 'invalid'
  /** One line a field: `<path>: <what is wrong>`. */
  readonly issues: readonly string[]
}

export type NormalisedEntry = AlertDraft | InvalidAlert

export interface AlertFields {
  readonly source: AlertSource
  readonly fingerprint: string
  readonly status: 'firing' | 'resolved'
  readonly severity: AlertSeverity
  readonly title: string
  readonly startsAt: string
  readonly groupKey?: string | undefined
  readonly description?: string | undefined
  readonly alertType?: string | undefined
  readonly service?: string | undefined
  readonly environment?: string | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
  readonly annotations?: Readonly<Record<string, string>> | undefined
  readonly endsAt?: string | undefined
  readonly runbookUrl?: string | undefined
  readonly links?: readonly { readonly rel: string; readonly href: string | undefined }[]
  readonly reason?: 'first' | 'repeat' | undefined
  readonly chain?: string | undefined
  readonly overrides?: Overrides | undefined
  readonly overrideFault?: string | undefined
}

/** All of an alert's labels, and all of its annotations, in characters: an event that holds both stays well under its limit. */
export const maxRecordChars = 32_000
const maxRecordEntries = 100

/** Masks and cuts every text; what was cut is still whole in the payload. */
export const draftAlert = (
  fields: AlertFields,
  occurrence: { readonly key: string; readonly receivedAt: string; readonly body: JsonValue },
): NormalisedEntry => {
  const links = (fields.links ?? []).flatMap(({ rel, href }) => (href ? [{ rel, href: masked(href, 2000) }] : []))
  const alert = normalisedAlert.omit({ payload: true }).safeParse({
    source: fields.source,
    fingerprint: safeFingerprint(fields.fingerprint),
    status: fields.status,
    severity: fields.severity,
    title: masked(fields.title.trim(), 500) || 'Untitled alert',
    description: masked(fields.description ?? '', 16_000),
    labels: maskedRecord(fields.labels ?? {}),
    annotations: maskedRecord(fields.annotations ?? {}),
    startsAt: fields.startsAt,
    links: links.slice(0, 20),
    ...given('groupKey', fields.groupKey, 2000),
    ...given('alertType', fields.alertType, 200),
    ...given('service', fields.service, 500),
    ...given('environment', fields.environment, 200),
    ...given('runbookUrl', fields.runbookUrl, 2000),
    ...given('chain', fields.chain, 100),
    ...(fields.endsAt !== undefined && { endsAt: fields.endsAt }),
    ...(fields.reason !== undefined && { reason: fields.reason }),
    ...(fields.overrides !== undefined && { overrides: maskJson(jsonValue.parse(fields.overrides)) }),
    ...given('overrideFault', fields.overrideFault, 4000),
  })
  if (!alert.success) return { kind: 'invalid', issues: issuesOf(alert.error.issues) }
  return {
    kind: 'alert',
    occurrenceKey: occurrence.key.length <= 500 ? occurrence.key : digest(occurrence.key),
    receivedAt: occurrence.receivedAt,
    alert: alert.data,
    payload: payloadText(occurrence.body),
  }
}

export const toMessage = (draft: AlertDraft, payload: StoredText): AlertMessage => ({
  occurrenceKey: draft.occurrenceKey,
  receivedAt: draft.receivedAt,
  alert: { ...draft.alert, payload },
})

export const issuesOf = (
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): readonly string[] =>
  issues.map(({ path, message }) => `${path.length === 0 ? '(body)' : path.map(String).join('.')}: ${message}`)

/** SHA-256 over the parts, hex. */
export const digest = (...parts: readonly string[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:`).update(part)
  return hash.digest('hex')
}

/** A label set as one text, whatever order it came in. */
export const labelText = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))

/** ISO 8601 UTC, or undefined when the text is no moment; Go's zero time means "not set". */
export const momentOf = (text: string | undefined): string | undefined => {
  if (text === undefined || text.startsWith('0001-01-01')) return undefined
  const moment = new Date(text)
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString()
}

const masked = (text: string, max: number): string => cut(maskText(text).text, max)

const cut = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`)

const given = (name: string, value: string | undefined, max: number): Readonly<Record<string, string>> =>
  value === undefined || value === '' ? {} : { [name]: masked(value, max) }

/** A fingerprint is an identity: masking would let different alerts fall together, so one that holds a secret is hashed. */
const safeFingerprint = (fingerprint: string): string =>
  fingerprint.length <= 500 && maskText(fingerprint).text === fingerprint
    ? fingerprint
    : `sha256:${digest(fingerprint)}`

const maskedRecord = (record: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const safe = maskJson(record)
  if (typeof safe !== 'object' || safe === null || Array.isArray(safe)) return {}
  let left = maxRecordChars
  const result: Record<string, string> = {}
  for (const [name, value] of Object.entries(safe).slice(0, maxRecordEntries)) {
    const room = Math.min(8000, left - name.length)
    if (name.length > 200 || room < 2) continue
    const text = cut(String(value), room)
    left -= name.length + text.length
    result[name] = text
  }
  return result
}

const payloadText = (body: JsonValue): string =>
  typeof body === 'string' ? maskText(body).text : JSON.stringify(maskJson(body), null, 2)
