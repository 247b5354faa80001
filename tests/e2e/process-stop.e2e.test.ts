// How the process ends: drained when asked to stop, without a trace when killed, and finished by the next one either way.
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { endOf, startSession, statusOf } from '../support/ask-casebook.ts'
import { type CasebookProcess, startCasebook } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { startHeldModel } from '../support/held-model.ts'
import { type Descendants, nobodyWorksIn, processesOf, watchDescendants } from '../support/processes-of.ts'
import { startNats, startPostgres, temporaryFolder } from '../support/servers.ts'

const test = suite('the end of the process')
const root = temporaryFolder()
const model = await startHeldModel()
const withinMs = 60_000

const environmentOf = (name: string) => ({
  CASEBOOK_DATA_DIR: join(root, name),
  OPENAI_BASE_URL: model.url,
  OPENAI_API_KEY: 'not-a-real-key',
})

/** A session whose model has been asked and does not answer. */
const inTheMiddle = async (casebook: CasebookProcess, title: string): Promise<string> => {
  model.hold()
  const before = model.asked()
  const id = await startSession(casebook.url, title)
  await eventually(() => model.asked() > before, { withinMs, describe: 'the model is asked' })
  return id
}

/** Servers, guardians and tool servers. */
const childrenOf = ({ pid }: CasebookProcess): Descendants => {
  const children = watchDescendants(pid)
  assert.ok(children.count >= 4, 'there are children to leave behind')
  return children
}

const completedBy = async (environment: Readonly<Record<string, string>>, id: string): Promise<void> => {
  const next = await startCasebook(environment)
  try {
    const session = await endOf(next.url, id)
    assert.is(session.status, 'completed', session.cause?.message)
    assert.is(session.finalAnalysis?.text, 'The conclusion.')
    assert.is(session.toolCalls.settled, 1)
  } finally {
    assert.is(await next.stop(), 0, next.output())
  }
}

test('SIGTERM lets the reply under way arrive, exits 0 without children, and the next start finishes the session', async () => {
  const environment = environmentOf('drained')
  const casebook = await startCasebook(environment)
  const id = await inTheMiddle(casebook, 'drained')
  const asked = model.asked()
  const children = childrenOf(casebook)
  const stopped = casebook.stop()
  await eventually(
    () =>
      statusOf(`${casebook.url}/health`).then(
        () => false,
        () => true,
      ),
    { withinMs },
  )
  model.release()
  assert.is(await stopped, 0, casebook.output())
  await children.gone()
  assert.not.ok(existsSync(join(environment.CASEBOOK_DATA_DIR, 'lock')))
  assert.not.match(casebook.output(), /"level":"error"/)
  await completedBy(environment, id)
  assert.is(model.asked(), asked + 2, 'the reply was kept: only the conclusion and the summary were asked for')
})

test('SIGTERM does not wait for ever for a model that is silent', async () => {
  const environment = environmentOf('silent')
  const casebook = await startCasebook(environment)
  const id = await inTheMiddle(casebook, 'silent')
  const children = childrenOf(casebook)
  assert.is(await casebook.stop(), 0, casebook.output())
  await children.gone()
  model.release()
  await completedBy(environment, id)
})

test('SIGKILL in the middle of a step leaves no process, and the next start finishes the session', async () => {
  const environment = environmentOf('killed')
  const casebook = await startCasebook(environment)
  const id = await inTheMiddle(casebook, 'killed')
  const children = childrenOf(casebook)
  await casebook.kill()
  await children.gone()
  await nobodyWorksIn(environment.CASEBOOK_DATA_DIR)
  model.release()
  await completedBy(environment, id)
})

test('servers killed under a session come back, and it ends as if nothing had happened', async () => {
  const environment = environmentOf('servers-killed')
  const casebook = await startCasebook(environment)
  try {
    const id = await inTheMiddle(casebook, 'servers killed')
    // A process that Postgres has just begun bears its name for a moment.
    const servers = await eventually(() => {
      const found = processesOf(environment.CASEBOOK_DATA_DIR).filter(
        ({ command }) => /(nats-server|postgres) -/.test(command) && !command.includes('casebook-guardian'),
      )
      return found.length === 2 && found
    })
    for (const { pid } of servers) process.kill(pid, 'SIGKILL')
    model.release()
    assert.is((await endOf(casebook.url, id)).status, 'completed')
    await eventually(async () => (await statusOf(`${casebook.url}/ready`)) === 200, { withinMs })
  } finally {
    assert.is(await casebook.stop(), 0, casebook.output())
  }
})

test('SIGTERM ends a process whose servers are gone', async () => {
  const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
  const environment = { ...environmentOf('alone'), NATS_URL: nats.url, DATABASE_URL: postgres.url }
  // Stopped either way: a start that fails leaves them to nobody.
  const casebook = await startCasebook(environment).finally(() => Promise.all([nats.stop(), postgres.stop()]))
  await eventually(() => casebook.output().includes('NATS is away'), { withinMs })
  assert.is(await casebook.stop(), 0, casebook.output())
})

test.after(async () => {
  await model.close()
  rmSync(root, { recursive: true, force: true })
})

test.run()
