// A projection that paused says so to whoever asks over HTTP, and is resumed or rebuilt there.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { checkpoint } from '../../projections/checkpoints.ts'
import { startProjections } from '../../projections/projection-set.ts'
import { startHttpWorld } from '../gateways/http-world.ts'
import { createArrayLog } from '../support/array-log.ts'
import { eventually } from '../support/eventually.ts'
import { createHistory, sessionStream, startedOnly, subjectOf } from '../support/histories.ts'
import { startReadSide } from '../support/read-side.ts'
import { applied, fussy, tally } from './probes.ts'

const [world, readSide] = await Promise.all([startHttpWorld(), startReadSide()])
const broken = fussy()
broken.failure = { sequence: 5, error: new Error('out of order') }
const projections = [broken, tally()]
const history = createHistory()
const ids = ['ses_0001', 'ses_0002', 'ses_0003', 'ses_0004', 'ses_0005', 'ses_0006', 'ses_0007']
for (const id of ids) history.commit(sessionStream(id), startedOnly(id, id))
const database = await readSide.database(projections)
const set = await startProjections({ database, reader: createArrayLog(history.entries), run: true, projections })
const { url } = await world.serve({}, { projections: set })
test.after(async () => {
  await set.stop()
  await Promise.all([world.stop(), readSide.stop()])
})

const listed = z.object({ items: z.array(checkpoint.extend({ head: z.int(), lag: z.int() })) })

const shown = async (name: string) => {
  const response = await fetch(`${url}/v1/projections`)
  assert.is(response.status, 200)
  return listed.parse(await response.json()).items.find((each) => each.name === name)
}

const until = (name: string, state: string) =>
  eventually(async () => {
    const found = await shown(name)
    return found?.state === state && found
  })

const post = async (path: string): Promise<unknown> => {
  const response = await fetch(`${url}/v1/projections/${path}`, { method: 'POST' })
  assert.is(response.status, 202)
  return response.json()
}

test('the paused one shows where and why, the others go on', async () => {
  const paused = await until('fussy', 'paused')
  assert.equal([paused.position, paused.head, paused.lag], [4, 7, 3])
  const { at, ...failure } = paused.failure ?? { at: '' }
  assert.ok(Date.parse(at) > 0)
  assert.equal(failure, {
    sequence: 5,
    subject: subjectOf(sessionStream('ses_0005')),
    eventId: 'cmd-5.0',
    code: 'apply_failed',
    message: 'out of order',
  })
  await set.waitFor('tally', 7, 60_000)
  const fine = await until('tally', 'live')
  assert.equal([fine.position, fine.lag, fine.failure], [7, 0, null])
})

test('resumed before it is mended it pauses again; mended, it goes on and the failure is gone', async () => {
  const before = (await until('fussy', 'paused')).failure?.at ?? ''
  assert.equal(await post('fussy/resume'), { name: 'fussy', resumed: true })
  await eventually(async () => ((await shown('fussy'))?.failure?.at ?? '') > before)
  broken.failure = null
  assert.equal(await post('fussy/resume'), { name: 'fussy', resumed: true })
  await set.waitFor('fussy', 7, 60_000)
  const found = await until('fussy', 'live')
  assert.equal([found.position, found.lag, found.failure], [7, 0, null])
  assert.equal(await applied(database, 'fussy'), [1, 2, 3, 4, 5, 6, 7])
})

test('rebuilt over HTTP it is filled again, once', async () => {
  assert.equal(await post('fussy/rebuild'), { name: 'fussy', rebuilding: true, generation: 2 })
  await eventually(async () => (await shown('fussy'))?.generation === 2)
  assert.equal(await applied(database, 'fussy'), [1, 2, 3, 4, 5, 6, 7])
})

test.run()
