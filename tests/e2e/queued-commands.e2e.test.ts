// A command published while Casebook is dead is done once it lives again; whoever follows by WebSocket is told goodbye.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { jetstream } from '@nats-io/jetstream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { commandSubject } from '../../infra/jetstream/subjects.ts'
import { endOf } from '../support/ask-casebook.ts'
import { type CasebookProcess, startCasebook } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { quiet, startNats, startPostgres, temporaryFolder } from '../support/servers.ts'

const folder = temporaryFolder()
const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
const environment = {
  NATS_URL: nats.url,
  DATABASE_URL: postgres.url,
  CASEBOOK_DATA_DIR: join(folder, 'data'),
}
test.after(async () => {
  await Promise.all([nats.stop(), postgres.stop()])
  rmSync(folder, { recursive: true, force: true })
})

test('what is published to a killed Casebook is carried out by the next, once', async () => {
  const first = await startCasebook(environment)
  await first.kill()
  const connection = await connectNats(nats.url, 'test', quiet)
  let second: CasebookProcess | null = null
  try {
    const body = JSON.stringify({ sessionId: 'ses_PUBLISHED', title: 'Nobody was there', input: { text: 'x' } })
    const to = commandSubject('default', 'StartSession')
    const client = jetstream(connection)
    const acks = [await client.publish(to, body, { msgID: 'p-1' }), await client.publish(to, body, { msgID: 'p-1' })]
    assert.equal(
      acks.map(({ duplicate }) => duplicate),
      [false, true],
    )

    second = await startCasebook(environment)
    assert.is((await endOf(second.url, 'ses_PUBLISHED')).status, 'completed')

    const socket = new WebSocket(`${second.url.replace('http', 'ws')}/v1/sessions/ses_PUBLISHED/stream?after=0`)
    const types: string[] = []
    let code = 0
    socket.addEventListener('message', ({ data }) => {
      for (const [, type = ''] of String(data).matchAll(/"type":"casebook\.(session\.\w+)\.v/g)) types.push(type)
    })
    socket.addEventListener('close', (event) => {
      code = event.code
    })
    await eventually(() => types.includes('session.ended'), { withinMs: 60_000, describe: 'the end is told' })
    assert.is(types.filter((type) => type === 'session.started').length, 1)
    assert.is(await second.stop(), 0, second.output())
    await eventually(() => code === 1001, { withinMs: 60_000, describe: 'the socket is closed with 1001' })
  } finally {
    await connection.close()
    await second?.kill()
  }
})

test.run()
