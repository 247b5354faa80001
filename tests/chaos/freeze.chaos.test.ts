// SIGSTOP of a process in the middle of its work, for longer than work is kept for it: another goes on, and it finds itself fenced.
import { setTimeout as delay } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { long, startChaosWorld } from '../support/chaos-world.ts'
import { eventually } from '../support/eventually.ts'
import { freeze } from '../support/freeze.ts'
import { descendantsOf } from '../support/processes-of.ts'

const world = await startChaosWorld({ latencyMs: 1_000 })
/** What stands still does not end when it is told to: a test that failed may have left some. */
const halted = new Set<number>()
const halt = async (pid: number): Promise<void> => {
  halted.add(pid)
  await freeze(pid)
}
const thaw = (pid: number): void => {
  try {
    process.kill(pid, 'SIGCONT')
  } catch {
    // It, or whoever watches over it, has ended it meanwhile.
  }
}
test.after(async () => {
  halted.forEach(thaw)
  await world.stop()
})

/** Work is kept four seconds for a process that is silent. */
const forMs = long ? 30_000 : 6_000

test('a frozen process loses its work to another, and what it does when it wakes changes nothing', async () => {
  const frozen = await world.start()
  await Promise.all([1, 2, 3, 4, 5, 6].map((nth) => world.open(`Before ${nth}`)))
  // Both are asked by the model's queue; half of the turns are open in the one that stops here.
  await halt(frozen.pid)
  const during = await Promise.all([1, 2].map((nth) => world.open(`Meanwhile ${nth}`)))
  await delay(forMs)
  for (const id of during) {
    // The frozen one may hold a batch of theirs, for as long as the server lets it.
    await eventually(async () => (await world.ask('GET', `/v1/sessions/${id}`)).status === 200)
  }
  thaw(frozen.pid)
  await world.sound()
  // What it held when it stopped is broken; it finds that out, and asks anew.
  const { ok } = await eventually(async () => {
    const answer = await fetch(`${frozen.url}/v1/audit/verify`)
    return answer.ok && z.object({ ok: z.boolean() }).parse(await answer.json())
  })
  assert.ok(ok, 'the one that was frozen says so, too')
  assert.is(await frozen.stop(), 0, frozen.output().slice(-2_000))
})

test('a process frozen while it holds a batch open lets go of it in seconds, and the other one counts on', async () => {
  const frozen = await world.start({ CASEBOOK_ROLES: 'projections' })
  const { database } = world
  const opening = [1, 2, 3, 4].map((nth) => world.open(`Held ${nth}`))
  // Stopped until it stands between BEGIN and COMMIT with the checkpoint's row in its hand.
  const holding = async (): Promise<boolean> => {
    const rows = await database.query(
      `SELECT 1 FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE state = 'idle in transaction' AND relation = 'casebook.projection'::regclass AND mode = 'RowExclusiveLock'`,
    )
    return rows.length > 0
  }
  let held = false
  for (let tries = 0; tries < 200 && !held; tries++) {
    await halt(frozen.pid)
    await halt(world.casebook().pid)
    held = await holding().finally(() => thaw(world.casebook().pid))
    // What is open now, when the other goes on and what it holds is done, is of the frozen one.
    if (held) {
      await delay(500)
      held = await holding()
    }
    if (!held) {
      thaw(frozen.pid)
      await delay(10)
    }
  }
  await Promise.all(opening)
  try {
    await eventually(async () => (await world.readModels()).every(({ lag }) => lag === 0), {
      withinMs: 60_000,
      everyMs: 250,
      describe: 'the other one counts on',
    })
  } finally {
    thaw(frozen.pid)
  }
  await world.sound(['sessions', 'costs'])
})

for (const [name, server] of [
  ['nats-server', world.nats],
  ['Postgres', world.postgres],
] as const) {
  test(`${name} frozen under sessions: they wait, and end as they would have`, async () => {
    await Promise.all([1, 2, 3, 4].map((nth) => world.open(`${name} is there ${nth}`)))
    const pid = server.pid() ?? 0
    // PostgreSQL's first process begins the others, so it stands still before they do.
    await halt(pid)
    const stopped = [pid, ...descendantsOf(pid)]
    // One that ends just now needs no stop.
    for (const child of stopped.slice(1)) await halt(child).catch(() => undefined)
    const late = [5, 6].map((nth) => world.open(`${name} is silent ${nth}`))
    await delay(forMs)
    stopped.forEach(thaw)
    await Promise.all(late)
    await world.sound(['sessions', 'timeline'])
  })
}

test.run()
