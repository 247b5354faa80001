// Postgres away under the real process, alone and together with NATS: commands go on, queries are told, read models catch up.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { projections } from '../../projections/catalogue.ts'
import { eventually } from '../support/eventually.ts'
import { startOutageWorld, troubles } from '../support/outage-world.ts'

const test = suite('Postgres away')
const world = await startOutageWorld()
const { log, database, postgres } = world
const away = { log: false, database: true }

const tellingOf = (lines: readonly string[], model: string): readonly string[] =>
  lines.filter((line) => line.includes(`Projection ${model} `))

/** Lines of all that follows into Postgres, the copies of long texts included: one that it waits, one that it goes on. */
const followers = 2 * (projections.length + 1)

/** Each read model that noticed says once that it waits, and once that it goes on. */
const saidOnce = async (written: () => readonly string[]): Promise<void> => {
  const models = new Set(written().flatMap((line) => /Projection (\S+) waits for Postgres/.exec(line)?.[1] ?? []))
  assert.ok(models.size > 0, written().join('\n'))
  await eventually(() => [...models].every((model) => tellingOf(written(), model).length > 1))
  for (const model of models) assert.is(tellingOf(written(), model).length, 2, tellingOf(written(), model).join('\n'))
  assert.ok(troubles(written()).length <= followers, troubles(written()).join('\n'))
}

test('connections are refused for seconds', async () => {
  await saidOnce(await world.through({ title: 'refused', begin: database.cut, end: database.heal, forMs: 8_000, away }))
})

test('the network swallows every answer for twenty seconds', async () => {
  const { dropAnswers: begin, heal: end } = database
  await saidOnce(await world.through({ title: 'swallowed', begin, end, forMs: 20_000, away }))
})

test('the server is killed, and another one takes up its data', async () => {
  const begin = () => {
    database.cut()
    postgres.kill()
  }
  await saidOnce(await world.through({ title: 'killed', begin, end: database.heal, forMs: 8_000, away }))
})

test('Postgres and NATS are away together for seconds', async () => {
  const begin = () => {
    log.cut()
    database.cut()
  }
  const end = () => {
    database.heal()
    log.heal()
  }
  const both = { log: true, database: true }
  const lines = (await world.through({ title: 'both', begin, end, forMs: 8_000, away: both }))()
  // And what NATS and the readers of the log have to say.
  assert.ok(troubles(lines).length <= followers + 12, troubles(lines).join('\n'))
})

test.after(async () => {
  assert.is(await world.stop(), 0, world.casebook.output().slice(-4000))
})

test.run()
