// Every alert format becomes the same masked alert, and a repeat is the same occurrence.
import { readFileSync } from 'node:fs'
import { CloudEvent, HTTP } from 'cloudevents'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { AlertDraft, NormalisedEntry } from '../../gateways/alerts/alert-draft.ts'
import { alertmanagerBody, normaliseAlertmanager } from '../../gateways/alerts/alertmanager.ts'
import { eventFromHeaders, normaliseCloudEvent } from '../../gateways/alerts/cloudevents.ts'
import { normaliseGeneric } from '../../gateways/alerts/generic-alert.ts'
import { normalisePagerDuty, pagerDutyBody } from '../../gateways/alerts/pagerduty.ts'
import { alertContentType, readAlerts } from '../../gateways/alerts/read-alerts.ts'
import { severityOf, severityOfNumber } from '../../gateways/alerts/severity.ts'

const now = '2026-03-01T12:00:00.000Z'
const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/alerts/${name}.json`, import.meta.url), 'utf8'))

const alertmanager = (name: string): readonly NormalisedEntry[] =>
  normaliseAlertmanager(alertmanagerBody.parse(fixture(name)), now)

const draft = (entries: readonly NormalisedEntry[], index = 0): AlertDraft => {
  const entry = entries[index]
  if (entry?.kind !== 'alert') throw new Error(`no alert: ${JSON.stringify(entry)}`)
  return entry
}

const message = (payload: string, headers: Readonly<Record<string, string>> = {}) => ({
  payload,
  headers,
  queuedAt: new Date(now),
  id: 'INTAKE-1-1',
})

const only = (read: ReturnType<typeof readAlerts>) => {
  if (read.kind !== 'alerts' || read.alerts[0] === undefined) throw new Error(JSON.stringify(read))
  return read.alerts[0]
}

test('a firing Alertmanager alert keeps its fingerprint, labels and links, and has no end', () => {
  const { alert, payload } = draft(alertmanager('alertmanager-firing'))
  assert.is(alert.source, 'alertmanager')
  assert.is(alert.fingerprint, 'c1f6d3a1b2e4f501')
  assert.is(alert.status, 'firing')
  assert.is(alert.severity, 'critical')
  assert.is(alert.title, 'Disk of node-1 is full')
  assert.is(alert.alertType, 'DiskFull')
  assert.is(alert.service, 'checkout')
  assert.is(alert.environment, 'prod-eu')
  assert.is(alert.startsAt, '2026-03-01T09:00:00.123Z')
  assert.is(alert.endsAt, undefined)
  assert.is(alert.runbookUrl, 'https://runbooks.example/disk-full')
  assert.is(alert.reason, 'first')
  assert.equal(
    alert.links.map(({ rel }) => rel),
    ['generator', 'alertmanager'],
  )
  assert.match(payload, '"routeLabels"')
})

test('secrets are masked in every text and in the payload', () => {
  const entry = draft(alertmanager('alertmanager-firing'))
  assert.not.match(JSON.stringify(entry), 'hunter2secret')
  assert.match(entry.alert.description, '__MASKED_PASSWORD__')
  assert.match(entry.payload, '__MASKED_PASSWORD__')
  const generic = draft([normaliseGeneric(fixture('generic'), { key: 'k', receivedAt: now })])
  assert.not.match(generic.payload, 'abcdefabcdefabcdef12')
  const event = draft(normaliseCloudEvent(fixture('cloudevent-generic'), now))
  assert.not.match(event.payload, 'hunter2secret')
})

test('a resolved alert has its end and is another occurrence than the firing one', () => {
  const resolved = draft(alertmanager('alertmanager-resolved'))
  assert.is(resolved.alert.status, 'resolved')
  assert.is(resolved.alert.endsAt, '2026-03-01T09:30:00.000Z')
  assert.is.not(resolved.occurrenceKey, draft(alertmanager('alertmanager-firing')).occurrenceKey)
})

test('the same notification sent again is the same occurrence', () => {
  assert.is(
    draft(alertmanager('alertmanager-firing')).occurrenceKey,
    draft(alertmanager('alertmanager-firing')).occurrenceKey,
  )
})

test('each entry of a group is an alert, and a bad one does not take the others with it', () => {
  const entries = alertmanager('alertmanager-multi')
  assert.equal(
    entries.map(({ kind }) => kind),
    ['alert', 'alert', 'invalid'],
  )
  assert.is(draft(entries, 0).alert.reason, 'repeat')
  assert.is(draft(entries, 0).alert.title, 'HighLoad')
  assert.is(draft(entries, 1).alert.severity, 'info')
  assert.is(draft(entries, 1).alert.description, 'b is fine')
  assert.not.match(draft(entries, 0).payload, '"bbbb"')
  const bad = entries[2]
  assert.ok(bad?.kind === 'invalid' && bad.issues.some((issue) => issue.startsWith('alerts.2.status: ')))
})

test('keys a sender adds are accepted and kept in the payload', () => {
  const entry = draft(alertmanager('grafana-firing'))
  assert.is(entry.alert.labels['weight'], '3')
  assert.match(entry.payload, '"valueString"')
  assert.equal(
    entry.alert.links.map(({ rel }) => rel),
    ['generator', 'alertmanager', 'silence', 'dashboard', 'panel'],
  )
})

test('labels beyond the limits are cut, so that no alert is too large for an event', () => {
  const body = {
    version: '4',
    groupKey: 'g',
    alerts: [
      {
        status: 'firing',
        labels: Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`l${index}`, 'x'.repeat(9000)])),
      },
    ],
  }
  const { alert } = draft(normaliseAlertmanager(alertmanagerBody.parse(body), now))
  assert.ok(JSON.stringify(alert.labels).length < 40_000)
  assert.is(alert.startsAt, now)
})

test('a CloudEvent with a generic alert takes its identity from the subject and its key from source and id', () => {
  const { alert, occurrenceKey } = draft(normaliseCloudEvent(fixture('cloudevent-generic'), now))
  assert.is(alert.source, 'cloudevents')
  assert.is(alert.fingerprint, 'checkout/latency')
  assert.is(alert.severity, 'high')
  assert.is(alert.title, 'Latency of checkout')
  assert.is(alert.alertType, 'com.example.alert.fired')
  assert.is(alert.startsAt, '2026-03-01T09:00:00.000Z')
  assert.is(alert.groupKey, 'corr-9')
  assert.equal(alert.labels, { team: 'shop' })
  const again = draft(normaliseCloudEvent({ ...(fixture('cloudevent-generic') as object), time: now }, now))
  assert.is(again.occurrenceKey, occurrenceKey)
})

test('events without a telling title take one from the message or the type; the type tells the status', () => {
  const entries = (fixture('cloudevents-batch') as unknown[]).flatMap((each) => normaliseCloudEvent(each, now))
  assert.is(draft(entries, 0).alert.title, 'disk full')
  assert.is(draft(entries, 0).alert.status, 'firing')
  assert.is(draft(entries, 1).alert.status, 'resolved')
  assert.match(draft(entries, 1).payload, 'plain words')
  assert.is(draft(entries, 2).alert.title, 'from base64')
})

test("a CloudEvent may carry Alertmanager's body: several alerts, with keys of their own", () => {
  const entries = normaliseCloudEvent(fixture('cloudevent-alertmanager'), now)
  assert.equal([draft(entries, 0).alert.fingerprint, draft(entries, 1).alert.fingerprint], ['f1', 'f2'])
  assert.is.not(draft(entries, 0).occurrenceKey, draft(entries, 1).occurrenceKey)
})

test('binary events, as the official SDK writes them, are read with their headers percent-decoded', () => {
  const event = new CloudEvent({
    id: 'x 1',
    source: '/s',
    type: 'com.example.t',
    subject: 'grün',
    data: { title: 'T' },
  })
  const sent = HTTP.binary(event)
  const headers = Object.fromEntries(Object.entries(sent.headers).map(([name, value]) => [name, String(value)]))
  const encoded = { ...headers, 'CE-Subject': encodeURIComponent('grün') }
  delete (encoded as Record<string, string>)['ce-subject']
  const entry = draft(normaliseCloudEvent(eventFromHeaders(encoded, String(sent.body)), now))
  assert.is(entry.alert.fingerprint, 'grün')
  assert.is(entry.alert.title, 'T')
})

test('an event that is none says which attribute is wrong', () => {
  const [entry] = normaliseCloudEvent({ specversion: '0.3', id: '', type: 't' }, now)
  assert.ok(entry?.kind === 'invalid')
  assert.ok(entry.kind === 'invalid' && entry.issues.some((issue) => issue.startsWith('source: ')))
})

test("Casebook's own format is closed: an unknown field is named", () => {
  const entry = normaliseGeneric({ title: 'x', sevrity: 'high' }, { key: 'k', receivedAt: now })
  assert.ok(entry.kind === 'invalid' && entry.issues.join().includes('sevrity'))
  const bad = normaliseGeneric({ title: 'x', severity: 'dire' }, { key: 'k', receivedAt: now })
  assert.ok(bad.kind === 'invalid' && bad.issues.join().includes('severity: must be one of'))
})

test('a generic alert is mapped field by field', () => {
  const { alert } = draft([normaliseGeneric(fixture('generic'), { key: 'k', receivedAt: now })])
  assert.is(alert.severity, 'high')
  assert.is(alert.startsAt, '2026-03-01T09:00:00.000Z')
  assert.is(alert.alertType, 'QueueGrowing')
  assert.is(alert.environment, 'prod')
})

test('without a fingerprint, title and labels are the identity, in whatever order the labels come', () => {
  const of = (input: unknown) => draft([normaliseGeneric(input, { key: 'k', receivedAt: now })]).alert.fingerprint
  assert.is(of({ title: 'x', labels: { a: '1', b: '2' } }), of({ title: 'x', labels: { b: '2', a: '1' } }))
  assert.is.not(of({ title: 'x', labels: { a: '1' } }), of({ title: 'x', labels: { a: '2' } }))
})

test('a fingerprint that holds a secret is hashed, so that different alerts do not fall together', () => {
  const of = (fingerprint: string) =>
    draft([normaliseGeneric({ title: 'x', fingerprint }, { key: 'k', receivedAt: now })]).alert.fingerprint
  assert.match(of('password=hunter2secret'), /^sha256:/)
  assert.is.not(of('password=hunter2secret'), of('password=hunter3secret'))
  assert.is(of('c1f6d3a1b2e4f501'), 'c1f6d3a1b2e4f501')
})

test('severity words and numbers are mapped on one scale', () => {
  assert.is(severityOf(' Page '), 'critical')
  assert.is(severityOf('ERROR'), 'high')
  assert.is(severityOf('whatever'), null)
  assert.is(severityOfNumber(21), 'critical')
  assert.is(severityOfNumber(9), 'info')
})

test('the bus reader knows each format by content type, headers or shape', () => {
  const text = (name: string) => JSON.stringify(fixture(name))
  assert.is(only(readAlerts(message(text('alertmanager-firing')))).alert.source, 'alertmanager')
  assert.is(only(readAlerts(message(text('cloudevent-generic')))).alert.source, 'cloudevents')
  const batch = readAlerts(message(text('cloudevents-batch'), { 'content-type': 'application/cloudevents-batch+json' }))
  assert.is(batch.kind === 'alerts' && batch.alerts.length, 3)
  const binary = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/s', 'ce-type': 't' }
  assert.is(only(readAlerts(message('{"title":"bin"}', binary))).alert.title, 'bin')
  assert.is(only(readAlerts(message(text('generic')))).alert.source, 'generic')
  const many = readAlerts(message(JSON.stringify([{ title: 'a' }, { title: 'b' }])))
  assert.is(many.kind === 'alerts' && many.alerts.length, 2)
})

test('what the HTTP door queued is read back as it was', () => {
  const first = only(readAlerts(message(JSON.stringify(fixture('generic')))))
  const again = only(readAlerts(message(JSON.stringify(first), { 'content-type': alertContentType })))
  assert.equal(again, first)
})

test('a redelivered generic message is the same occurrence', () => {
  const text = JSON.stringify(fixture('generic'))
  assert.is(only(readAlerts(message(text))).occurrenceKey, only(readAlerts(message(text))).occurrenceKey)
})

test('what cannot be read says why', () => {
  for (const [payload, expected] of [
    ['{not json', 'not JSON'],
    ['42', '(body)'],
    ['[]', 'no alert'],
    ['{"title":""}', 'title'],
    ['{"version":"4","alerts":[{"status":"odd"}]}', 'alerts.0.status'],
  ] as const) {
    const read = readAlerts(message(payload))
    assert.is(read.kind, 'unreadable', payload)
    assert.match(read.kind === 'unreadable' ? read.message : '', expected)
  }
})

test('of several alerts the good are taken, and each bad one is told with its reason and its own text', () => {
  const read = (payload: unknown, headers?: Readonly<Record<string, string>>) => {
    const all = readAlerts(message(JSON.stringify(payload), headers))
    if (all.kind !== 'alerts') throw new Error(all.message)
    return { titles: all.alerts.map(({ alert }) => alert.title), rejected: all.rejected }
  }
  const own = read([{ title: 'a' }, { titel: 'b' }, { title: 'c' }])
  assert.equal(own.titles, ['a', 'c'])
  assert.equal([own.rejected[0]?.index, own.rejected[0]?.text], [1, '{"titel":"b"}'])
  assert.match(own.rejected[0]?.message ?? '', 'titel')

  const event = { specversion: '1.0', id: '1', source: '/s', type: 't', data: { title: 'good' } }
  const batch = read([event, { ...event, id: '' }], { 'content-type': 'application/cloudevents-batch+json' })
  assert.equal([batch.titles, batch.rejected[0]?.text], [['good'], JSON.stringify({ ...event, id: '' })])

  const webhook = read({ version: '4', groupKey: 'g', alerts: [{ status: 'odd' }, { status: 'firing' }] })
  assert.equal(webhook.titles, ['Alert'])
  const again = readAlerts(message(webhook.rejected[0]?.text ?? ''))
  assert.match(again.kind === 'unreadable' ? again.message : '', 'alerts.0.status')
})

test('a large payload is cut with a note, on a whole character', () => {
  const alert = only(readAlerts(message(JSON.stringify({ title: 'big', payload: 'ü'.repeat(60_000) }))))
  assert.match(alert.alert.payload?.text ?? '', /ü… \(\d+ bytes cut\)$/)
  assert.ok(Buffer.byteLength(alert.alert.payload?.text ?? '') < 49 * 1024)
})

const pagerDuty = (event: object): readonly NormalisedEntry[] => {
  const body = pagerDutyBody.parse(fixture('pagerduty-triggered'))
  return normalisePagerDuty({ event: { ...body.event, ...event } }, now)
}

test('an incident of PagerDuty is an alert by its key, as severe as its priority, with secrets masked', () => {
  const { alert, payload, occurrenceKey } = draft(pagerDuty({}))
  const { payload: _, ...shown } = { payload, ...alert }
  assert.equal(shown, {
    source: 'pagerduty',
    fingerprint: 'checkout/latency',
    status: 'firing',
    severity: 'critical',
    title: 'Checkout answers slowly, password=__MASKED_PASSWORD__',
    description: '',
    labels: { service: 'checkout', urgency: 'high', priority: 'P1', team: 'shop' },
    annotations: { incident: '42', escalation_policy: 'Shop first line' },
    startsAt: '2026-03-01T09:00:00.000Z',
    links: [{ rel: 'incident', href: 'https://shop.pagerduty.example/incidents/PINC7' }],
    service: 'checkout',
    reason: 'first',
  })
  assert.is(occurrenceKey, 'pagerduty:01BYJ0W1ZXQ9T8S7R6P5N4M3K2')
  assert.not.match(payload, 'hunter2secret')
})

test('what PagerDuty tells of an incident later resolves it, repeats it, or is no alert', () => {
  const resolved = draft(pagerDuty({ id: 'later', event_type: 'incident.resolved' }))
  assert.is(resolved.alert.status, 'resolved')
  assert.is(resolved.alert.endsAt, '2026-03-01T09:00:02.500Z')
  assert.is(draft(pagerDuty({ event_type: 'incident.acknowledged' })).alert.reason, 'repeat')
  assert.is(draft(pagerDuty({ event_type: 'incident.reopened' })).alert.reason, undefined)
  for (const none of [
    'incident.annotated',
    'incident.responder.added',
    'service.updated',
    'pagey.ping',
    'something.new',
  ]) {
    assert.equal(pagerDuty({ event_type: none }), [], none)
  }
})

test('an incident with nothing but its id is one still, and one without is told apart', () => {
  const bare = draft(pagerDuty({ data: { id: 'PINC9', priority: null, urgency: null, teams: null, service: null } }))
  assert.is(bare.alert.fingerprint, 'PINC9')
  assert.is(bare.alert.title, 'PagerDuty incident PINC9')
  assert.is(bare.alert.severity, 'warning')
  assert.match(JSON.stringify(pagerDuty({ data: {} })), 'event.data.id')
})

test('an incident of PagerDuty is known on the bus by its shape', () => {
  const body = JSON.stringify(fixture('pagerduty-triggered'))
  assert.is(only(readAlerts(message(body))).alert.source, 'pagerduty')
})

test.run()
