// Tool calls: begun before they run, recorded after, and never run twice unless that is safe.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EventLog } from '../../commands/event-log.ts'
import { LogUnavailable } from '../../commands/log-errors.ts'
import type { BlobStore } from '../../handlers/ports/blob-store.ts'
import type { ToolBox } from '../../handlers/ports/tool-box.ts'
import { createToolExecutor } from '../../handlers/tool-executor.ts'
import { eventually } from '../support/eventually.ts'
import {
  answeredWith,
  createHandlerWorld,
  type HandlerWorld,
  type HandlerWorldOptions,
  hangs,
} from '../support/handler-world.ts'
import { call, session } from '../support/session-samples.ts'

const executorOf = (world: HandlerWorld, more: { worker?: string; blobs?: BlobStore } = {}) => {
  const { abortions, bus, toolBox, blobs, storeText, log: feed } = world
  return createToolExecutor({ abortions, bus, sessions: bus, toolBox, blobs, storeText, feed, worker: 'w1', ...more })
}

/** A session whose model has asked for these tools. */
const worldAsking = async (names: readonly string[], options?: HandlerWorldOptions) => {
  const world = createHandlerWorld(options)
  await world.startSession()
  await world.propose(1, ...names)
  return world
}

const until = (condition: () => unknown, describe: string) => eventually(condition, { withinMs: 30_000, describe })
const settledAt = (world: HandlerWorld, count: number) =>
  until(() => world.source.settled.length === count, `${count} deliveries are settled`)
const outcomes = (world: HandlerWorld) => world.dataOf('session.tool_call_recorded').map(({ outcome }) => outcome)
const textsOf = (world: HandlerWorld): string => JSON.stringify(world.dataOf('session.tool_call_recorded'))

test('a call is begun, run with its id as key, and recorded; then the next turn is asked for', async () => {
  const world = await worldAsking(['disk'])
  const running = world.start(executorOf(world))
  await settledAt(world, 1)
  assert.equal(
    world
      .events()
      .map(({ type }) => type.replace('session.', ''))
      .slice(-4),
    ['tool_call_requested', 'tool_call_begun', 'tool_call_recorded', 'turn_requested'],
  )
  assert.is(world.called[0]?.toolCallId, call(1, 1))
  assert.equal(world.called[0]?.offered?.effect, 'read_only')
  assert.is(world.dataOf('session.tool_call_begun')[0]?.['worker'], 'w1')
  await running.stop(0)
})

test('how far a call is goes to the live channel, a masked line each time, and not without end', async () => {
  const world = await worldAsking(['disk'])
  const toolBox: ToolBox = {
    ...world.toolBox,
    call: (request, signal, { onProgress } = {}) => {
      onProgress?.({ progress: 1, total: 3, message: 'reading\nwith password=hunter2hunter2' })
      onProgress?.({ progress: 2 })
      for (let more = 0; more < 5_000; more++) onProgress?.({ progress: 3, message: 'x'.repeat(10_000) })
      return world.toolBox.call(request, signal)
    },
  }
  const { abortions, bus, blobs, storeText, live, log: feed } = world
  const running = world.start(
    createToolExecutor({ abortions, bus, sessions: bus, toolBox, blobs, storeText, live, feed, worker: 'w1' }),
  )
  await settledAt(world, 1)
  const told = world.deltas.filter(({ kind }) => kind === 'tool_progress')
  const [first, second, third] = told
  assert.match(first?.text ?? '', /^1\/3 reading with password=.*MASKED.*\n$/)
  assert.is(first?.toolCallId, call(1, 1))
  assert.is(second?.text, '2\n')
  assert.is(second?.offset, first?.text.length)
  assert.ok((third?.text.length ?? 0) < 400)
  assert.is(told.length, 1_000)
  await running.stop(0)
})

test('a delivery that comes twice runs and records nothing twice', async () => {
  const world = await worldAsking(['disk', 'restart', 'set'], { twice: true })
  const running = world.start(executorOf(world))
  await settledAt(world, 2)
  assert.is(world.called.length, 3)
  assert.is(world.dataOf('session.tool_call_recorded').length, 3)
  await running.stop(0)
})

