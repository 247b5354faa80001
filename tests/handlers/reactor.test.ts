// The runtime of every handler: what is settled, put off, given up and aborted, delivery by delivery.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CommitTooLarge, LogUnavailable } from '../../commands/log-errors.ts'
import { sessionOver, shuttingDown } from '../../handlers/abortions.ts'
import { done, later, type Reactor } from '../../handlers/reactor.ts'
import { sessionId } from '../../schemas/ids.ts'
import { eventually } from '../support/eventually.ts'
import { createHandlerWorld, type HandlerWorldOptions, hangs } from '../support/handler-world.ts'
import { session } from '../support/session-samples.ts'

const reactorOf = (react: Reactor['react'], more: Partial<Reactor> = {}): Reactor => ({
  name: 'tested',
  reactsTo: ['session.started'],
  concurrency: 4,
  react,
  ...more,
})

/** A world with one commit to react to: sequence 1. */
const worldWithOne = async (options?: HandlerWorldOptions) => {
  const world = createHandlerWorld(options)
  await world.startSession({}, false)
  return world
}

const until = (condition: () => unknown, describe: string) => eventually(condition, { withinMs: 30_000, describe })

test('a commit that holds what the handler wants is handed over once and settled', async () => {
  const world = await worldWithOne()
  const seen: number[] = []
  const running = world.start(
    reactorOf(async ({ sequence }) => {
      seen.push(sequence)
      return done
    }),
  )
  await until(() => world.source.settled.length === 1, 'it is settled')
  assert.equal(seen, [1], 'and the commit that adopts the plan is not')
  assert.equal(world.source.settled, [{ consumer: 'tested', sequence: 1, deliveries: 1, how: 'done' }])
  await running.stop(0)
})

test('what may pass is tried again with a growing wait, and never given up', async () => {
  const world = await worldWithOne()
  let tries = 0
  const running = world.start(
    reactorOf(() => (++tries <= 12 ? Promise.reject(new LogUnavailable('testing')) : Promise.resolve(done)), {
      giveUp: () => Promise.reject(new Error('nothing is given up')),
    }),
  )
  await until(() => world.source.settled.at(-1)?.how === 'done', 'it is done in the end')
  const waits = world.source.settled.flatMap((each) => (each.how === 'later' ? [each.delayMs] : []))
  assert.is(waits.length, 12)
  assert.equal(waits.slice(0, 3), [500, 1000, 2000])
  assert.is(Math.max(...waits), 30_000)
  assert.equal(
    world.lines.map(({ level }) => level),
    ['warn', 'info'],
    'told once when it begins, and once when it is over',
  )
  await running.stop(0)
})

test('what fails for ever is tried five times; then its session is told, and it is parked', async () => {
  const world = await worldWithOne()
  const told: string[] = []
  const running = world.start(
    reactorOf(() => Promise.reject(new CommitTooLarge('a stream', 9, 8)), {
      giveUp: (commit, reason) => {
        assert.is(world.source.settled.at(-1)?.how, 'later', 'told before it is parked')
        told.push(`${commit.sequence}: ${reason}`)
        return Promise.resolve()
      },
    }),
  )
  await until(() => world.source.settled.at(-1)?.how === 'parked', 'it is parked')
  assert.equal(told, ['1: A commit of 9 bytes for a stream is over the limit of 8. Send less at once.'])
  assert.equal(
    world.source.settled.map(({ how }) => how),
    ['later', 'later', 'later', 'later', 'parked'],
  )
  const last = world.source.settled.at(-1)
  assert.is(last?.how === 'parked' ? last.code : '', 'commit_too_large')
  assert.is(world.lines.filter(({ level }) => level === 'error').length, 1)
  await running.stop(0)
})

test('an error nobody foresaw is parked as such, and the next commit is handled', async () => {
  const world = await worldWithOne()
  const running = world.start(
    reactorOf(
      async ({ sequence }) => {
        if (sequence === 1) throw new TypeError('undefined is not a function')
        return done
      },
      { reactsTo: ['session.started', 'session.plan_adopted'] },
    ),
  )
  await until(() => world.source.settled.some(({ how }) => how === 'parked'), 'the first is parked')
  await until(() => world.source.settled.some(({ sequence, how }) => sequence === 2 && how === 'done'), 'the second')
  const parked = world.source.settled.find(({ how }) => how === 'parked')
  assert.is(parked?.how === 'parked' ? parked.code : '', 'unexpected')
  await running.stop(0)
})

test('a session that cannot be told now is told later, before anything is parked', async () => {
  const world = await worldWithOne()
  let told = 0
  const running = world.start(
    reactorOf(() => Promise.reject(new Error('always')), {
      giveUp: () => (++told < 3 ? Promise.reject(new LogUnavailable('telling')) : Promise.resolve()),
    }),
  )
  await until(() => world.source.settled.at(-1)?.how === 'parked', 'it is parked')
  assert.is(told, 3)
  await running.stop(0)
})

test('a session that can never be told does not keep the commit from being parked', async () => {
  const world = await worldWithOne()
  const running = world.start(
    reactorOf(() => Promise.reject(new Error('always')), { giveUp: () => Promise.reject(new Error('never')) }),
  )
  await until(() => world.source.settled.at(-1)?.how === 'parked', 'it is parked')
  assert.ok(world.lines.some(({ message }) => message === 'The session could not be told.'))
  await running.stop(0)
})

