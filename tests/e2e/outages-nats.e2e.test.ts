// NATS away under the real process: refused, frozen, swallowed by the network, killed. Requests are told, work waits and goes on.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { startOutageWorld, troubles } from '../support/outage-world.ts'

const test = suite('NATS away')
const world = await startOutageWorld()
const { log, nats } = world
const away = { log: true, database: false }
/** Longer than a connection lives that nothing comes from. */
const silentMs = 20_000

const signalNats = (signal: 'SIGSTOP' | 'SIGCONT'): void => {
  const pid = nats.pid()
  if (pid !== null) process.kill(pid, signal)
}

/** One line when it is lost, one when it is back, and what each part has to say of it at most once. */
const saidOnce = (written: () => readonly string[]): void => {
  const lines = written()
  const said = (text: string): number => lines.filter((line) => line.includes(text)).length
  assert.equal([said('NATS is away'), said('NATS is back')], [1, 1], lines.join('\n'))
  assert.ok(troubles(lines).length <= 20, troubles(lines).join('\n'))
}

test('connections are refused for seconds', async () => {
  saidOnce(await world.through({ title: 'refused', begin: log.cut, end: log.heal, forMs: 8_000, away }))
})

test('the server is frozen for twenty seconds', async () => {
  const begin = () => signalNats('SIGSTOP')
  const end = () => signalNats('SIGCONT')
  saidOnce(await world.through({ title: 'frozen', begin, end, forMs: silentMs, away }))
})

test('the network swallows every answer for twenty seconds', async () => {
  const { dropAnswers: begin, heal: end } = log
  saidOnce(await world.through({ title: 'swallowed', begin, end, forMs: silentMs, away, crowd: 40 }))
})

test('the server is killed, and another one takes up its data', async () => {
  const begin = () => {
    log.cut()
    nats.kill()
  }
  saidOnce(await world.through({ title: 'killed', begin, end: log.heal, forMs: 8_000, away }))
})

test.after(async () => {
  assert.is(await world.stop(), 0, world.casebook.output().slice(-4000))
})

test.run()