for (const [tool, effect] of [
  ['disk', 'read-only'],
  ['set', 'idempotent'],
] as const) {
  test(`a ${effect} call that somebody began and never finished is run again`, async () => {
    const world = await worldAsking([tool])
    await world.send('BeginToolCall', { sessionId: session, toolCallId: call(1, 1), attempt: 1, worker: 'dead' })
    const running = world.start(executorOf(world))
    await settledAt(world, 1)
    assert.equal(
      world.dataOf('session.tool_call_begun').map(({ attempt, worker }) => [attempt, worker]),
      [
        [1, 'dead'],
        [2, 'w1'],
      ],
    )
    assert.equal(outcomes(world), ['succeeded'])
    await running.stop(0)
  })
}

test('a call that may change something and was begun is not run again: its outcome is unknown', async () => {
  const world = await worldAsking(['restart'])
  await world.send('BeginToolCall', { sessionId: session, toolCallId: call(1, 1), attempt: 1, worker: 'dead' })
  const running = world.start(executorOf(world))
  await settledAt(world, 1)
  assert.is(world.called.length, 0)
  assert.equal(outcomes(world), ['outcome_unknown'])
  assert.match(textsOf(world), /Check the state it would have changed/)
  await running.stop(0)
})

test('of two processes only one runs a call; the other looks again and finds it done', async () => {
  const world = await worldAsking(['restart'], { redeliver: false })
  let finish: () => void = () => undefined
  world.scripts.tool = async () => {
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    return answeredWith('restarted')
  }
  const first = world.start(executorOf(world))
  await until(() => world.called.length === 1, 'the call is under way')
  finish()
  await settledAt(world, 1)
  await first.stop(0)
  const second = world.start(executorOf(world, { worker: 'w2' }))
  await settledAt(world, 2)
  assert.is(world.called.length, 1)
  assert.equal(outcomes(world), ['succeeded'])
  await second.stop(0)
})

test('each way a call can end is an outcome with words', async () => {
  const cases = [
    ['disk', { ...answeredWith('it broke'), isError: true }, 'tool_error', /it broke/],
    ['disk', answeredWith(''), 'succeeded', /the tool returned nothing/],
    ['restart', { kind: 'not_run', message: 'nobody there' }, 'failed', /The call did not run: nobody there/],
    ['disk', { kind: 'unknown', message: 'timed out' }, 'failed', /The call gave no answer: timed out/],
    ['restart', { kind: 'unknown', message: 'timed out' }, 'outcome_unknown', /timed out.*Outcome unknown/],
  ] as const
  for (const [tool, result, outcome, words] of cases) {
    const world = await worldAsking([tool])
    world.scripts.tool = () => Promise.resolve(result)
    const running = world.start(executorOf(world))
    await settledAt(world, 1)
    assert.equal(outcomes(world), [outcome])
    assert.match(textsOf(world), words)
    await running.stop(0)
  }
})

test('what a tool returns is masked, and what is no text is attached', async () => {
  const world = await worldAsking(['disk'])
  world.scripts.tool = () =>
    Promise.resolve({
      ...answeredWith('password=hunter2-hunter2'),
      attachments: [{ type: 'image', mediaType: 'image/png', bytes: new Uint8Array([1, 2, 3]) }],
    })
  const running = world.start(executorOf(world))
  await settledAt(world, 1)
  assert.not.match(textsOf(world), 'hunter2')
  const [recorded] = world.dataOf('session.tool_call_recorded')
  assert.match(JSON.stringify(recorded?.['attachments']), /"mediaType":"image\/png".*"bytes":3/)
  await running.stop(0)
})

