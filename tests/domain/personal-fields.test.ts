// Which fields are a person's: who did it and what they wrote are sealed, what a session is about and why something is kept are not.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isPerson, sealActor, sealEvent } from '../../domain/personal/personal-fields.ts'
import {
  forgotten,
  holdsSealed,
  isSealed,
  mapSealed,
  personsIn,
  sealedWord,
} from '../../domain/personal/sealed-text.ts'
import { cancelledBy } from '../../domain/session/causes.ts'
import type { Actor } from '../../schemas/actor.ts'
import type { DomainEvent } from '../../schemas/events.ts'
import {
  chatStory,
  inputStory,
  investigationStory,
  lineageStory,
  personStory,
  taskStory,
  troubledStory,
} from '../projections/stories.ts'

const jo: Actor = { kind: 'user', id: 'jo@example.org' }
const janitor: Actor = { kind: 'handler', id: 'janitor' }
const person = 'per_AAAAAAAAAAAAAAAAAAAAAA'
/** A seal that shows what is under it, whose it is and where. */
const word = (text: string): string => sealedWord(person, Buffer.from(text.padEnd(60, '~')).toString('base64url'))
const seal = (_who: string, text: string): string => word(text)
const open = (_person: string, sealed: string): string => Buffer.from(sealed, 'base64url').toString().replace(/~+$/, '')
const sealedOf = (event: DomainEvent, actor: Actor = jo): DomainEvent => sealEvent(event, actor, seal)
const back = (value: unknown): unknown => mapSealed(value, open)

test('people are users by name; without a token nobody in particular asks', () => {
  assert.ok(isPerson(jo))
  for (const nobody of [janitor, { kind: 'user', id: 'local' }, { kind: 'user', id: forgotten }] as const)
    assert.not.ok(isPerson(nobody), nobody.id)
  assert.ok(isSealed(sealActor(jo, seal).id))
  assert.equal(sealActor(janitor, seal), janitor)
})

test('who it was and what they wrote is sealed; why something is kept or erased stays to be read', () => {
  const asked = sealedOf({ type: 'session.paused', data: { by: jo, reason: 'lunch' } })
  assert.equal(asked.data, { by: { kind: 'user', id: word(jo.id) }, reason: word('lunch') })
  const held = sealedOf({ type: 'session.held', data: { by: jo, reason: 'case 7' } })
  assert.equal(held.data, { by: { kind: 'user', id: word(jo.id) }, reason: 'case 7' })
  assert.equal(sealedOf({ type: 'session.paused', data: { by: janitor, reason: 'full' } }, janitor).data, {
    by: janitor,
    reason: 'full',
  })
})

test('a handler that records what a person asked for passes on what is sealed as it is', () => {
  const by: Actor = { kind: 'user', id: word(jo.id) }
  const event: DomainEvent = { type: 'session.hold_released', data: { by } }
  assert.equal(sealedOf(event, janitor), event)
})

test('a text that only looks sealed in part is sealed like any other', () => {
  const reason = `see ${word('that')}`
  const event = sealedOf({ type: 'session.paused', data: { by: jo, reason } })
  assert.equal(event.data, { by: { kind: 'user', id: word(jo.id) }, reason: word(reason) })
})

test('sentences made of a name and a reason are sealed part by part, so that they read as they would be decided again', () => {
  const marked = (value: unknown): unknown => mapSealed(value, () => forgotten)
  for (const reason of ['', 'no need.', 'a: b']) {
    const { data } = sealedOf({
      type: 'session.ended',
      data: { status: 'cancelled', cause: cancelledBy(jo.id, reason) },
    })
    const cause = cancelledBy(jo.id, reason)
    assert.equal(back(data), { status: 'cancelled', cause })
    assert.not.ok(JSON.stringify(data).includes(jo.id))
    assert.equal(marked(data), {
      status: 'cancelled',
      cause: cancelledBy(forgotten, reason === '' ? '' : forgotten),
    })
  }
  const child = sealedOf(
    {
      type: 'session.child_ended',
      data: { childId: 'ses_CHILD' as never, status: 'cancelled', report: { text: cancelledBy(jo.id, 'no').message } },
    },
    janitor,
  )
  assert.equal(marked(child.data), {
    childId: 'ses_CHILD',
    status: 'cancelled',
    report: { text: 'Cancelled by forgotten: forgotten' },
  })
})

test('of every event there is: opened it is what it was, sealed again it stays the same, and no actor is named', () => {
  let sealedOnes = 0
  const stories = [chatStory, inputStory, investigationStory, lineageStory, personStory, taskStory, troubledStory]
  for (const { commits } of stories.map((story) => story('PERSONAL'))) {
    for (const event of commits.flat()) {
      const sealed = sealedOf(event)
      assert.equal(back(sealed), event, event.type)
      assert.equal(sealedOf(sealed), sealed, event.type)
      assert.is(sealed.type, event.type)
      assert.not.match(JSON.stringify(sealed), /"kind":"user","id":"(?!sealed:1:)/, event.type)
      if (holdsSealed(sealed)) sealedOnes++
    }
  }
  assert.ok(sealedOnes > 5, String(sealedOnes))
})

test('sealed words are found wherever they stand, and all else is left as the very same', () => {
  const value = { a: [`by ${word('x')} and ${word('y')}`], b: { c: 1, d: null } }
  assert.equal([...personsIn(value)], [person])
  assert.equal(back(value), { a: ['by x and y'], b: { c: 1, d: null } })
  const plain = { a: ['sealed: no'], b: true }
  assert.is(mapSealed(plain, open), plain)
})

test.run()
