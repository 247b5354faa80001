// The live streams over WebSocket, on real servers: the same frames, the same promises and refusals as over server-sent events.
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { orgId, type SessionId, sessionId } from '../../schemas/ids.ts'
import { eventually } from '../support/eventually.ts'
import { adoptPlan, asHandler, executionOf, type HttpWorld, note, startHttpWorld } from './http-world.ts'

let world: HttpWorld
let url: string
const patient = { withinMs: 60_000 }
const token = 'web-socket-token'

test.before(async () => {
  world = await startHttpWorld()
  url = (await world.serve({ heartbeatMs: 200 })).url
})
test.after(() => world?.stop())

const frame = z.strictObject({
  event: z.string(),
  id: z.int().optional(),
  data: z.record(z.string(), z.unknown()),
})

interface Asking {
  readonly headers?: Readonly<Record<string, string>>
  readonly protocols?: string[]
}

/** Resolves when the socket is open; frames pile up. */
const open = async (path: string, asking: Asking = {}, base = url) => {
  const socket = new WebSocket(`${base.replace('http', 'ws')}${path}`, {
    headers: { ...asking.headers },
    protocols: [...(asking.protocols ?? [])],
  })
  const frames: z.infer<typeof frame>[] = []
  let closed: { readonly code: number; readonly reason: string } | null = null
  socket.addEventListener('message', ({ data }) => frames.push(frame.parse(JSON.parse(String(data)))))
  socket.addEventListener('close', ({ code, reason }) => {
    closed = { code, reason }
  })
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error(`${path} was not opened`)))
  })
  const of = (event: string) => frames.filter((each) => each.event === event)
  return {
    frames,
    of,
    protocol: socket.protocol,
    send: (text: string) => socket.send(text),
    sequences: () => of('commit').map(({ id = -1 }) => id),
    closed: () => closed,
    leave: async () => {
      socket.close()
      await eventually(() => closed !== null, patient)
    },
  }
}

/** What is answered to an upgrade, in the words of the wire: a browser's API hides why it was refused. */
const handshake = async (path: string, fields: Readonly<Record<string, string>>, base = url) => {
  const { hostname, port } = new URL(base)
  const socket = connect(Number(port), hostname)
  let heard = ''
  let ended = false
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1')
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    ended = true
  })
  const asked: Readonly<Record<string, string>> = {
    host: `${hostname}:${port}`,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...fields,
  }
  const lines = Object.entries(asked).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
  await eventually(() => heard.includes('\r\n\r\n'), patient)
  return {
    socket,
    status: Number(heard.split(' ')[1]),
    head: heard.split('\r\n\r\n')[0]?.toLowerCase() ?? '',
    heard: () => heard,
    ended: () => ended,
  }
}

const start = async (title: string): Promise<SessionId> => {
  const response = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title, input: 'x' }),
  })
  return sessionId.parse(z.object({ id: z.string() }).parse(await response.json()).id)
}

const committed = async (id: SessionId): Promise<readonly number[]> => {
  const response = await fetch(`${url}/v1/sessions/${id}/events?after=${await world.head()}&limit=200`)
  const { items } = z.object({ items: z.array(z.object({ logsequence: z.int() })) }).parse(await response.json())
  return [...new Set(items.map(({ logsequence }) => logsequence))]
}

const say = (id: SessionId, offset: number, text: string): void => {
  const delta = {
    sessionId: id,
    executionId: executionOf(id),
    turn: 1,
    attempt: 1,
    kind: 'text',
    offset,
    text,
  } as const
  world.live.publish(orgId.parse('default'), delta)
  world.live.flush()
}

test('a socket begins with the snapshot and goes on with commits, as server-sent events do', async () => {
  const id = await start('Watched')
  const socket = await open(`/v1/sessions/${id}/stream`)
  await eventually(() => socket.of('snapshot').length === 1, patient)
  const [snapshot] = socket.of('snapshot')
  assert.equal([snapshot?.data['version'], snapshot?.id], [1, snapshot?.data['sequence']])
  await world.bus.send(asHandler(adoptPlan(id)))
  await world.bus.send(asHandler(note(id, 'a')))
  await eventually(() => socket.of('commit').length === 2, patient)
  assert.equal(socket.sequences(), (await committed(id)).slice(1))
  await eventually(() => socket.of('heartbeat').length > 1, patient)
  await socket.leave()

  const leaving = new AbortController()
  const from = (await committed(id))[0] ?? 0
  const events = await fetch(`${url}/v1/sessions/${id}/stream?after=${from}`, { signal: leaving.signal })
  let text = ''
  const reading = (async () => {
    for await (const chunk of events.body ?? []) text += new TextDecoder().decode(chunk)
  })().catch(() => undefined)
  await eventually(() => text.match(/^event: commit\n(?:.+\n)+\n/gm)?.length === 2, patient)
  const resumed = await open(`/v1/sessions/${id}/stream?after=${from}`)
  await eventually(() => resumed.of('commit').length === 2, patient)
  for (const { data } of resumed.of('commit')) assert.ok(text.includes(`data: ${JSON.stringify(data)}\n`))
  assert.is(resumed.of('snapshot').length, 0)
  await resumed.leave()
  leaving.abort()
  await reading
})

