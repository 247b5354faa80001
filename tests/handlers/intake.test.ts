// The intake: queued alerts become sessions exactly once, and a message nobody can read stops none behind it.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createCommandBus } from '../../commands/command-bus.ts'
import type { EventLog } from '../../commands/event-log.ts'
import { LogUnavailable } from '../../commands/log-errors.ts'
import { alertIdOf } from '../../commands/new-id.ts'
import { readAlerts } from '../../gateways/alerts/read-alerts.ts'
import { startIntake } from '../../handlers/intake.ts'
import type { AlertQueue, QueuedAlert, ReadAlerts } from '../../handlers/ports/alert-queue.ts'
import type { Log } from '../../handlers/ports/log.ts'
import { createMemoryEventLog } from '../../infra/memory/memory-event-log.ts'
import { sessionId } from '../../schemas/ids.ts'
import { eventually } from '../support/eventually.ts'
import { org } from '../support/handler-world.ts'

interface Sent {
  readonly payload: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly queuedAt?: string
  readonly id?: string
  readonly deliveries?: number
}

const createQueue = () => {
  const waiting: QueuedAlert[] = []
  const settled: string[] = []
  let wake: () => void = () => undefined
  let sent = 0
  const send = ({ payload, headers = {}, queuedAt = '2026-01-01T00:00:00Z', id, deliveries = 1 }: Sent): string => {
    const name = id ?? `message-${++sent}`
    const settle = (how: string) => (): void => void settled.push(`${name} ${how}`)
    waiting.push({
      org,
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
      headers,
      queuedAt: new Date(queuedAt),
      id: name,
      deliveries,
      done: settle('done'),
      later: settle('later'),
      working: () => undefined,
      park: ({ code, message }) => Promise.resolve(settle(`parked: ${code}: ${message}`)()),
      parkEntry: ({ index, message }, code) => Promise.resolve(settle(`entry ${index} parked: ${code}: ${message}`)()),
    })
    wake()
    return name
  }
  const queue: AlertQueue = {
    async *deliveries(signal) {
      signal.addEventListener('abort', () => wake(), { once: true })
      while (!signal.aborted) {
        const message = waiting.shift()
        if (message !== undefined) yield message
        else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    },
  }
  return { queue, send, settled }
}

const createWorld = (
  through: (log: EventLog) => EventLog = (log) => log,
  changes: { readAlerts?: ReadAlerts } = {},
) => {
  const log = createMemoryEventLog()
  const bus = createCommandBus(through(log))
  const { queue, send, settled } = createQueue()
  const lines: string[] = []
  const note = (_: object, message: string): void => void lines.push(message)
  const logger: Log = { info: note, warn: note, error: note }
  const start = () => startIntake({ bus, queue, readAlerts, log: logger, ...changes })
  let running = start()
  const events = () => log.entries.flatMap(({ commit }) => commit.events)
  return {
    bus,
    send,
    settled,
    lines,
    events,
    types: () => events().map(({ type }) => type),
    /** Sends and waits until the message is settled. */
    deliver: async (message: Sent): Promise<string> => {
      const name = send(message)
      const before = settled.length
      await eventually(() => settled.length > before, { withinMs: 30_000, describe: `${name} is settled` })
      return settled.at(-1) ?? ''
    },
    /** Another process takes over. */
    restart: async (): Promise<void> => {
      await running.stop(0)
      running = start()
    },
    stop: () => running.stop(0),
  }
}

const alert = (name: string, changes: object = {}) => ({ title: name, fingerprint: name, severity: 'high', ...changes })

test('an alert opens a session with its origin, its payload and the correlation of its sender', async () => {
  const world = createWorld()
  assert.is(
    await world.deliver({ payload: alert('disk', { chain: 'thorough' }), headers: { 'correlation-id': 'from afar' } }),
    'message-1 done',
  )
  assert.equal(world.types(), ['alert.fired', 'session.started'])
  const [, started] = world.events()
  if (started?.type !== 'session.started') return assert.unreachable()
  assert.equal(started.data.origin, { kind: 'alert', alertId: alertIdOf(org, 'disk') })
  assert.is(started.data.chain, 'thorough')
  assert.match(started.data.input.text, '"fingerprint": "disk"')
  assert.is(started.data.alert?.payload, undefined, 'the payload stands in the input once')
  await world.stop()
})

test('a redelivered alert changes nothing', async () => {
  const world = createWorld()
  await world.deliver({ payload: alert('disk'), id: 'same' })
  await world.restart()
  await world.deliver({ payload: alert('disk'), id: 'same', deliveries: 2 })
  assert.equal(world.types(), ['alert.fired', 'session.started'])
  await world.stop()
})

test('a process that dies between alert and session leaves both to the next, whatever came in between', async () => {
  let failing = false
  const world = createWorld((log) => ({
    read: (stream, after) => log.read(stream, after),
    append: (stream, expected, draft) =>
      failing && stream.category === 'session'
        ? Promise.reject(new LogUnavailable('testing'))
        : log.append(stream, expected, draft),
  }))
  failing = true
  const first = { payload: alert('disk'), id: 'first', queuedAt: '2026-01-01T00:00:00Z' }
  assert.is(await world.deliver(first), 'first later')
  assert.equal(world.types(), ['alert.fired'])
  failing = false
  // Queued later, handled sooner: nothing of it may rub off on the ids of the first.
  await world.deliver({ payload: alert('cpu'), id: 'second', queuedAt: '2026-01-01T00:10:00Z' })
  assert.is(await world.deliver({ ...first, deliveries: 2 }), 'first done')
  assert.equal(world.types(), ['alert.fired', 'alert.fired', 'session.started', 'session.started'])
  const [fired] = world.events()
  if (fired?.type !== 'alert.fired') return assert.unreachable()
  assert.is((await world.bus.session(org, sessionId.parse(fired.data.sessionId))).status, 'queued')
  await world.stop()
})

test('a repeat joins the session, and so does the end of the alert', async () => {
  const world = createWorld()
  await world.deliver({ payload: alert('disk') })
  await world.deliver({ payload: alert('disk') })
  await world.deliver({ payload: alert('disk', { status: 'resolved' }) })
  assert.equal(world.types().slice(2), [
    'alert.repeated',
    'session.alert_noted',
    'alert.resolved',
    'session.alert_noted',
  ])
  await world.stop()
})

test('a message nobody can read is parked with the reason, and the next one is taken', async () => {
  const world = createWorld()
  for (const payload of ['not json', '[]', '"text"', '42', 'null', '{"nonsense":1}', '']) {
    assert.match(await world.deliver({ payload }), /parked: unreadable_alert: ./, payload)
  }
  assert.is(await world.deliver({ payload: alert('disk') }), 'message-8 done')
  assert.is(world.types().length, 2)
  await world.stop()
})

test('of several alerts the good are taken and the bad parked one by one', async () => {
  const world = createWorld()
  await world.deliver({ payload: [alert('disk'), { nonsense: 1 }, alert('cpu')] })
  await eventually(() => world.settled.includes('message-1 done'), { withinMs: 30_000 })
  assert.match(world.settled[0] ?? '', /entry 1 parked: unreadable_alert/)
  assert.is(world.types().filter((type) => type === 'session.started').length, 2)
  await world.stop()
})

test('while the log is away an alert is put off for ever; what fails for ever is parked', async () => {
  let error: Error = new LogUnavailable('testing')
  const world = createWorld((log) => ({ ...log, read: log.read, append: () => Promise.reject(error) }))
  assert.is(await world.deliver({ payload: alert('disk'), id: 'a', deliveries: 500 }), 'a later')
  error = new TypeError('undefined is not a function')
  assert.is(await world.deliver({ payload: alert('disk'), id: 'b', deliveries: 9 }), 'b later')
  assert.is(
    await world.deliver({ payload: alert('disk'), id: 'b', deliveries: 10 }),
    'b parked: unexpected: undefined is not a function',
  )
  await world.stop()
})

test('a header that is no correlation id does not turn the alert away', async () => {
  const world = createWorld()
  for (const [index, sent] of ['', 'x'.repeat(500)].entries()) {
    const message = { payload: alert(`disk ${index}`), headers: { 'correlation-id': sent, traceparent: 'nonsense' } }
    assert.match(await world.deliver(message), /done$/)
  }
  await world.stop()
})

test('a message that breaks the reader itself is parked with what it said', async () => {
  const world = createWorld((log) => log, {
    readAlerts: () => {
      throw new RangeError('Maximum call stack size exceeded')
    },
  })
  const settled = await world.deliver({ payload: alert('disk'), id: 'a' })
  assert.is(settled, 'a parked: unreadable_alert: Maximum call stack size exceeded')
  await world.stop()
})

test('stopping finishes what is under way', async () => {
  let finish: () => void = () => undefined
  let waiting = false
  const world = createWorld((log) => ({
    read: (stream, after) => log.read(stream, after),
    append: async (stream, expected, draft) => {
      if (stream.category === 'session') {
        waiting = true
        await new Promise<void>((resolve) => {
          finish = resolve
        })
      }
      return log.append(stream, expected, draft)
    },
  }))
  world.send({ payload: alert('disk') })
  await eventually(() => waiting, { withinMs: 30_000 })
  const stopped = world.stop()
  finish()
  await stopped
  assert.equal(world.settled, ['message-1 done'])
})

test.run()