test('a commit that seems to end each process that tries it is given up without a try', async () => {
  const world = await worldWithOne()
  world.source.deliveredBefore('tested', 1, 100)
  const told: string[] = []
  const running = world.start(
    reactorOf(() => Promise.reject(new Error('it is tried')), {
      giveUp: (_, reason) => Promise.resolve(void told.push(reason)),
    }),
  )
  await until(() => world.source.settled.length === 1, 'it is settled')
  const [settled] = world.source.settled
  assert.is(settled?.how === 'parked' ? settled.code : '', 'too_many_deliveries')
  assert.match(told[0] ?? '', /^Tried 100 times/)
  await running.stop(0)
})

test('a commit that this process itself put off again and again is not taken for such a one', async () => {
  const world = await worldWithOne()
  let tries = 0
  const running = world.start(reactorOf(async () => (++tries <= 150 ? later(10) : done)))
  await until(() => world.source.settled.at(-1)?.how === 'done', 'it is done in the end')
  assert.is(tries, 151)
  await running.stop(0)
})

test('a commit delivered again while it is worked on is not worked on twice', async () => {
  const world = await worldWithOne({ redeliver: false })
  let entered = 0
  let finish: () => void = () => undefined
  const running = world.start(
    reactorOf(async () => {
      entered++
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      return done
    }),
    1_000,
  )
  await until(() => entered === 1, 'it is worked on')
  world.source.again('tested', 1)
  await until(() => world.source.settled.length === 1, 'the second delivery is put off')
  assert.equal(world.source.settled[0], {
    consumer: 'tested',
    sequence: 1,
    deliveries: 2,
    how: 'later',
    delayMs: 1_000,
  })
  finish()
  await until(() => world.source.settled.length === 2, 'the first is done')
  world.source.again('tested', 1)
  await until(() => entered === 2, 'afterwards it is taken again')
  finish()
  await running.stop(0)
})

test('while work goes on the server is told so, and no longer', async () => {
  const world = await worldWithOne()
  let finish: () => void = () => undefined
  const running = world.start(
    reactorOf(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      return done
    }),
    80,
  )
  await until(() => (world.source.beats.get(1) ?? 0) >= 3, 'it is told three times')
  finish()
  await until(() => world.source.settled.length === 1, 'it is settled')
  const beats = world.source.beats.get(1)
  await world.send('CancelSession', { sessionId: session, reason: '' })
  await running.stop(0)
  assert.is(world.source.beats.get(1), beats)
})

test('a connection that is closed ends neither the heartbeats nor the handler', async () => {
  const world = await worldWithOne()
  let finish: () => void = () => undefined
  const running = world.start(
    reactorOf(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      return done
    }),
    80,
  )
  await until(() => (world.source.beats.get(1) ?? 0) >= 1, 'it is told')
  world.source.breakConnection()
  await until(() => world.lines.some(({ message }) => message === 'A heartbeat was not sent.'), 'that is noted')
  finish()
  await until(() => world.lines.some(({ message }) => message === 'A delivery could not be settled.'), 'and that')
  assert.is(running.inFlight(), 0)
  await running.stop(0)
})

test('no more commits are worked on at once than the handler allows', async () => {
  const world = createHandlerWorld()
  const ids = Array.from({ length: 9 }, (_, index) => sessionId.parse(`${session}_${index}`))
  for (const id of ids) {
    await world.open(id)
  }
  let now = 0
  let most = 0
  const waiting: (() => void)[] = []
  const running = world.start(
    reactorOf(
      async () => {
        most = Math.max(most, ++now)
        await new Promise<void>((resolve) => waiting.push(resolve))
        now--
        return done
      },
      { concurrency: 3 },
    ),
  )
  for (let finished = 0; finished < 9; finished++) {
    await until(() => waiting.length > 0, 'one is under way')
    waiting.shift()?.()
  }
  await until(() => world.source.settled.length === 9, 'all are settled')
  assert.is(most, 3)
  await running.stop(0)
})

test('the end of a session aborts what is under way for it, and only that', async () => {
  const world = createHandlerWorld()
  const other = sessionId.parse(`${session}_other`)
  for (const id of [session, other]) {
    await world.open(id)
  }
  const reasons = new Map<string, unknown>()
  const running = world.start(
    reactorOf(async ({ stream }, signal) => {
      await hangs(signal).catch((error: unknown) => reasons.set(stream.id, error))
      return done
    }),
  )
  await until(() => running.inFlight() === 2, 'both are under way')
  await world.send('CancelSession', { sessionId: session, reason: '' })
  await until(() => reasons.size === 1, 'one is aborted')
  assert.is(reasons.get(session), sessionOver)
  await running.stop(0)
  assert.is(reasons.get(other), shuttingDown)
})

test('stopping waits for what is under way, takes nothing more, and gives back what is not finished in time', async () => {
  const world = await worldWithOne({ redeliver: false })
  let finish: () => void = () => undefined
  const patient = world.start(
    reactorOf(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      return done
    }),
  )
  await until(() => patient.inFlight() === 1, 'it is under way')
  const stopped = patient.stop(60_000)
  await world.open(sessionId.parse(`${session}_later`))
  finish()
  await stopped
  assert.equal(
    world.source.settled.map(({ sequence, how }) => [sequence, how]),
    [[1, 'done']],
  )

  const hasty = world.start(reactorOf((_, signal) => hangs(signal), { name: 'hasty' }))
  await until(() => hasty.inFlight() === 2, 'both are under way')
  await hasty.stop(0)
  const given = world.source.settled.filter(({ consumer }) => consumer === 'hasty')
  assert.equal(
    given.map((each) => (each.how === 'later' ? each.delayMs : each.how)),
    [0, 0],
  )
  assert.not(
    world.lines.some(({ message }) => message.includes('Trying')),
    'that is no failure',
  )
})

test.run()
