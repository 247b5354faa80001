// What the log answers is lost after the write: whoever asked asks again, and what was written counts once.
import { jetstreamManager } from '@nats-io/jetstream'
import { test } from 'uvu'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { eventsStream } from '../../infra/jetstream/streams.ts'
import { long, startChaosWorld } from '../support/chaos-world.ts'
import { eventually } from '../support/eventually.ts'
import { quiet } from '../support/servers.ts'

const world = await startChaosWorld({ proxied: true, latencyMs: 300 })
const connection = await connectNats(world.nats.url, 'test', quiet)
const manager = await jetstreamManager(connection)
test.after(async () => {
  await connection.close()
  await world.stop()
})

const written = async (): Promise<number> => (await manager.streams.info(eventsStream)).state.last_seq

test('acknowledgements of writes are lost under sessions, again and again: each ends as it would have, and nothing is there twice', async () => {
  for (let round = 0; round < (long ? 10 : 3); round++) {
    const opening = [1, 2, 3].map((nth) => world.open(`Heard ${round}.${nth}`))
    await Promise.all(opening)
    const before = await written()
    world.proxy.dropAnswers()
    const unheard = world.open(`Unheard ${round}`)
    await eventually(async () => (await written()) > before, { withinMs: 60_000, describe: 'something was written' })
    world.proxy.heal()
    await unheard
  }
  await world.sound()
})

test.run()
