// Ten sessions of two orgs for two places, with the process killed in the middle: all end, and never more than two are at work.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { createJetStreamLogReader } from '../../infra/jetstream/jetstream-log-reader.ts'
import { readWholeLog } from '../../infra/whole-log.ts'
import { startCasebook } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { startHeldModel } from '../support/held-model.ts'
import { quiet, startNats, startPostgres, temporaryFolder } from '../support/servers.ts'

const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
const folder = temporaryFolder()
mkdirSync(join(folder, 'config'))
writeFileSync(join(folder, 'config', 'queue.yaml'), 'defaults:\n  queue: { max_sessions: 2, max_waiting: 20 }\n')
const model = await startHeldModel()
const environment = {
  OPENAI_BASE_URL: model.url,
  OPENAI_API_KEY: 'not-a-real-key',
  NATS_URL: nats.url,
  DATABASE_URL: postgres.url,
  CASEBOOK_DATA_DIR: join(folder, 'data'),
  CASEBOOK_CONFIG_DIR: join(folder, 'config'),
}
const connection = await connectNats(nats.url, 'test', quiet)
test.after(async () => {
  await connection.close()
  await model.close()
  await Promise.all([nats.stop(), postgres.stop()])
  rmSync(folder, { recursive: true, force: true })
})

const told = async () => {
  const running = new Set<string>()
  const course = { most: 0, admitted: 0, ended: 0 }
  for await (const { stream, events } of readWholeLog(await createJetStreamLogReader(connection, quiet))) {
    for (const { type } of events) {
      if (type === 'session.admitted') course.admitted++
      if (type === 'session.admitted') running.add(stream.id)
      if (type === 'session.ended' && running.delete(stream.id)) course.ended++
      course.most = Math.max(course.most, running.size)
    }
  }
  return course
}
const started = z.object({ id: z.string() })
const seen = z.object({
  status: z.string(),
  version: z.int(),
  queue: z.object({ position: z.int().nullable() }).nullable(),
})
const patient = { withinMs: 60_000 }
const listed = z.object({
  items: z.array(z.object({ queue: z.object({ position: z.int().nullable() }).nullable() })),
})

test('ten sessions for two places end, two at most at work at once, though the process is killed; a fork waits, too', async () => {
  let casebook = await startCasebook(environment)
  model.hold()
  for (let index = 0; index < 10; index++) {
    const response = await fetch(`${casebook.url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'casebook-org': index < 7 ? 'one' : 'two' },
      body: JSON.stringify({ title: `session ${index}` }),
    })
    assert.is(response.status, 201, await response.clone().text())
    started.parse(await response.json())
  }
  const positions = await eventually(
    async () => {
      const answer = await fetch(`${casebook.url}/v1/sessions`, { headers: { 'casebook-org': 'one' } })
      const found = listed.parse(await answer.json()).items.flatMap(({ queue }) => queue?.position ?? [])
      return found.length > 0 && found
    },
    { withinMs: 60_000 },
  )
  assert.ok(positions.every((position) => position >= 1 && position <= 10))
  await eventually(async () => (await told()).admitted === 2, patient)
  model.release()
  await eventually(async () => (await told()).ended >= 2, { withinMs: 60_000, everyMs: 50 })
  await casebook.kill()
  casebook = await startCasebook(environment)
  const course = await eventually(
    async () => {
      const now = await told()
      return now.ended === 10 && now
    },
    { withinMs: 90_000, everyMs: 200 },
  )
  assert.equal(course, { most: 2, admitted: 10, ended: 10 })

  const ask = async (path: string, body: object) => {
    const response = await fetch(`${casebook.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'casebook-org': 'one' },
      body: JSON.stringify(body),
    })
    assert.ok(response.ok, await response.clone().text())
    return z.object({ id: z.string() }).parse(await response.json()).id
  }
  const shown = async (id: string) => {
    const response = await fetch(`${casebook.url}/v1/sessions/${id}`, { headers: { 'casebook-org': 'one' } })
    return seen.parse(await response.json())
  }
  // Neither ends before it is paused.
  model.hold()
  const first = await ask('/v1/sessions', { title: 'has a place' })
  await ask(`/v1/sessions/${first}/pause`, {})
  const second = await ask('/v1/sessions', { title: 'has the other' })
  await ask(`/v1/sessions/${second}/pause`, {})
  const plan = await eventually(async () => {
    const both = await Promise.all([first, second].map(shown))
    return both.every(({ status }) => status === 'running') && both[0]?.version
  }, patient)
  const fork = await ask(`/v1/sessions/${first}/fork`, { at: plan })
  await eventually(async () => (await shown(fork)).queue?.position === 1, patient)
  await ask(`/v1/sessions/${second}/cancel`, {})
  model.release()
  await eventually(async () => (await shown(fork)).status === 'completed', patient)
  assert.is((await told()).most, 2)

  // Without its source a fork can never begin: it goes before that. Nor does any of these end before it is paused.
  model.hold()
  const third = await ask('/v1/sessions', { title: 'has the other now' })
  await ask(`/v1/sessions/${third}/pause`, {})
  await eventually(async () => (await shown(third)).status === 'running', patient)
  const orphan = await ask(`/v1/sessions/${first}/fork`, { at: plan })
  const itsFork = await ask(`/v1/sessions/${first}/fork`, { at: plan })
  await eventually(async () => (await shown(itsFork)).queue?.position === 2, patient)
  const fourth = await ask('/v1/sessions', { title: 'comes before them', priority: 'critical' })
  await ask(`/v1/sessions/${fourth}/pause`, {})
  await ask(`/v1/sessions/${first}/cancel`, {})
  await eventually(async () => (await shown(fourth)).status === 'running', patient)
  const response = await fetch(`${casebook.url}/v1/sessions/${first}`, {
    method: 'DELETE',
    headers: { 'content-type': 'application/json', 'casebook-org': 'one' },
    body: JSON.stringify({ reason: 'asked' }),
  })
  assert.is(response.status, 202, await response.text())
  for (const id of [orphan, itsFork]) {
    const gone = await eventually(async () => {
      const answer = await fetch(`${casebook.url}/v1/sessions/${id}`, { headers: { 'casebook-org': 'one' } })
      return answer.status === 410 && answer.text()
    }, patient)
    assert.ok(gone.includes(`by janitor: ${first}, whose history it shares, was erased.`), gone)
  }
  model.release()
  assert.is(await casebook.stop(), 0)
})

test.run()
