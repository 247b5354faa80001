// Tasks through their handlers: a run starts when it is due and opens one session, whoever dies in between.
import { mock } from 'node:test'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LogUnavailable } from '../../commands/log-errors.ts'
import { createTaskFollower } from '../../handlers/task-follower.ts'
import { createTaskStarter } from '../../handlers/task-starter.ts'
import { taskId } from '../../schemas/ids.ts'
import { eventually } from '../support/eventually.ts'
import { createHandlerWorld, type HandlerWorld, type HandlerWorldOptions } from '../support/handler-world.ts'

test.after.each(() => mock.timers.reset())

const task = taskId.parse('tsk_01TEST')
const until = (condition: () => unknown, describe: string) => eventually(condition, { withinMs: 30_000, describe })
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString()
const typesOf = (world: HandlerWorld): readonly string[] => world.events().map(({ type }) => type)

const worldWith = (options: HandlerWorldOptions = {}) => {
  const world = createHandlerWorld(options)
  const schedule = (at?: string) =>
    world.send('ScheduleTask', {
      taskId: task,
      title: 'Check the backups',
      input: { text: 'all of them' },
      chain: 'thorough',
      labels: { team: 'infra' },
      ...(at !== undefined && { at }),
    })
  const start = () => [
    world.start(createTaskStarter({ bus: world.bus, tasks: world.bus })),
    world.start(createTaskFollower({ bus: world.bus, sessions: world.bus })),
  ]
  return { world, schedule, start }
}

test('a task that is due opens a session with its words, and hears of its end', async () => {
  const { world, schedule, start } = worldWith()
  await schedule()
  const running = start()
  await until(() => typesOf(world).includes('session.started'), 'the session is opened')
  const [session] = world.dataOf('session.started')
  assert.equal(
    { ...session, sessionId: '' },
    {
      sessionId: '',
      title: 'Check the backups',
      input: { text: 'all of them' },
      origin: { kind: 'task', taskId: task, run: 1 },
      chain: 'thorough',
      labels: { team: 'infra' },
    },
  )
  await world.send('CancelSession', { sessionId: session?.['sessionId'] as never, reason: '' })
  await until(() => typesOf(world).includes('task.ended'), 'the task hears of it')
  assert.equal(world.dataOf('task.ended'), [{ run: 1, sessionId: session?.['sessionId'], status: 'cancelled' }])
  for (const each of running) await each.stop(0)
})

test('everything delivered twice, over a log that fails every other time: one session for each run', async () => {
  let appends = 0
  const { world, schedule, start } = worldWith({
    twice: true,
    through: (log) => ({
      ...log,
      append: async (...args) => {
        appends++
        if (appends % 2 === 1) throw new LogUnavailable('away')
        const outcome = await log.append(...args)
        // The answer is lost now and then.
        if (appends % 4 === 0) throw new LogUnavailable('away')
        return outcome
      },
    }),
  })
  await schedule()
  await world.send('RerunTask', { taskId: task })
  const running = start()
  await until(() => typesOf(world).filter((type) => type === 'session.started').length === 2, 'both are opened')
  // Two schedules and two starts, and each that succeeds at its first delivery once more.
  await until(() => world.source.settled.filter(({ how }) => how === 'done').length >= 4, 'all is settled')
  await until(() => running.every(({ inFlight }) => inFlight() === 0), 'nothing is under way')
  assert.is(typesOf(world).filter((type) => type === 'session.started').length, 2)
  assert.equal(
    world
      .dataOf('task.started')
      .map(({ run }) => run)
      .sort(),
    [1, 2],
  )
  for (const each of running) await each.stop(0)
})

test('a task of a later day waits at the server, for half of what is left at a time', async () => {
  const { world, schedule, start } = worldWith({ redeliver: false })
  await schedule(inMs(20 * 86_400_000))
  const running = start()
  await until(() => world.source.settled.length === 1, 'it is put off')
  const [first] = world.source.settled
  assert.ok(first?.how === 'later' && Math.abs(first.delayMs - 10 * 86_400_000) < 60_000)
  assert.equal(typesOf(world), ['task.scheduled'])
  for (const each of running) await each.stop(0)
})

test('a task cancelled before its time opens nothing', async () => {
  const { world, schedule, start } = worldWith({ redeliver: false })
  await schedule(inMs(3_600_000))
  const running = start()
  await until(() => world.source.settled.length === 1, 'it is put off')
  await world.send('CancelTask', { taskId: task, reason: '' })
  // Its time has come.
  mock.timers.enable({ apis: ['Date'], now: Date.parse(inMs(3_600_001)) })
  world.source.again('task-starter', 1)
  await until(() => world.source.settled.length === 2, 'it is settled')
  assert.is(world.source.settled[1]?.how, 'done')
  assert.equal(typesOf(world), ['task.scheduled', 'task.cancelled'])
  for (const each of running) await each.stop(0)
})

test.run()
