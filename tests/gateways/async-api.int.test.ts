// /asyncapi.json by AsyncAPI's own parser, beside the subjects that are really used and events as they are really stored.
import { Parser } from '@asyncapi/parser'
import { Ajv } from 'ajv'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { asyncApi } from '../../gateways/bus/async-api.ts'
import {
  alertSubject,
  commandSubject,
  deadSubject,
  decidedSubject,
  eventSubject,
  everyRequest,
  liveSubject,
} from '../../infra/jetstream/subjects.ts'
import { publicCommands } from '../../schemas/commands.ts'
import { encodeCommit } from '../../schemas/commit-codec.ts'
import { eventData, isEventType, storedType } from '../../schemas/events.ts'
import { orgId } from '../../schemas/ids.ts'
import { draft, stream } from '../support/commit-samples.ts'
import { readDocument, sectionOf, tableRows } from '../support/markdown.ts'

const made = asyncApi('0.0.0-test')
const text = JSON.stringify(made)
const channels = z.record(z.string(), z.object({ address: z.string().nullable() })).parse(made.channels)
const addresses = Object.values(channels).flatMap(({ address }) => (address === null ? [] : [address]))

test('the parser of AsyncAPI finds nothing to complain of', async () => {
  const { document, diagnostics } = await new Parser().parse(text)
  // 2 is advice: that a younger version of AsyncAPI exists.
  assert.equal(
    diagnostics.filter(({ severity }) => severity < 2).map(({ message, path }) => `${path.join('.')}: ${message}`),
    [],
  )
  assert.is(document?.version(), '3.0.0')
  assert.ok((document?.operations().all().length ?? 0) > 2 * publicCommands.length)
  for (const message of document?.messages().all() ?? []) {
    assert.ok(message.hasPayload() && message.hasHeaders(), `${message.id()} has a payload and headers`)
  }
})

test('its addresses are the subjects that are used, with nothing missing and nothing of its own', () => {
  const org = orgId.parse('org')
  const id = (category: 'session') => ({ org, category, id: 'id' })
  const used = [
    alertSubject('org'),
    liveSubject('org', 'session'),
    deadSubject('consumer', 'letter'),
    decidedSubject('consumer', 'letter'),
    ...publicCommands.flatMap((name) => [
      commandSubject('org', name),
      everyRequest.replace('*', 'org').replace('*', name),
    ]),
    ...['session', 'alert', 'task', 'definition', 'ledger'].map((category) =>
      eventSubject(id('session')).replace('session', category),
    ),
  ]
  const filled = addresses.map((address) => address.replaceAll(/[{}]/g, ''))
  for (const subject of used) assert.ok(filled.includes(subject), `${subject} is missing`)
  // Further categories of the log come as they are made.
  for (const subject of filled) assert.ok(used.includes(subject) || subject.startsWith('casebook.events.'), subject)
})

test('every subject of docs/bus.md is in it', () => {
  const rows = tableRows(sectionOf(readDocument('docs/bus.md'), 'Subjects'))
  const documented = rows.map(([cell = '']) => cell.replaceAll('`', '').replaceAll(/<\w+>/g, '*'))
  const patterns = new Set(
    addresses.map((address) =>
      address
        .replaceAll(/\{\w+\}/g, '*')
        .replace(/^(casebook\.events\.\*\.)\w+/, '$1*')
        .replace(/^(casebook\.(?:commands|request)\.\*\.)\w+$/, '$1*'),
    ),
  )
  assert.equal([...patterns].sort(), [...new Set(documented)].sort())
})

test('every version of every event has a schema, and a commit as it is stored fits the payload of its channel', () => {
  const { schemas } = made.components
  for (const type of Object.keys(eventData)) {
    if (isEventType(type)) assert.ok(schemas[storedType(type)], storedType(type))
  }
  assert.ok(schemas['casebook.ledger.budget_raised.v1'], 'what is on older logs is described as well')
  const ajv = new Ajv({ strict: false, validateFormats: false })
  ajv.addSchema({ $id: 'bus', components: made.components })
  const fits = ajv.compile({ $ref: 'bus#/components/messages/sessionCommit/payload' })
  const { payload } = encodeCommit(stream(), { version: 0, hash: '' }, draft())
  assert.ok(fits(JSON.parse(payload)), JSON.stringify(fits.errors))
  assert.not(fits(JSON.parse(payload.replace('"title":', '"titel":'))))
  assert.not(fits([]))
})

test('no reference leads nowhere', () => {
  for (const [, path = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = path.split('/').reduce<unknown>((at, key) => z.record(z.string(), z.unknown()).parse(at)[key], made)
    assert.ok(found !== undefined, path)
  }
})

test.run()
