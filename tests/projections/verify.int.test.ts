// A verification finds every row that is not what the log says, at one position, while what serves moves on.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Verification } from '../../projections/generations.ts'
import { OtherVersionServes } from '../../projections/projection-errors.ts'
import type { ProjectionSet } from '../../projections/projection-set.ts'
import { createArrayLog } from '../support/array-log.ts'
import { eventually } from '../support/eventually.ts'
import { createHistory } from '../support/histories.ts'
import { startReadSide } from '../support/read-side.ts'
import { generationSchemas, held } from './generation-probes.ts'
import { commits, patient, rebuilt, running, statusOf } from './running.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

const verified = async (set: ProjectionSet, name: string): Promise<Verification> => {
  const generation = await set.verify(name)
  return eventually(async () => {
    const { verification } = await statusOf(set, name)
    return verification?.generation === generation && verification
  }, patient)
}

test('rows changed, removed and added by hand are found with table, key and columns; a rebuild mends them', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 30))
  const database = await readSide.database()
  await running({ database, reader: log }, async (set) => {
    const all = await set.status()
    for (const { name } of all) await set.waitFor(name, 30, 60_000)
    for (const { name } of all) assert.is((await verified(set, name)).ok, true, name)

    await database.query(`UPDATE sessions_live.sessions SET title = 'wrong', chain = 'wrong' WHERE id = 'ses_000007'`)
    await database.query(`DELETE FROM sessions_live.sessions WHERE id = 'ses_000009'`)
    await database.query(
      `INSERT INTO timeline_live.timeline SELECT org, session_id, sequence, 99, at, kind, title, text, data
       FROM timeline_live.timeline WHERE sequence = 3`,
    )
    const sessions = await verified(set, 'sessions')
    assert.equal([sessions.ok, sessions.position, sessions.rows, sessions.differences], [false, 30, 29, 2])
    assert.equal(
      sessions.first,
      [
        { table: 'sessions', kind: 'changed', key: { org: 'other', id: 'ses_000007' }, columns: ['chain', 'title'] },
        { table: 'sessions', kind: 'missing', key: { org: 'other', id: 'ses_000009' }, columns: [] },
      ].map((each) => ({ ...each })),
    )
    const timeline = await verified(set, 'timeline')
    assert.equal([timeline.differences, timeline.first[0]?.kind, timeline.first[0]?.key['index']], [1, 'surplus', 99])
    for (const name of ['sessions', 'timeline']) {
      await rebuilt(set, name)
      assert.is((await verified(set, name)).ok, true, name)
      await set.dropOld(name)
    }
    assert.ok((await generationSchemas(database)).every((schema) => /^(?:sessions|timeline)_/.test(schema)))
  })
})

test('while what serves moves on, all rows are compared at one position', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 50))
  const projection = held()
  const database = await readSide.database([projection])
  await running({ database, reader: log, projections: [projection], maxBatch: 5 }, async (set) => {
    await set.waitFor('held', 50, 60_000)
    let writing = true
    const writer = (async () => {
      while (writing) {
        log.push(...commits(history, 3))
        await set.waitFor('held', log.entries.length, 60_000)
      }
    })()
    // In each schema the column says which: all rows differ in it, and none is missing.
    const { rows, differences, position, first } = await verified(set, 'held').finally(() => {
      writing = false
      return writer
    })
    assert.equal([rows, differences], [position * 2, position * 2])
    assert.ok(first.length === 50 && first.every(({ kind, columns }) => kind === 'changed' && columns[0] === 'made'))
  })
})

test('a verification that its process did not finish is finished by the next, and its shadow dropped', async () => {
  const history = createHistory()
  const log = createArrayLog(commits(history, 40))
  const projection = held()
  const database = await readSide.database([projection])
  const options = { database, reader: log, projections: [projection], maxBatch: 10 }
  let generation = 0
  await running(options, async (set) => {
    await set.waitFor('held', 40, 60_000)
    projection.holdAfter = 15
    generation = await set.verify('held')
    await eventually(async () => (await statusOf(set, 'held')).builds[0]?.position === 10, patient)
    assert.equal(await generationSchemas(database), [`held_v1_g${generation}`])
  })
  await running(options, async (set) => {
    await eventually(async () => (await statusOf(set, 'held')).verification?.generation === generation, patient)
    assert.equal(await generationSchemas(database), [])
  })
})

test('what another version serves is not compared', async () => {
  const database = await readSide.database([held()])
  const newer = held('held', 2)
  await running({ database, reader: createArrayLog(), projections: [newer], buildsAtOnce: 0 }, async (set) => {
    assert.instance(await set.verify('held').catch((thrown: unknown) => thrown), OtherVersionServes)
  })
})

test.run()
