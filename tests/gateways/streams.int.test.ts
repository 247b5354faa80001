// Live streams on real servers: snapshot and tail, resuming with nothing lost or doubled, text so far, slow clients.
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { executionIdOf } from '../../domain/session/session-ids.ts'
import { type ExecutionId, orgId, type SessionId, sessionId, toolCallId } from '../../schemas/ids.ts'
import type { LiveDelta } from '../../schemas/live-delta.ts'
import { eventually } from '../support/eventually.ts'
import { adoptPlan, asHandler, executionOf, type HttpWorld, note, reply, startHttpWorld } from './http-world.ts'

let world: HttpWorld
let url: string

test.before(async () => {
  world = await startHttpWorld()
  url = (await world.serve({ heartbeatMs: 200 })).url
})
test.after(() => world?.stop())

interface Frame {
  readonly event: string
  readonly id: number | null
  readonly data: Readonly<Record<string, unknown>>
}

const parseFrame = (text: string): Frame | null => {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1]
  const data = field('data')
  const event = field('event')
  if (data === undefined || event === undefined) return null
  const id = field('id')
  return {
    event,
    id: id === undefined ? null : Number(id),
    data: z.record(z.string(), z.unknown()).parse(JSON.parse(data)),
  }
}

/** Reads a stream until it is left; frames and raw text pile up. */
const listen = async (path: string, headers: Readonly<Record<string, string>> = {}, base = url) => {
  const leaving = new AbortController()
  const response = await fetch(`${base}${path}`, { headers, signal: leaving.signal })
  assert.is(response.status, 200)
  assert.match(response.headers.get('content-type') ?? '', 'text/event-stream')
  const frames: Frame[] = []
  let raw = ''
  let rest = ''
  let ended = false
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      const text = decoder.decode(chunk, { stream: true })
      raw += text
      rest += text
      const parts = rest.split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) {
        const frame = parseFrame(part)
        if (frame !== null) frames.push(frame)
      }
    }
  }
  const reading = read()
    .catch(() => undefined)
    .finally(() => {
      ended = true
    })
  return {
    frames,
    raw: () => raw,
    ended: () => ended,
    of: (event: string) => frames.filter((frame) => frame.event === event),
    leave: async () => {
      leaving.abort()
      await reading
    },
  }
}

const start = async (title: string, headers: Readonly<Record<string, string>> = {}): Promise<SessionId> => {
  const response = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ title, input: 'x' }),
  })
  return sessionId.parse(z.object({ id: z.string() }).parse(await response.json()).id)
}

const sequencesOf = (frames: readonly Frame[]) => frames.filter(({ event }) => event === 'commit').map(({ id }) => id)

const committed = async (id: SessionId): Promise<readonly number[]> => {
  const head = await world.head()
  const response = await fetch(`${url}/v1/sessions/${id}/events?after=${head}&limit=200`)
  const { items } = z.object({ items: z.array(z.object({ logsequence: z.int() })) }).parse(await response.json())
  return [...new Set(items.map(({ logsequence }) => logsequence))]
}

test('a stream begins with a snapshot and goes on with each commit under its log sequence', async () => {
  const id = await start('Watched')
  const stream = await listen(`/v1/sessions/${id}/stream`)
  await eventually(() => stream.of('snapshot').length === 1)
  const snapshot = stream.of('snapshot')[0]
  assert.equal([snapshot?.data['version'], snapshot?.id], [1, snapshot?.data['sequence']])
  await world.bus.send(asHandler(adoptPlan(id)))
  await world.bus.send(asHandler(note(id, 'a')))
  await eventually(() => stream.of('commit').length === 2)
  assert.equal(sequencesOf(stream.frames), (await committed(id)).slice(1))
  const types = z.array(z.object({ type: z.string(), version: z.int() })).parse(stream.of('commit')[0]?.data['events'])
  assert.equal([types[0]?.type, types[0]?.version], ['casebook.session.plan_adopted.v1', 2])
  await stream.leave()
})

test('Last-Event-ID, or ?after, resumes with the commits after it and no snapshot', async () => {
  const id = await start('Resumed')
  for (const key of ['a', 'b', 'c']) await world.bus.send(asHandler(note(id, key)))
  const all = await committed(id)
  const second = String(all[1])
  const byHeader = await listen(`/v1/sessions/${id}/stream?after=0`, { 'last-event-id': second })
  const byQuery = await listen(`/v1/sessions/${id}/stream?after=${second}`)
  await world.bus.send(asHandler(note(id, 'd')))
  for (const stream of [byHeader, byQuery]) {
    await eventually(() => stream.of('commit').length === 3)
    assert.equal(sequencesOf(stream.frames), (await committed(id)).slice(2))
    assert.is(stream.of('snapshot').length, 0)
    await stream.leave()
  }
  const bad = await fetch(`${url}/v1/sessions/${id}/stream`, { headers: { 'last-event-id': 'x' } })
  assert.is(bad.status, 400)
  await bad.body?.cancel()
})

