// Overrides as each sender of alerts can say them; what cannot be read is never dropped in silence.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { alertmanagerBody, normaliseAlertmanager } from '../../gateways/alerts/alertmanager.ts'
import { normaliseCloudEvent } from '../../gateways/alerts/cloudevents.ts'
import { normaliseGeneric } from '../../gateways/alerts/generic-alert.ts'

const now = '2026-03-01T12:00:00.000Z'

const ofRule = (annotations: Readonly<Record<string, string>>) => {
  const body = { version: '4', groupKey: 'g', alerts: [{ status: 'firing', labels: { alertname: 'A' }, annotations }] }
  const [entry] = normaliseAlertmanager(alertmanagerBody.parse(body), now)
  if (entry?.kind !== 'alert') throw new Error(JSON.stringify(entry))
  return { overrides: entry.alert.overrides, fault: entry.alert.overrideFault ?? '' }
}

const ofEvent = (data: object) => {
  const [entry] = normaliseCloudEvent({ specversion: '1.0', id: '1', source: '/s', type: 't', data }, now)
  if (entry?.kind !== 'alert') throw new Error(JSON.stringify(entry))
  return { overrides: entry.alert.overrides, fault: entry.alert.overrideFault ?? '' }
}

test('annotations of an Alertmanager rule say every override there is', () => {
  const { overrides, fault } = ofRule({
    summary: 'x',
    casebook_chain: 'thorough',
    casebook_runbook: 'Look at /var.',
    casebook_mcp_servers: 'host, cluster',
    casebook_tools: 'host__disk,host__log_*',
    casebook_slack_fingerprint: 'disk db-3',
    casebook_budget_usd: '0.5',
    casebook_budget_tokens: '1000',
  })
  assert.is(fault, '')
  assert.equal(overrides, {
    chain: 'thorough',
    runbook: 'Look at /var.',
    mcpServers: ['host', 'cluster'],
    tools: ['host__disk', 'host__log_*'],
    slackFingerprint: 'disk db-3',
    budget: { tokens: 1000, usd: 0.5 },
  })
})

test('a rule that says nothing of it has none', () => {
  assert.equal(ofRule({ summary: 'x' }), { overrides: undefined, fault: '' })
})

test('an annotation that is misspelt or cannot be read becomes a fault, and no override', () => {
  assert.match(ofRule({ casebook_tolls: 'host__disk' }).fault, /did you mean "casebook_tools"\?/)
  assert.match(ofRule({ casebook_budget_usd: 'much' }).fault, /budget\.usd/)
  assert.match(ofRule({ casebook_tools: 'disk' }).fault, /tools\.0: must be <server>__<tool>/)
  assert.is(ofRule({ casebook_tools: 'disk' }).overrides, undefined)
})

test('a CloudEvent says them in its data', () => {
  assert.equal(ofEvent({ title: 'x', overrides: { tools: ['host__disk'] } }).overrides, { tools: ['host__disk'] })
  assert.match(ofEvent({ title: 'x', overrides: { tols: [] } }).fault, /tols/)
})

test("Casebook's own format is closed in them, too", () => {
  const occurrence = { key: 'k', receivedAt: now }
  const good = normaliseGeneric({ title: 'x', overrides: { budget: { usd: 1 } } }, occurrence)
  assert.equal(good.kind === 'alert' && good.alert.overrides, { budget: { usd: 1 } })
  const bad = normaliseGeneric({ title: 'x', overrides: { budgets: {} } }, occurrence)
  assert.match(bad.kind === 'invalid' ? bad.issues.join() : '', /overrides: Unrecognized key/)
})

test('secrets in them are masked as anywhere in an alert', () => {
  const { overrides } = ofRule({ casebook_runbook: 'Log in with password: hunter2hunter2' })
  assert.not.match(overrides?.runbook ?? '', /hunter2/)
})

test.run()
