// Read your own writes: a wait ends when the read model has seen the commit, in whichever process, and never before.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ProjectionBehind, UnknownProjection } from '../../projections/projection-errors.ts'
import { type ProjectionSet, type ProjectionSetOptions, startProjections } from '../../projections/projection-set.ts'
import { createArrayLog } from '../support/array-log.ts'
import { createHistory, sessionStream, startedOnly } from '../support/histories.ts'
import { startReadSide } from '../support/read-side.ts'
import { applied, tally } from './probes.ts'

const readSide = await startReadSide()
const sets: ProjectionSet[] = []
const releases: (() => void)[] = []
test.after(async () => {
  // A batch that a failed test still holds up would never end.
  for (const release of releases) release()
  await Promise.all(sets.map((set) => set.stop()))
  await readSide.stop()
})

const start = async (options: ProjectionSetOptions): Promise<ProjectionSet> => {
  const set = await startProjections(options)
  sets.push(set)
  return set
}

const startWorld = async () => {
  const history = createHistory()
  const log = createArrayLog()
  const slow = tally()
  let gate = Promise.withResolvers<void>()
  gate.resolve()
  const gated = {
    ...slow,
    apply: async (...[sql, entries]: Parameters<typeof slow.apply>) => {
      await gate.promise
      await slow.apply(sql, entries)
    },
  }
  const database = await readSide.database([gated])
  const common = { reader: log, projections: [gated] }
  const release = (): void => gate.resolve()
  releases.push(release)
  return {
    database,
    /** Runs the projection. */
    runner: await start({ ...common, database, run: true }),
    /** Another process, which only reads. */
    reader: await start({ ...common, database: readSide.connect(database), run: false }),
    write: (): number => {
      const id = `ses_${String(history.entries.length + 1).padStart(4, '0')}`
      const entry = history.commit(sessionStream(id), startedOnly(id, id))
      log.push(entry)
      return entry.sequence
    },
    hold: (): void => {
      gate = Promise.withResolvers<void>()
    },
    release,
  }
}

const outcome = (promise: Promise<void>): Promise<unknown> => promise.catch((thrown: unknown) => thrown)

test('what has been seen is not waited for, and what is written is there when the wait ends', async () => {
  const { database, runner, reader, write } = await startWorld()
  assert.is(await outcome(runner.waitFor('tally', 0, 0)), undefined)
  for (let round = 0; round < 10; round++) {
    const sequence = write()
    const set = round % 2 === 0 ? runner : reader
    await set.waitFor('tally', sequence, 60_000)
    assert.is((await applied(database, 'tally')).at(-1), sequence)
  }
})

test('a wait lasts until the batch is committed, not until it is begun', async () => {
  const { database, runner, reader, write, hold, release } = await startWorld()
  hold()
  const sequence = write()
  for (const set of [runner, reader]) {
    const error = await outcome(set.waitFor('tally', sequence, 50))
    assert.instance(error, ProjectionBehind)
    assert.match(error instanceof Error ? error.message : '', /stands at 0 and has not reached 1 yet/)
    assert.is(error instanceof ProjectionBehind && error.retryable, true)
  }
  const waiting = [runner, reader].map((set) => set.waitFor('tally', sequence, 60_000))
  release()
  await Promise.all(waiting)
  assert.equal(await applied(database, 'tally'), [1])
})

test('while it is rebuilt nobody waits for what was seen before', async () => {
  const { database, runner, reader, write, hold, release } = await startWorld()
  const sequences = Array.from({ length: 30 }, write)
  await runner.waitFor('tally', 30, 60_000)
  hold()
  await runner.rebuild('tally')
  for (const set of [runner, reader]) assert.is(await outcome(set.waitFor('tally', 30, 0)), undefined)
  assert.equal(await applied(database, 'tally'), sequences)
  release()
})

test('many may wait for different sequences at once', async () => {
  const { runner, reader, write } = await startWorld()
  const waits = Array.from({ length: 40 }, (_, index) =>
    (index % 2 === 0 ? runner : reader).waitFor('tally', 1 + (index % 20), 60_000),
  )
  for (let count = 0; count < 20; count++) write()
  await Promise.all(waits)
})

test('a projection nobody has is refused by its name', async () => {
  const { runner, reader } = await startWorld()
  for (const set of [runner, reader]) {
    for (const ask of [() => set.waitFor('nope', 1, 10), () => set.rebuild('nope'), () => set.verify('nope')]) {
      const error = await Promise.resolve(ask()).catch((thrown: unknown) => thrown)
      assert.instance(error, UnknownProjection)
      assert.match(error instanceof Error ? error.message : '', /Projections: tally/)
    }
  }
})

test.run()
