// The references to blobs that events hold, and what only looks like one.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { blobsIn } from '../../schemas/blobs-in.ts'

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

test.run()
