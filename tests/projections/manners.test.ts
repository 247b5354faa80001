// How fillings share a machine: freely while nobody reads, else one piece after the other, and never behind what has failed.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createManners, type Manners } from '../../projections/manners.ts'

/** Three pieces asked for at once. @returns how many of them were under way together, at most. */
const together = async ({ piece }: Manners): Promise<number> => {
  let [now, most] = [0, 0]
  const work = async (): Promise<void> => {
    most = Math.max(most, ++now)
    await new Promise((resolve) => setTimeout(resolve, 5))
    now--
  }
  await Promise.all([piece(work), piece(work), piece(work)])
  return most
}

test('while nobody reads, pieces are done as they come', async () => {
  const manners = createManners(async () => 0)
  assert.is(await together(manners), 3)
  assert.is(manners.watched(), false)
})

test('while somebody reads, one piece is done after the other', async () => {
  const manners = createManners(async () => 1)
  assert.is(await together(manners), 1)
  assert.is(manners.watched(), true)
})

test('the more is read, the longer the rest after a piece', async () => {
  for (const readers of [1, 3]) {
    const { piece } = createManners(async () => readers)
    const pieceMs = 15
    let ended = 0
    await piece(async () => {
      await new Promise((resolve) => setTimeout(resolve, pieceMs))
      ended = performance.now()
    })
    const rested = await piece(async () => performance.now() - ended)
    // Timers may ring a millisecond early.
    assert.ok(rested >= readers * (pieceMs - 1) - 1, `${readers}: ${rested}`)
  }
})

test('a piece that fails says so to who asked for it, and the next one is done', async () => {
  const { piece } = createManners(async () => 1)
  const fails = async (): Promise<void> => {
    throw new Error('not this one')
  }
  const [first, second] = await Promise.allSettled([piece(fails), piece(async () => 'done')])
  assert.equal([first.status, second], ['rejected', { status: 'fulfilled', value: 'done' }])
})

test('a pause ends after the piece that is under way', async () => {
  const { piece, pause } = createManners(async () => 1)
  const seen: string[] = []
  const written = piece(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    seen.push('written')
  })
  await Promise.all([written, pause().then(() => seen.push('paused'))])
  assert.equal(seen, ['written', 'paused'])
})

test('readers nobody can ask about are taken for none', async () => {
  const manners = createManners(async () => {
    throw new Error('no answer')
  })
  assert.is(await together(manners), 3)
})

test.run()