test('nothing is lost or doubled by a client that leaves and resumes at random while commits land', async () => {
  const id = await start('Stormy')
  const total = 150
  const writing = (async () => {
    for (let index = 0; index < total; index++) await world.bus.send(asHandler(note(id, `n${index}`)))
  })()
  const heard: number[] = []
  const until = performance.now() + 120_000
  let patience = 1
  // The start of the session, and what is written.
  while (heard.length <= total && performance.now() < until) {
    const stream = await listen(`/v1/sessions/${id}/stream`, { 'last-event-id': String(heard.at(-1) ?? 0) })
    await delay(Math.random() * 40 * patience)
    await stream.leave()
    const news = sequencesOf(stream.frames)
    for (const sequence of news) {
      if (sequence === null) throw new Error('a commit without an id')
      heard.push(sequence)
    }
    // Where the first frame takes longer than that, whoever always leaves so early hears nothing for ever.
    patience = news.length === 0 ? patience + 1 : 1
  }
  await writing
  assert.equal(heard, await committed(id))
})

test('the stream of the org carries every commit of every session once, and none of another org', async () => {
  const from = await world.head()
  const stream = await listen('/v1/stream')
  await eventually(() => stream.of('open').length === 1)
  assert.is(stream.of('open')[0]?.id, from)
  const ids = await Promise.all(['one', 'two', 'three'].map((title) => start(title)))
  await start('foreign', { 'casebook-org': 'other-org' })
  await Promise.all(ids.flatMap((id) => [1, 2, 3, 4, 5].map((each) => world.bus.send(asHandler(note(id, `k${each}`))))))
  const expected = (await Promise.all(ids.map(committed))).flat().sort((a, b) => a - b)
  await eventually(() => stream.of('commit').length === expected.length)
  assert.equal(sequencesOf(stream.frames), expected)
  const resumed = await listen('/v1/stream', { 'last-event-id': String(expected[7]) })
  await eventually(() => resumed.of('commit').length === expected.length - 8)
  assert.equal(sequencesOf(resumed.frames), expected.slice(8))
  await stream.leave()
  await resumed.leave()

  const other = await listen(`/v1/stream?after=${from}`, { 'casebook-org': 'other-org' })
  await eventually(() => other.of('commit').length === 1)
  await other.leave()
})

test('a late joiner first gets the text so far, then what follows, until the recorded reply supersedes it', async () => {
  const id = await start('Talkative')
  await world.bus.send(asHandler(adoptPlan(id)))
  const org = orgId.parse('default')
  const say = (offset: number, text: string): void => {
    const delta: LiveDelta = {
      sessionId: id,
      executionId: executionOf(id),
      turn: 1,
      attempt: 1,
      kind: 'text',
      offset,
      text,
    }
    world.live.publish(org, delta)
    world.live.flush()
  }
  say(0, 'The disk ')
  say(9, 'is full')
  await eventually(async () => (await world.live.sofar(org, id)).length === 2)

  const late = await listen(`/v1/sessions/${id}/stream`)
  await eventually(() => late.of('delta').length === 1)
  assert.equal(late.of('delta')[0]?.data, {
    executionId: executionOf(id),
    turn: 1,
    attempt: 1,
    kind: 'text',
    offset: 0,
    text: 'The disk is full',
  })
  assert.is(late.of('delta')[0]?.id, null)
  say(16, ' of logs')
  await eventually(() => late.of('delta').length === 2)
  assert.is(
    late
      .of('delta')
      .map(({ data }) => data['text'])
      .join(''),
    'The disk is full of logs',
  )
  const called = toolCallId.parse('call_0001')
  const progress = {
    executionId: executionOf(id),
    turn: 1,
    attempt: 1,
    kind: 'tool_progress',
    toolCallId: called,
  } as const
  world.live.publish(org, { ...progress, sessionId: id, offset: 0, text: '1/3\n' })
  await eventually(() => late.of('delta').length === 3)
  assert.equal(late.of('delta')[2]?.data, { ...progress, offset: 0, text: '1/3\n' })
  await world.bus.send(asHandler(reply(id, 'The disk is full of logs')))
  await eventually(() => late.of('commit').length === 1)
  await late.leave()

  const later = await listen(`/v1/sessions/${id}/stream`)
  await eventually(() => later.of('snapshot').length === 1 && later.raw().includes(': hb'))
  assert.is(later.of('delta').length, 0)
  await later.leave()
})

