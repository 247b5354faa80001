// Secrets planted in everything that comes from outside show nowhere: not on the log, in a table, an answer, a stream or a log line.
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '@nats-io/transport-node'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { hostileTransport, says, startBadDays, storyOf } from '../support/bad-days-world.ts'
import { eventually } from '../support/eventually.ts'
import { found, readLogFiles, readStreams, readTables } from '../support/find-planted.ts'
import { cutting, refusing } from '../support/scripted-endpoint.ts'

const test = suite('planted secrets')

const random = (length: number): string => {
  const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'
  return [...randomBytes(length)].map((byte) => letters[byte % letters.length]).join('')
}
/** What must never show. Each is random, so that what is found was planted here. */
const secrets = {
  aws: `AKIA${random(16).toUpperCase()}`,
  password: `Pw${random(14)}9`,
  nested: `Ns${random(14)}9`,
  title: `Ti${random(14)}9`,
  input: `In${random(14)}9`,
  connection: `Cn${random(14)}9`,
  jwt: `eyJ${random(20)}.${random(30)}.${random(30)}`,
  kubernetes: Buffer.from(`k8s-${random(20)}`).toString('base64'),
  pem: random(64),
  github: `ghp_${random(36)}`,
  spoken: `sk-${random(40)}1`,
  thought: `xoxb-${random(40)}`,
  written: `Wr${random(14)}9`,
  partial: `Pt${random(14)}9`,
  echoed: `glpat-${random(24).replaceAll(/\d/g, 'x')}`,
  summary: `Sm${random(14)}9`,
  stderr: `Se${random(14)}9`,
  cancel: `Ca${random(14)}9`,
  label: `La${random(14)}9`,
  bus: `Bu${random(14)}9`,
  garbage: `Ga${random(14)}9`,
  url: `Ur${random(14)}9`,
}
const planted = Object.values(secrets)
const journal = `# journal marker-of-the-tool
Authorization: Bearer ${secrets.jwt}
token=${secrets.github}
-----BEGIN PRIVATE KEY-----
${secrets.pem}
-----END PRIVATE KEY-----
---
apiVersion: v1
kind: Secret
metadata:
  name: db
data:
  value: ${secrets.kubernetes}
`

const world = await startBadDays((url) => ({
  defaults: { model_attempts: 3, model_backoff_seconds: 0.05 },
  providers: { scripted: { base_url: url, api_key_env: 'OPENAI_API_KEY', model: 'some-model' } },
  mcp_servers: {
    hostile: { transport: hostileTransport },
    dying: {
      transport: {
        type: 'stdio',
        command: process.execPath,
        args: ['-e', `process.stderr.write('marker-of-the-stderr password=${secrets.stderr}'); process.exit(1)`],
      },
    },
  },
  agents: {
    worker: { provider: 'scripted', mcp_servers: ['hostile', 'dying'] },
    thinker: { provider: 'scripted' },
    summarizer: { provider: 'scripted', controller: 'single_shot' },
  },
  chains: {
    default: { alert_types: ['*'], stages: [{ name: 'working', agent: 'worker' }] },
    thinking: { stages: [{ name: 'thinking', agent: 'thinker' }] },
  },
}))
const environmentKey = world.environment.OPENAI_API_KEY
await world.start({ LOG_LEVEL: 'trace' })

const watcher = await connect({
  servers: world.nats.url.replace(/\/\/.*@/, '//'),
  token: new URL(world.nats.url).username,
})
/** The memory stream forgets; what passes is what counts. */
let live = ''
watcher.subscribe('casebook.live.>', {
  callback: (_, message) => {
    live += message.string()
  },
})
await watcher.flush()

const streamed: string[] = []
const listening = new AbortController()
const listen = async (path: string): Promise<void> => {
  const response = await fetch(world.url(path), { signal: listening.signal })
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) streamed.push(decoder.decode(chunk, { stream: true }))
}
const listeners = [listen('/v1/stream').catch(() => undefined)]

const sessionOfAlert = async (alertId: string): Promise<string> =>
  eventually(
    async () => {
      const response = await fetch(world.url(`/v1/alerts/${alertId}`))
      if (!response.ok) return false
      return z.object({ sessionId: z.string().nullable() }).parse(await response.json()).sessionId
    },
    { describe: `${alertId} has a session` },
  )

