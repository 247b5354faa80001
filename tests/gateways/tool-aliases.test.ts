// Tool names under the rules of model providers: always allowed, never two for one.
import * as fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createToolAliases } from '../../gateways/llm/tool-aliases.ts'

const named = (...names: readonly string[]) => createToolAliases(names.map((name) => ({ name })))

test('an allowed name stays as it is, whatever the others are', () => {
  const aliases = named('files.read', 'files_read')
  assert.is(aliases.aliasOf('files_read'), 'files_read')
  assert.is(aliases.aliasOf('files.read'), 'files_read_2')
  assert.is(aliases.nameOf('files_read_2'), 'files.read')
})

test('long names that begin alike are told apart within 64 characters', () => {
  const long = 'k8s__'.padEnd(90, 'x')
  const aliases = named(`${long}1`, `${long}2`)
  assert.is.not(aliases.aliasOf(`${long}1`), aliases.aliasOf(`${long}2`))
  assert.is(aliases.nameOf(aliases.aliasOf(`${long}2`)), `${long}2`)
})

test('a name nobody offered comes back as the model wrote it', () => {
  assert.is(named('a__b').nameOf('made_up'), 'made_up')
})

test('every set of names has distinct, allowed and reversible aliases', () => {
  const name = fc.oneof(
    fc.string({ minLength: 1, maxLength: 90 }),
    fc.constantFrom('a.b', 'a_b', 'a-b', 'a b', 'a_b_2'),
  )
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 30 }), (names) => {
      const aliases = named(...names)
      const given = names.map(aliases.aliasOf)
      assert.is(new Set(given).size, names.length)
      for (const [index, alias] of given.entries()) {
        assert.match(alias, /^[a-zA-Z0-9_-]{1,64}$/)
        assert.is(aliases.nameOf(alias), names[index])
      }
    }),
  )
})

test.run()
