// Sealing: any text comes back with its key and with no other, a repeat is the same bytes, and what was changed opens as forgotten.
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { forgotten, isSealed, mapSealed } from '../../domain/personal/sealed-text.ts'
import { keyBytes, open, seal } from '../../infra/personal/sealing.ts'

const key = randomBytes(keyBytes)
const person = `per_${randomBytes(16).toString('base64url')}`
const opened = (text: string, with_: Uint8Array | null = key, as = person): unknown =>
  mapSealed(text, (_, sealed) => open(with_, as, sealed))

test('any text comes back, also from within another one; the same at the same place is the same bytes', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string(), (text, place) => {
      const sealed = seal(key, person, text, place)
      assert.ok(isSealed(sealed))
      assert.is(opened(sealed), text)
      assert.is(opened(`by ${sealed}: ${sealed}.`), `by ${text}: ${text}.`)
      assert.is(seal(key, person, text, place), sealed)
      assert.is.not(seal(key, person, text, `${place}.`), sealed)
    }),
  )
})

test('without the key, with another, as another person or changed, it is forgotten', () => {
  const sealed = seal(key, person, 'who I am', 'by')
  assert.is(opened(sealed, null), forgotten)
  assert.is(opened(sealed, randomBytes(keyBytes)), forgotten)
  assert.is(opened(sealed, key, `per_${randomBytes(16).toString('base64url')}`), forgotten)
  assert.is(opened(`${sealed.slice(0, -2)}AA`), forgotten)
})

test.run()