test('a whole bad day with secrets in every corner', async () => {
  writeFileSync(join(world.folder, 'journal'), journal)
  world.script({
    title: 'Leaking disk',
    script: ({ number, request }) => {
      if (number === 1) return refusing(500, `marker-of-the-error upstream said ${secrets.echoed}`)
      if (number === 2) return cutting(request, { text: `marker-of-the-part password: ${secrets.partial} and more` }, 7)
      if (number === 3) {
        return {
          thinking: `marker-of-the-thought ${secrets.thought} is odd`,
          text: `marker-of-the-reply I will look with ${secrets.spoken} at it`,
          toolCalls: [
            { name: 'hostile__read_lines', arguments: JSON.stringify({ path: join(world.folder, 'journal') }) },
            {
              name: 'hostile__append_line',
              arguments: JSON.stringify({
                path: join(world.folder, 'appended'),
                line: `marker-of-the-arguments --password ${secrets.written}`,
              }),
            },
          ],
        }
      }
      return says(`marker-of-the-conclusion The key ${secrets.spoken} leaked, and ${environmentKey} too.`)
    },
    summary: () => says(`marker-of-the-summary password=${secrets.summary}`),
  })
  const response = await world.post('/v1/webhooks/alertmanager', {
    version: '4',
    groupKey: 'g',
    status: 'firing',
    receiver: 'casebook',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: `http://admin:${secrets.url}@alertmanager`,
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'Leaking disk', severity: 'critical', aws_key: secrets.aws },
        annotations: {
          summary: 'Leaking disk',
          description: `marker-of-the-alert connect with postgres://app:${secrets.connection}@db/app, password: ${secrets.password}`,
        },
        startsAt: '2026-01-01T00:00:00Z',
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: '',
        fingerprint: 'leaking',
        extra: { config: { db_password: secrets.nested } },
      },
    ],
  })
  const body = await response.text()
  assert.is(response.status, 202, body)
  streamed.push(body)
  const answer = z.object({ results: z.array(z.object({ alertId: z.string() })) }).parse(JSON.parse(body))
  const id = await sessionOfAlert(answer.results[0]?.alertId ?? '')
  listeners.push(listen(`/v1/sessions/${id}/stream`).catch(() => undefined))
  const history = await world.ended(id)
  assert.is(history.session.status, 'completed', storyOf(history))
  assert.equal(
    history.toolCalls.map(({ name, status }) => [name, status]),
    [
      ['hostile__read_lines', 'succeeded'],
      ['hostile__append_line', 'succeeded'],
    ],
  )
})

test('a refused key that the endpoint echoes, a direct start and a cancellation with secrets', async () => {
  world.script({
    title: 'marker-of-the-title password=__MASKED_PASSWORD__',
    script: () => refusing(401, `Incorrect API key provided: ${environmentKey}.`),
  })
  const first = await world.post('/v1/sessions', {
    title: `marker-of-the-title password=${secrets.title}`,
    chain: 'thinking',
    input: `marker-of-the-input {"password": "${secrets.input}", "token": "${secrets.github}"}`,
  })
  assert.is(first.status, 201)
  const refused = await world.ended(z.object({ id: z.string() }).parse(await first.json()).id)
  assert.is(refused.session.cause?.code, 'model_auth')

  world.script({ title: 'To be cancelled', script: () => ({ kind: 'hang' }) })
  const started = await world.post('/v1/sessions', {
    title: 'To be cancelled',
    input: 'x',
    chain: 'thinking',
    labels: { password: secrets.label, team: 'marker-of-the-labels' },
  })
  const text = await started.text()
  assert.is(started.status, 201, text)
  const { id } = z.object({ id: z.string() }).parse(JSON.parse(text))
  await eventually(() => world.asked('To be cancelled') === 1)
  const cancelled = await world.post(`/v1/sessions/${id}/cancel`, {
    reason: `marker-of-the-reason password=${secrets.cancel}`,
  })
  assert.is(cancelled.status, 202, await cancelled.text())
  assert.is((await world.ended(id)).session.status, 'cancelled')
})

test('alerts on the bus, readable and not', async () => {
  world.script({ title: 'From the bus', script: () => says('Looked at.') })
  const readable = {
    title: 'From the bus',
    severity: 'critical',
    description: `marker-of-the-bus password=${secrets.bus}`,
  }
  watcher.publish('casebook.alerts.default', JSON.stringify(readable))
  watcher.publish('casebook.alerts.default', `password=${secrets.garbage} marker-of-the-garbage {`)
  watcher.publish('casebook.alerts.default', `{"password": ${secrets.garbage}}`)
  watcher.publish('casebook.alerts.default', JSON.stringify({ nonsense: 1, password: secrets.garbage }))
  await watcher.flush()
  const letters = z.object({ count: z.int() })
  await eventually(async () => (await world.get('/v1/dead-letters', letters)).count === 3, {
    describe: 'three messages are parked',
  })
  await eventually(
    async () => {
      const list = await world.get(
        '/v1/sessions?text=From%20the%20bus',
        z.object({ items: z.array(z.object({ status: z.string() })) }),
      )
      return list.items[0]?.status === 'completed'
    },
    { describe: 'the session of the alert from the bus ends' },
  )
})

