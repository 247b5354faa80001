// SIGKILL of Casebook, nats-server and Postgres in turn, in the middle of appends, batches, a rebuild and its switch.

import { Client } from 'pg'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { long, startChaosWorld } from '../support/chaos-world.ts'
import { eventually } from '../support/eventually.ts'

const world = await startChaosWorld()
test.after(() => world.stop())

const victims = {
  Casebook: () => world.restart(),
  'nats-server': () => world.nats.restart(),
  Postgres: () => world.postgres.restart(),
} as const

const rounds = long ? 5 : 1
for (const [name, kill] of Object.entries(victims)) {
  test(`${name} killed under sessions and a rebuild`, async () => {
    for (let round = 0; round < rounds; round++) {
      // Opened one after another, so that appends and batches of every kind are under way when it dies.
      const opening = Promise.all([1, 2, 3, 4].map((nth) => world.open(`${name} ${round}.${nth}`)))
      await opening
      const late = [5, 6, 7, 8].map((nth) => world.open(`${name} ${round}.${nth}`))
      await Promise.all(['timeline', 'audit'].map((each) => world.build(each, 'rebuild')))
      await kill()
      await Promise.all(late)
      await eventually(async () => (await world.readModels()).every(({ builds }) => builds.length === 0), {
        withinMs: 90_000,
      })
    }
  })

  test(`${name} killed in the middle of a switch: the rows of one generation serve, then those of the next`, async () => {
    const before = (await world.readModels()).find((each) => each.name === 'timeline')
    const reader = new Client({ connectionString: world.postgres.url })
    reader.on('error', () => undefined)
    await reader.connect()
    // Whoever reads the view keeps the switch waiting for it, over and over.
    await reader.query('BEGIN; SELECT 1 FROM timeline_live.timeline')
    const generation = await world.build('timeline', 'rebuild')
    await eventually(
      async () => {
        const rows = await world.database.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%VIEW timeline_live%'`,
        )
        return rows.length > 0
      },
      { withinMs: 60_000, everyMs: 5, describe: 'the switch waits for the view' },
    )
    await kill()
    await reader.end().catch(() => undefined)
    await eventually(
      async () => {
        const now = (await world.readModels()).find((each) => each.name === 'timeline')
        return now?.generation === generation && now.builds.length === 0
      },
      { withinMs: 90_000, everyMs: 100, describe: 'the rebuild ends' },
    )
    assert.is.not(before?.generation, generation)
  })
}

test('afterwards every session has ended as it would have, and log, copy and read models agree', () => world.sound())

test.run()
