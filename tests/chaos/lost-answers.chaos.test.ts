// What the log answers is lost after the write: whoever asked asks again, and what was written counts once.
import { test } from 'uvu'
import { eventsStream } from '../../infra/jetstream/streams.ts'
import { long, startChaosWorld } from '../support/chaos-world.ts'
import { eventually } from '../support/eventually.ts'

const world = await startChaosWorld({ proxied: true, latencyMs: 300 })
test.after(() => world.stop())

test('acknowledgements of writes are lost under sessions, again and again: each ends as it would have, and nothing is there twice', async () => {
  for (let round = 0; round < (long ? 10 : 3); round++) {
    const before = world.asked()
    const opening = [1, 2, 3, 4].map((nth) => world.open(`Unheard ${round}.${nth}`))
    // What the model answers is written: by then nobody hears that it was.
    await eventually(() => world.asked() > before, { everyMs: 5, describe: 'the model is asked' })
    let lost = false
    world.proxy.dropAnswers((chunk) => {
      lost ||= chunk.includes(`{"stream":"${eventsStream}"`)
    })
    await eventually(() => lost, { describe: 'an acknowledgement is lost' })
    world.proxy.heal()
    await Promise.all(opening)
  }
  await world.sound()
})

test.run()
