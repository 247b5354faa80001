// The references to blobs that events hold, and what only looks like one.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { blobsIn } from '../../schemas/blobs-in.ts'
import { blobsNamedIn } from '../../schemas/named-blobs.ts'

const hash = (letter: string): string => letter.repeat(64)

test('long texts and attachments are found wherever they lie, each once', () => {
  const text = { text: 'a…b', blob: { sha256: hash('a'), bytes: 3, mediaType: 'text/plain' } }
  const image = { type: 'image', mediaType: 'image/png', blob: hash('b'), bytes: 4 }
  assert.equal(
    blobsIn([{ result: text, again: [text], attachments: [image] }, null, 1, 'x', undefined])
      .map(({ sha256, bytes }) => [sha256, bytes])
      .sort(),
    [
      [hash('a'), 3],
      [hash('b'), 4],
    ],
  )
})

test('what is no reference is none', () => {
  assert.equal(blobsIn({ sha256: 'short', bytes: 1, mediaType: 'x', blob: { sha256: hash('z') } }), [])
  assert.equal(blobsIn('text'), [])
})

test('of a stored message they are found by where they stand, each once; what is no message names none', () => {
  const blob = { sha256: hash('a'), bytes: 3, mediaType: 'text/plain' }
  const data = { result: { text: 'a…b', blob }, original: blob, arguments: { blob: { ...blob, sha256: hash('c') } } }
  assert.equal(blobsNamedIn(JSON.stringify([{ data }, { data }])), [{ sha256: hash('a'), mediaType: 'text/plain' }])
  const attachments = [{ type: 'image', mediaType: 'image/png', blob: hash('b'), bytes: 4 }]
  assert.equal(blobsNamedIn(JSON.stringify([{ data: { attachments } }])), [
    { sha256: hash('b'), mediaType: 'image/png' },
  ])
  assert.equal(blobsNamedIn(`not json "sha256":"${hash('a')}"`), [])
  assert.equal(blobsNamedIn('[]'), [])
})

test.run()