test('nothing is lost or doubled by a socket that breaks and resumes at random while commits land', async () => {
  const id = await start('Stormy')
  const total = 150
  let rounds = 0
  const writing = (async () => {
    for (let index = 0; index < total; index++) {
      // However slow the sockets are, some break while there is more to come.
      if (index === total - 20) await eventually(() => rounds > 5, patient)
      await world.bus.send(asHandler(note(id, `n${index}`)))
      await delay(Math.random() * 8)
    }
  })()
  const heard: number[] = []
  const until = performance.now() + 120_000
  let patience = 1
  for (; heard.length <= total && performance.now() < until; rounds++) {
    const path = rounds % 2 === 0 ? `/v1/sessions/${id}/stream` : '/v1/stream'
    const first = (await committed(id))[0] ?? 0
    const socket = await open(`${path}?after=${heard.at(-1) ?? first - 1}`)
    await delay(Math.random() * 30 * patience)
    // Heard is what came before the break, whatever was on its way.
    const took = socket.of('commit').filter(({ data }) => data['sessionId'] === id)
    await socket.leave()
    heard.push(...took.map(({ id: sequence = -1 }) => sequence))
    // Where the first frame takes longer than that, whoever always leaves so early hears nothing for ever.
    patience = took.length === 0 ? patience + 1 : 1
  }
  await writing
  assert.equal(heard, await committed(id))
  assert.ok(rounds > 5, `${rounds} breaks`)
})

test('the stream of the org opens with a place to resume from', async () => {
  const from = await world.head()
  const socket = await open('/v1/stream')
  await eventually(() => socket.of('open').length === 1, patient)
  assert.is(socket.of('open')[0]?.id, from)
  const id = await start('Of the org')
  await eventually(() => socket.of('commit').length === 1, patient)
  assert.is(socket.of('commit')[0]?.data['sessionId'], id)
  await socket.leave()
})

test('a late joiner first gets the text so far, then what follows', async () => {
  const id = await start('Talkative')
  await world.bus.send(asHandler(adoptPlan(id)))
  say(id, 0, 'The disk ')
  say(id, 9, 'is full')
  await eventually(async () => (await world.live.sofar(orgId.parse('default'), id)).length === 2, patient)
  const late = await open(`/v1/sessions/${id}/stream`)
  await eventually(() => late.of('delta').length === 1, patient)
  assert.equal([late.of('delta')[0]?.data['text'], late.of('delta')[0]?.id], ['The disk is full', undefined])
  say(id, 16, ' of logs')
  await eventually(() => late.of('delta').length === 2, patient)
  assert.is(late.of('delta')[1]?.data['text'], ' of logs')
  await late.leave()
})

test('a client that does not read is told it lagged, and is closed', async () => {
  const narrow = await world.serve({ clientBufferBytes: 16 * 1024 })
  const id = await start('Too much')
  const client = await handshake(`/v1/sessions/${id}/stream`, {}, narrow.url)
  assert.is(client.status, 101)
  await eventually(() => client.heard().includes('"event":"snapshot"'), patient)
  client.socket.pause()
  let delivered = 0
  const stopCounting = world.live.follow((_org, delta) => {
    if (delta.sessionId === id) delivered += delta.text.length
  })
  const pieces = 60
  for (let index = 0; index < pieces; index++) say(id, index * 200_000, 'x'.repeat(200_000))
  await eventually(() => delivered === pieces * 200_000, patient)
  stopCounting()
  client.socket.resume()
  // A close frame of eight bytes: the code 1013, then the reason.
  const closing = `${Buffer.from([0x88, 8, 0x03, 0xf5]).toString('latin1')}lagged`
  await eventually(() => client.heard().endsWith(closing), patient)
  assert.match(client.heard(), /\{"event":"lagged","data":\{"behindBytes":\d+,"resume":"after"\}\}/)
  client.socket.write(Buffer.from([0x88, 0x80, 0, 0, 0, 0]))
  await eventually(client.ended, patient)
  await narrow.close()
})

