// Holds docs/events.md to the schemas.
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { eventsDocument } from '../../docs/events-document.ts'
import { eventData, isEventType, storedType } from '../../schemas/events.ts'

const file = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8')

test('docs/events.md is what the generator writes; run `npm run docs` after a change of the schemas', () => {
  assert.fixture(file, eventsDocument())
})

test('every event type has a section that says under which type it is stored', () => {
  for (const type of Object.keys(eventData)) {
    assert.match(file, `### ${type}\n`)
    if (isEventType(type)) assert.match(file, `\`${storedType(type)}\``)
  }
})

test('comments of the schemas reach the page', () => {
  assert.match(file, 'Not to be begun before this moment (back-off).')
  assert.match(file, 'SHA-256 of the configuration it was resolved from.')
})

test.run()
