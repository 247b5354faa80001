// Several processes on one NATS and one Postgres: roles divide the work, and who dies is replaced by who lives.
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { endOf, startSession, statusOf } from '../support/ask-casebook.ts'
import { startCasebook } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { startHeldModel } from '../support/held-model.ts'
import { offeredAgainAfterMs } from '../support/offered-again.ts'
import { quiet, startNats, startPostgres, temporaryFolder } from '../support/servers.ts'

const test = suite('roles')
const folder = temporaryFolder()
const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
/** One for each worker, so that it is known who asks. */
const models = await Promise.all([startHeldModel(), startHeldModel()])
const withinMs = 60_000
const connection = await connectNats(nats.url, 'test', quiet)

const environment = {
  NATS_URL: nats.url,
  DATABASE_URL: postgres.url,
  // The same for all: with servers of their own elsewhere nothing is kept in it.
  CASEBOOK_DATA_DIR: join(folder, 'data'),
  OPENAI_API_KEY: 'not-a-real-key',
}

test('roles divide the work: one process answers, another works, and neither is enough alone', async () => {
  const [model] = models
  const door = await startCasebook({ ...environment, CASEBOOK_ROLES: 'http,projections', OPENAI_BASE_URL: model.url })
  let worker: Awaited<ReturnType<typeof startCasebook>> | null = null
  try {
    const before = model.asked()
    const id = await startSession(door.url, 'divided')
    // The read side is here, and nobody has begun to work.
    await eventually(async () => (await statusOf(`${door.url}/v1/sessions/${id}`)) === 200, { withinMs })
    assert.is(model.asked(), before)
    worker = await startCasebook({ ...environment, CASEBOOK_ROLES: 'handlers', OPENAI_BASE_URL: model.url })
    assert.is(worker.url, '', 'no door of its own')
    assert.match(worker.output(), /^casebook ready \(handlers\)$/m)
    assert.is((await endOf(door.url, id)).status, 'completed')
    assert.ok(model.asked() > before)
    assert.not.ok(existsSync(environment.CASEBOOK_DATA_DIR), 'nothing is kept on this machine')
  } finally {
    assert.is(await worker?.stop(), 0, worker?.output())
    assert.is(await door.stop(), 0, door.output())
  }
})

test('the step of a killed process is taken over by another, to which it is offered within 10 s', async () => {
  const door = await startCasebook({
    ...environment,
    CASEBOOK_ROLES: 'http,projections',
    OPENAI_BASE_URL: models[0].url,
  })
  const workers = await Promise.all(
    models.map(({ url }) => startCasebook({ ...environment, CASEBOOK_ROLES: 'handlers', OPENAI_BASE_URL: url })),
  )
  try {
    for (const model of models) model.hold()
    const before = models.map((model) => model.asked())
    const id = await startSession(door.url, 'taken over')
    const askedNow = (): number => models.findIndex((model, index) => model.asked() > (before[index] ?? 0))
    await eventually(() => askedNow() >= 0, { withinMs, describe: 'one of them asks its model' })
    const holder = askedNow()
    const other = models[1 - holder]
    assert.ok(other !== undefined)
    await workers[holder]?.kill()
    await eventually(() => other.asked() > (before[1 - holder] ?? 0), {
      withinMs,
      describe: 'the other one asks its model for the same step',
    })
    assert.ok((await offeredAgainAfterMs(connection)) <= 10_000)
    for (const model of models) model.release()
    const session = await endOf(door.url, id)
    assert.is(session.status, 'completed')
    assert.is(session.toolCalls.settled, 1)
    assert.is(await statusOf(`${door.url}/v1/audit/verify`), 200)
    assert.is(await workers[1 - holder]?.stop(), 0, workers[1 - holder]?.output())
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()))
    assert.is(await door.stop(), 0, door.output())
  }
})

test.after(async () => {
  await Promise.all(models.map((model) => model.close()))
  await connection.close()
  await Promise.all([nats.stop(), postgres.stop()])
  rmSync(folder, { recursive: true, force: true })
})

test.run()
