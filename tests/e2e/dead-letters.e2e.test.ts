// Parked messages through the real process and its command line: warned of, shown, dropped with a reason, retried in time.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { jetstream } from '@nats-io/jetstream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { alertSubject, commandSubject } from '../../infra/jetstream/subjects.ts'
import { startCasebook, startCommand } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { quiet, startNats, startPostgres, temporaryFolder } from '../support/servers.ts'

const patient = { withinMs: 60_000 }
const folder = temporaryFolder()
const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
const casebook = await startCasebook({
  NATS_URL: nats.url,
  DATABASE_URL: postgres.url,
  CASEBOOK_DATA_DIR: join(folder, 'data'),
})
const connection = await connectNats(nats.url, 'test', quiet)
test.after(async () => {
  await connection.close()
  await casebook.kill()
  await Promise.all([nats.stop(), postgres.stop()])
  rmSync(folder, { recursive: true, force: true })
})

const run = async (...args: readonly string[]) => {
  const command = startCommand(args, { CASEBOOK_URL: casebook.url })
  const code = await command.exited
  return { code, said: command.output() }
}
const get = async (path: string): Promise<string> => (await fetch(`${casebook.url}${path}`)).text()
const letters = z.object({ items: z.array(z.looseObject({ id: z.string(), status: z.string() })) })
const listed = async (query: string) => letters.parse(JSON.parse(await get(`/v1/dead-letters?${query}`))).items
const health = z.object({ ready: z.boolean(), parts: z.record(z.string(), z.looseObject({ ok: z.boolean() })) })
const isWell = async () => health.parse(JSON.parse(await get('/health'))).parts['dead_letters']?.ok

test('what is parked is warned of everywhere until somebody has decided about it', async () => {
  await eventually(isWell, patient)
  assert.equal(await run('warnings'), { code: 0, said: 'Nothing to look at.\n' })
  const client = jetstream(connection)
  await client.publish(alertSubject('default'), 'no alert password=hunter2secret')
  const ask = JSON.stringify({ sessionId: 'ses_LATER', text: 'What was it?' })
  await client.publish(commandSubject('default', 'AskSession'), ask, { msgID: 'ask-later' })
  await eventually(async () => (await get('/metrics')).includes('casebook_dead_letters 2'), patient)
  assert.is(await isWell(), false)
  const isReady = async () => health.parse(JSON.parse(await get('/ready'))).ready
  await eventually(isReady, { ...patient, describe: 'requests are served all the same' })
  const warned = await run('warnings')
  assert.is(warned.code, 1)
  assert.match(warned.said, /dead_letters: 1 parked by intake/)
  assert.match(warned.said, /dead_letters: 1 parked by commands, the latest: session_not_found/)
  await eventually(() => /A message was parked \(rejected\)/.test(casebook.output()), patient)
})

test('the command line shows a letter, counts before it settles many, and drops with a reason', async () => {
  const [unread] = await listed('consumer=intake')
  const shown = await run('dead-letters', 'show', unread?.id ?? '')
  assert.match(shown.said, /from CASEBOOK_INTAKE \d+, casebook\.alerts\.default/)
  assert.match(shown.said, /unreadable_alert: /)
  assert.not.match(shown.said, 'hunter2secret')
  const counted = await run('dead-letters', 'drop', '--all', '--consumer', 'intake', '--reason', 'noise')
  assert.is(counted.code, 1)
  assert.match(counted.said, '1 open dead letters match')
  assert.match(
    (await run('dead-letters', 'drop', '--all', '--reason', 'noise', '--consumer', 'intake', '--yes')).said,
    'is dropped.',
  )
  assert.match((await run('dead-letters', 'show', unread?.id ?? '')).said, /dropped by local at .*: noise/)
  const refused = await run('dead-letters', 'retry', unread?.id ?? '')
  assert.is(refused.code, 1)
  assert.match(refused.said, 'dead_letter_settled')
})

test('a command that came too early is carried out when it is retried, once', async () => {
  const start = { sessionId: 'ses_LATER', title: 'Comes later', input: { text: 'x' }, labels: {} }
  await jetstream(connection).publish(commandSubject('default', 'StartSession'), JSON.stringify(start))
  // Of the session itself: its stages and agents have completed before it.
  const session = z.object({ status: z.string() })
  await eventually(
    async () => session.parse(JSON.parse(await get('/v1/sessions/ses_LATER'))).status === 'completed',
    patient,
  )
  const [early] = await listed('consumer=commands')
  assert.match((await run('dead-letters', 'retry', early?.id ?? '')).said, 'goes back to commands.')
  const again = await fetch(`${casebook.url}/v1/dead-letters/${early?.id}/retry`, { method: 'POST' })
  assert.is(again.status, 202)
  const asked = async () =>
    (await get('/v1/sessions/ses_LATER/events')).split('casebook.session.question_asked').length - 1
  await eventually(async () => (await asked()) > 0, patient)
  await eventually(isWell, patient)
  assert.is(await asked(), 1)
  assert.equal((await listed('status=all')).map((letter) => letter.status).toSorted(), ['dropped', 'retried'])
})

test.run()