test('one call that hangs keeps no other of its turn waiting', async () => {
  const world = await worldAsking(['disk', 'set'])
  let finish: () => void = () => undefined
  world.scripts.tool = async ({ tool }) => {
    if (tool === 'disk') {
      await new Promise<void>((resolve) => {
        finish = resolve
      })
    }
    return answeredWith(tool)
  }
  const running = world.start(executorOf(world))
  await until(() => outcomes(world).length === 1, 'the other is recorded')
  assert.not(world.source.settled.length)
  finish()
  await settledAt(world, 1)
  assert.is(world.dataOf('session.turn_requested').length, 2, 'the next turn waits for both')
  await running.stop(0)
})

test('a cancellation aborts the call at once, and its outcome is recorded as late', async () => {
  for (const [tool, outcome] of [
    ['disk', 'failed'],
    ['restart', 'outcome_unknown'],
  ] as const) {
    const world = await worldAsking([tool])
    world.scripts.tool = (_, signal) => hangs(signal)
    const running = world.start(executorOf(world))
    await until(() => world.called.length === 1, 'the call is under way')
    await world.send('CancelSession', { sessionId: session, reason: '' })
    await settledAt(world, 1)
    assert.equal(outcomes(world), [outcome])
    assert.is(world.dataOf('session.tool_call_recorded')[0]?.['late'], true)
    await running.stop(0)
  }
})

test('a process that stops records nothing of a call it did not finish: the next one decides', async () => {
  const world = await worldAsking(['restart'], { redeliver: false })
  world.scripts.tool = (_, signal) => hangs(signal)
  const running = world.start(executorOf(world))
  await until(() => world.called.length === 1, 'the call is under way')
  await running.stop(0)
  assert.equal(outcomes(world), [])
  const next = world.start(executorOf(world, { worker: 'w2' }))
  await settledAt(world, 2)
  assert.equal(outcomes(world), ['outcome_unknown'])
  assert.is(world.called.length, 1)
  await next.stop(0)
})

/** A log and a store that are away for the first `times` writes after the call has run. */
const awayAfterTheCall = (times: number) => {
  let left = 0
  const away = (): boolean => left-- > 0
  return {
    begin: () => {
      left = times
    },
    through: (log: EventLog): EventLog => ({
      read: (stream, after) => log.read(stream, after),
      append: (stream, expected, draft) =>
        away() ? Promise.reject(new LogUnavailable('testing')) : log.append(stream, expected, draft),
    }),
    store: (blobs: BlobStore): BlobStore => ({
      ...blobs,
      put: (bytes, mediaType) => (away() ? Promise.reject(new LogUnavailable('testing')) : blobs.put(bytes, mediaType)),
    }),
  }
}

test('a change that was made while the log is away is recorded as made, not as unknown', async () => {
  const outage = awayAfterTheCall(3)
  const world = await worldAsking(['restart'], { through: outage.through })
  world.scripts.tool = () => {
    outage.begin()
    return Promise.resolve({
      ...answeredWith('restarted'),
      attachments: [{ type: 'image', mediaType: 'image/png', bytes: new Uint8Array([1]) }],
    })
  }
  const running = world.start(executorOf(world, { blobs: outage.store(world.blobs) }))
  await settledAt(world, 1)
  assert.is(world.called.length, 1)
  assert.equal(outcomes(world), ['succeeded'])
  await running.stop(0)
})

test('a call nobody could carry out is recorded with the reason, so that the agent goes on', async () => {
  const world = await worldAsking(['disk', 'restart'])
  await world.send('BeginToolCall', { sessionId: session, toolCallId: call(1, 2), attempt: 1, worker: 'dead' })
  const executor = executorOf(world)
  await executor.giveUp?.(world.commitWith('session.tool_call_requested'), 'password=hunter2-hunter2 broke it')
  assert.equal(outcomes(world), ['failed', 'outcome_unknown'])
  assert.match(textsOf(world), /Casebook could not carry out this call/)
  assert.not.match(textsOf(world), 'hunter2')
  assert.is(world.dataOf('session.turn_requested').length, 2)
  await executor.giveUp?.(world.commitWith('session.tool_call_requested'), 'again')
  assert.is(outcomes(world).length, 2, 'told twice changes nothing')
})

test.run()