test('stopping the server closes its sockets with 1001, and waits for none that does not answer', async () => {
  const stopping = await world.serve()
  const socket = await open('/v1/stream', {}, stopping.url)
  const deaf = await handshake('/v1/stream', {}, stopping.url)
  deaf.socket.pause()
  await eventually(() => socket.of('open').length === 1, patient)
  await stopping.close()
  await eventually(() => socket.closed() !== null, patient)
  assert.equal(socket.closed(), { code: 1001, reason: 'stopping' })
  deaf.socket.destroy()
})

test('the token is shown by the header, or by a subprotocol that is never echoed', async () => {
  const { url: guarded } = await world.serve({ token })
  const refused = [
    {},
    { authorization: 'Bearer wrong' },
    { 'sec-websocket-protocol': 'casebook.v1, casebook.bearer.no' },
  ]
  for (const fields of refused) {
    const answer = await handshake('/v1/stream', fields, guarded)
    assert.is(answer.status, 401)
    assert.match(answer.head, 'application/problem+json')
    await eventually(answer.ended, patient)
    assert.match(answer.heard(), '"code":"unauthorized"')
  }
  const byHeader = await open('/v1/stream', { headers: { authorization: `Bearer ${token}` } }, guarded)
  await byHeader.leave()
  const protocols = [`casebook.bearer.${token}`, 'casebook.v1']
  const byProtocol = await open('/v1/stream', { protocols }, guarded)
  assert.is(byProtocol.protocol, 'casebook.v1')
  await eventually(() => byProtocol.of('open').length === 1, patient)
  await byProtocol.leave()
  const raw = await handshake('/v1/stream', { 'sec-websocket-protocol': protocols.join(', ') }, guarded)
  assert.is(raw.status, 101)
  assert.not.match(raw.head, token)
  raw.socket.destroy()
  // Only an upgrade may show it so: a token in an odd header of a plain request is none.
  const plain = await fetch(`${guarded}/v1/projections`, {
    headers: { 'sec-websocket-protocol': protocols.join(', ') },
  })
  assert.is(plain.status, 401)
  assert.not.match(JSON.stringify(world.lines), token)
})

test('without a token a page of another origin cannot listen in, and a name that is not loopback is not served', async () => {
  const { host } = new URL(url)
  for (const origin of ['https://evil.example', 'null', `http://${host.replace(/\d+$/, '1')}`]) {
    const answer = await handshake('/v1/stream', { origin })
    assert.is(answer.status, 403, origin)
    await eventually(answer.ended, patient)
    assert.match(answer.heard(), 'origin_forbidden')
  }
  assert.is((await handshake('/v1/stream', { host: 'evil.example' })).status, 403)
  const own = await handshake('/v1/stream', { origin: `http://${host}` })
  assert.is(own.status, 101)
  own.socket.destroy()
})

test('what is wrong with the request is answered before the upgrade', async () => {
  const id = await start('Asked wrongly')
  for (const [path, status, code] of [
    ['/v1/sessions/ses_01UNKNOWN/stream', 404, 'session_not_found'],
    ['/v1/sessions/nonsense/stream', 400, 'invalid_request'],
    [`/v1/sessions/${id}/stream?after=x`, 400, 'invalid_request'],
    [`/v1/sessions/${id}/stream?odd=1`, 400, 'invalid_request'],
  ] as const) {
    const answer = await handshake(path, {})
    assert.is(answer.status, status, path)
    await eventually(answer.ended, patient)
    assert.match(answer.heard(), code)
  }
  const bad = await handshake('/v1/stream', { 'sec-websocket-key': 'short' })
  assert.is(bad.status, 400)
  bad.socket.destroy()
})

test('an upgrade that is asked for elsewhere, or to something else, is passed over', async () => {
  for (const [path, upgrade] of [
    ['/v1/sessions', 'websocket'],
    ['/v1/projections', 'h2c'],
  ] as const) {
    const answer = await handshake(path, { upgrade })
    assert.is(answer.status, 200, path)
    answer.socket.destroy()
  }
})

test('what a client sends is not read, and too much of it closes the socket; the server lives on', async () => {
  const socket = await open('/v1/stream')
  socket.send('{"command":"CancelSession"}')
  const id = await start('After words')
  await eventually(() => socket.of('commit').some(({ data }) => data['sessionId'] === id), patient)
  assert.is(socket.closed(), null)
  socket.send('x'.repeat(5_000))
  await eventually(() => socket.closed()?.code === 1009, patient)
  assert.is((await fetch(`${url}/health`)).status, 200)
})

test.run()