test('a session watched on the stream of the org without its snapshot tells the text so far, and none that is recorded', async () => {
  const id = await start('Watched beside others')
  await world.bus.send(asHandler(adoptPlan(id)))
  const org = orgId.parse('default')
  const say = async (executionId: ExecutionId, text: string): Promise<void> => {
    const held = (await world.live.sofar(org, id)).length
    const of = { sessionId: id, executionId, turn: 1, attempt: 1, kind: 'text', offset: 0 } as const
    world.live.publish(org, { ...of, text })
    world.live.flush()
    await eventually(async () => (await world.live.sofar(org, id)).length > held)
  }
  const other = executionIdOf(id, 9, 9)
  const watched = `/v1/stream?brief=true&session=${id}&snapshot=false`
  await say(executionOf(id), 'The disk is full')
  const writing = await listen(watched)
  await eventually(() => writing.of('delta').length === 1)
  assert.is(writing.of('delta')[0]?.data['text'], 'The disk is full')
  await world.bus.send(asHandler(reply(id, 'The disk is full')))
  await eventually(() => writing.of('commit').length === 1)
  await writing.leave()

  await say(other, 'Of logs')
  const later = await listen(watched)
  await eventually(() => later.of('delta').length > 0)
  assert.equal(
    later.of('delta').map(({ data }) => [data['executionId'], data['text']]),
    [[other, 'Of logs']],
  )
  assert.equal([...writing.of('snapshot'), ...later.of('snapshot')], [])
  await later.leave()
})

test('a session that is not there is not watched, however the stream begins; one that the read model does not know yet is', async () => {
  const unknown = 'ses_01M7ZZZZZZZZZZZZZZZZZZZZZZ'
  for (const query of ['', '&snapshot=false', '&after=0']) {
    const path = `/v1/stream?session=${unknown}${query}`
    const response = await fetch(`${url}${path}`)
    assert.equal(
      [response.status, z.looseObject({ code: z.string() }).parse(await response.json()).code],
      [404, 'session_not_found'],
    )
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${path}`)
    const refused = Promise.withResolvers<string>()
    socket.addEventListener('open', () => refused.resolve('open'))
    socket.addEventListener('error', () => refused.resolve('refused'))
    assert.is(await refused.promise, 'refused')
  }
  // Another org's is none of ours.
  const theirs = await fetch(`${url}/v1/stream?session=${await start('Of another')}&snapshot=false`, {
    headers: { 'casebook-org': 'other' },
  })
  assert.is(theirs.status, 404)
  const behind = await world.serve({}, { queries: { ...world.deps({}).queries, session: async () => null } })
  const id = await start('Just begun')
  const stream = await listen(`/v1/stream?session=${id}&snapshot=false`, {}, behind.url)
  await eventually(() => stream.of('open').length === 1)
  await stream.leave()

  const tombstone = { reason: 'asked', by: { kind: 'user', id: 'ada' }, version: 1, lastHash: 'f'.repeat(64) } as const
  const requestedAt = new Date().toISOString()
  await world.bus.send(asHandler({ type: 'RecordErasure', data: { sessionId: id, requestedAt, ...tombstone } }))
  await world.projections.waitFor('sessions', await world.head(), 30_000)
  assert.is((await fetch(`${url}/v1/stream?session=${id}&snapshot=false`)).status, 410)
})

test('an idle stream is kept alive by heartbeats', async () => {
  const stream = await listen('/v1/stream')
  await eventually(() => stream.raw().split(': hb').length > 2)
  await stream.leave()
})

test('a client that does not read is told it lagged, and is closed', async () => {
  const narrow = await world.serve({ clientBufferBytes: 16 * 1024 })
  const id = await start('Too much')
  const { hostname, port } = new URL(narrow.url)
  const socket = connect(Number(port), hostname)
  let heard = ''
  socket.on('data', (chunk) => {
    heard += chunk.toString()
  })
  let closed = false
  socket.on('close', () => {
    closed = true
  })
  socket.write(`GET /v1/sessions/${id}/stream HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`)
  await eventually(() => heard.includes('event: snapshot'))
  socket.pause()
  const data = { sessionId: id, executionId: executionOf(id), turn: 9, attempt: 1, kind: 'text' } as const
  let delivered = 0
  const stopCounting = world.live.follow((_org, delta) => {
    if (delta.sessionId === id) delivered += delta.text.length
  })
  // More than what the kernel keeps for both ends; its characters are counted, so that the server has had them all.
  const pieces = 60
  for (let index = 0; index < pieces; index++) {
    world.live.publish(orgId.parse('default'), { ...data, offset: index * 200_000, text: 'x'.repeat(200_000) })
    world.live.flush()
  }
  await eventually(() => delivered === pieces * 200_000)
  stopCounting()
  socket.resume()
  await eventually(() => closed)
  assert.match(heard, 'event: lagged')
  await narrow.close()
})

test('stopping the server ends its streams and answers no more', async () => {
  const stopping = await world.serve()
  const stream = await listen('/v1/stream', {}, stopping.url)
  await eventually(() => stream.of('open').length === 1)
  await stopping.close()
  await eventually(stream.ended)
  await stream.leave()
})

test.run()