const never = [...planted, environmentKey]
/** Stand beside the secrets: what holds them was really read. */
const markers = [
  'alert',
  'error',
  'part',
  'thought',
  'reply',
  'arguments',
  'tool',
  'conclusion',
  'summary',
  'stderr',
  'title',
  'input',
  'labels',
  'reason',
  'bus',
  'garbage',
].map((each) => `marker-of-the-${each}`)

test('no secret is on the log, in a blob or in a dead letter', async () => {
  const places = await readStreams(watcher)
  const everything = [...places.values()].join('\n')
  for (const marker of markers) assert.ok(everything.includes(marker), marker)
  assert.equal(found(never, places), [])
  assert.equal(found(never, readLogFiles(world.nats.folder, 'CASEBOOK_EVENTS')), [])
  assert.ok([...readLogFiles(world.nats.folder, 'CASEBOOK_EVENTS').values()].join('').includes('marker-of-the-alert'))
})

test('no secret passed on the live channel', async () => {
  // Where a text is cut into deltas is a matter of time; the session from the bus was the last to write.
  await eventually(() => ['marker-of-the-reply', 'Looked '].every((shown) => joinedDeltas(live).includes(shown)), {
    describe: 'the replies were shown while they were written',
  })
  assert.equal(
    found(
      never,
      new Map([
        ['live', live],
        ['joined', joinedDeltas(live)],
      ]),
    ),
    [],
  )
})

test('no secret is in a table', async () => {
  const projections = z.object({ items: z.array(z.object({ lag: z.int() })) })
  await eventually(async () => (await world.get('/v1/projections', projections)).items.every(({ lag }) => lag === 0), {
    describe: 'every read model has all of it',
  })
  const places = await readTables(world.postgres.url)
  const everything = [...places.values()].join('\n')
  for (const marker of ['marker-of-the-alert', 'marker-of-the-reply', 'marker-of-the-tool', 'marker-of-the-stderr']) {
    assert.ok(everything.includes(marker), marker)
  }
  assert.equal(found(never, places), [])
})

test('no secret is in an answer of the API or in a stream of events', async () => {
  const ids = (
    await world.get('/v1/sessions?limit=200', z.object({ items: z.array(z.object({ id: z.string() })) }))
  ).items.map(({ id }) => id)
  assert.ok(ids.length >= 4)
  const paths = [
    '/v1/sessions',
    '/v1/alerts',
    '/v1/dead-letters',
    '/v1/projections',
    '/health',
    '/ready',
    '/metrics',
    ...ids.flatMap((id) =>
      ['', '/timeline', '/events', '/tool-calls', '/state'].map((view) => `/v1/sessions/${id}${view}`),
    ),
  ]
  const answers = new Map<string, string>()
  for (const path of paths) {
    const text = await eventually(
      async () => {
        const answer = await fetch(world.url(path))
        const said = await answer.text()
        return answer.ok && said
      },
      { describe: `${path} is answered` },
    )
    answers.set(path, text)
  }
  await eventually(() => streamed.join('').includes('marker-of-the-conclusion'), {
    describe: 'the streams told of it',
  })
  answers.set('streams', streamed.join(''))
  assert.ok([...answers.values()].join('').includes('marker-of-the-garbage'), 'dead letters are shown')
  assert.equal(found(never, answers), [])
})

test('no secret is shown to the model, beside what it said itself, or given to a tool', async () => {
  const prompts = world.endpoint.calls.map(({ request }) => JSON.stringify(request)).join('\n')
  assert.ok(prompts.includes('marker-of-the-tool') && prompts.includes('marker-of-the-stderr'))
  assert.equal(found(planted, new Map([['prompts', prompts]])), [])
})

test('no secret is in a line the process wrote', async () => {
  listening.abort()
  await Promise.all(listeners)
  await watcher.close()
  assert.is(await world.close(), 0)
  assert.ok(world.output().length > 0)
  assert.equal(found(never, new Map([['output', world.output()]])), [])
})

/** The text as a reader puts it together: a secret may hide across two deltas. */
const joinedDeltas = (messages: string): string =>
  [...messages.matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text).join('')

test.run()
