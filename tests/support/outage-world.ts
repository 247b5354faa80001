// The real process behind networks a test can break, a client that follows its stream, and an investigation under way in every outage.
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createEventSource } from 'eventsource-client'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { problem } from '../../gateways/http/problem.ts'
import { endOf, startSession } from './ask-casebook.ts'
import { startCasebook } from './casebook-process.ts'
import { eventually } from './eventually.ts'
import { startHeldModel } from './held-model.ts'
import { startNats, startPostgres, temporaryFolder } from './servers.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

/** Longer than this nobody waits for an answer, whatever is away. */
const answerLimitMs = 40_000

const health = z.object({
  ready: z.boolean(),
  parts: z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string().optional() })),
})
const projections = z.object({ items: z.array(z.object({ state: z.string(), lag: z.int() })) })
const written = z.object({ id: z.string(), sequence: z.int() })

export interface Outage {
  readonly title: string
  begin(): void
  end(): void
  readonly forMs: number
  /** Sessions under way beside the one that is looked at; none when absent. */
  readonly crowd?: number
  readonly away: { readonly log: boolean; readonly database: boolean }
}

export const startOutageWorld = async () => {
  const [nats, postgres, model] = await Promise.all([startNats(), startPostgres(), startHeldModel()])
  const folder = temporaryFolder()
  const proxies: TcpProxy[] = []
  const behindProxy = async (url: string) => {
    const through = new URL(url)
    const proxy = await startTcpProxy(Number(through.port))
    proxies.push(proxy)
    through.port = String(proxy.port)
    return { url: through.href, proxy }
  }
  const [log, database] = await Promise.all([behindProxy(nats.url), behindProxy(postgres.url)])
  const casebook = await startCasebook({
    NATS_URL: log.url,
    DATABASE_URL: database.url,
    CASEBOOK_DATA_DIR: join(folder, 'data'),
    OPENAI_BASE_URL: model.url,
    OPENAI_API_KEY: 'not-a-real-key',
    LOG_LEVEL: 'info',
  })
  const { url } = casebook
  let ended = false
  void casebook.exited.then(() => {
    ended = true
  })
  // Its own network to the stream's client, so that the client can lose it.
  const door = await behindProxy(url)
  const doorUrl = door.url.replace(/\/$/, '')
  const follower = followStream(`${doorUrl}/v1/stream?after=0`)
  // One that stays open would keep a failed test from ending.
  const followers = [follower]

  const ask = async (method: string, path: string, body?: object, key: string = randomUUID()) => {
    const began = performance.now()
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'idempotency-key': key, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerLimitMs),
    }).catch((error: unknown) => {
      throw new Error(`${method} ${path} was not answered within ${Math.round(performance.now() - began)} ms`, {
        cause: error,
      })
    })
    const json: unknown = await response.json()
    return { path, status: response.status, retryAfter: Number(response.headers.get('retry-after')), json }
  }
  const ready = async () => {
    const { status, json } = await ask('GET', '/ready')
    return { status, ...health.parse(json) }
  }

  /** What is asked for in an outage, and which part each needs. */
  const askAll = (id: string, keyed: string) => {
    const needs = (part: 'log' | 'database', asked: ReturnType<typeof ask>) => ({ part, asked })
    return [
      needs('log', ask('POST', '/v1/sessions', { title: `In the outage ${keyed}` }, keyed)),
      needs('log', ask('POST', '/v1/alerts', { title: `Alert of ${keyed}` })),
      needs('log', ask('POST', '/v1/commands/CancelSession', { sessionId: 'ses_01UNKNOWN' })),
      needs('log', ask('GET', `/v1/sessions/${id}/state`)),
      needs('database', ask('GET', '/v1/sessions')),
      needs('database', ask('GET', `/v1/sessions/${id}`)),
      needs('database', ask('GET', `/v1/sessions/${id}/timeline`)),
      needs('database', ask('GET', '/v1/alerts')),
    ]
  }

  /** One outage from its beginning to when everything that was under way has ended as usual. @returns what the process wrote. */
  const through = async ({ title, begin, end, forMs, away, crowd = 0 }: Outage): Promise<() => readonly string[]> => {
    model.hold()
    const id = await startSession(url, title)
    const others = await Promise.all(Array.from({ length: crowd }, (_, each) => startSession(url, `${title} ${each}`)))
    // For these alone: an alert that got through in the outage before may be looked into still.
    const underWay = new RegExp(`^${title}(?: \\d+)?$`)
    await eventually(() => model.asked(underWay) > crowd, { withinMs: 60_000, describe: 'the model is asked' })
    const watching = followStream(`${doorUrl}/v1/sessions/${id}/stream?after=0`)
    followers.push(watching)
    await eventually(async () => (await ask('GET', `/v1/sessions/${id}`)).status === 200)
    const from = casebook.output().length
    const over = delay(forMs)
    begin()
    try {
      const report = await eventually(
        async () => {
          const now = await ready()
          return now.status === 503 &&
            now.parts['log']?.ok === !away.log &&
            now.parts['database']?.ok === !away.database
            ? now
            : false
        },
        { withinMs: 60_000, describe: '/ready names what is away' },
      )
      assert.not(report.ready)
      assert.is((await ask('GET', '/health')).status, 200)
      const metrics = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(answerLimitMs) })
      assert.match(await metrics.text(), /^casebook_commits_total/m)
      // The model's answer, and a client's network, come back while the rest is still away.
      model.release()
      door.proxy.cut()
      door.proxy.heal()
      for (const { part, asked } of askAll(id, title)) {
        const { path, status, retryAfter, json } = await asked
        if (!away[part]) {
          assert.ok(status < 500, `${path}: ${status} ${JSON.stringify(json)}`)
          continue
        }
        assert.is(status, 503, `${path}: ${JSON.stringify(json)}`)
        assert.ok(retryAfter > 0, path)
        assert.is(problem.parse(json).code, part === 'log' ? 'log_unavailable' : 'database_unavailable', path)
      }
      await over
    } finally {
      end()
    }
    await eventually(async () => (await ready()).status === 200, { withinMs: 60_000, describe: 'ready again' })
    // The same key: whatever became of the first try, there is one session.
    const again = await eventually(async () => {
      const { status, json } = await ask('POST', '/v1/sessions', { title: `In the outage ${title}` }, title)
      return status === 201 && written.parse(json)
    })
    const [session, other] = await Promise.all([endOf(url, id), endOf(url, again.id)])
    assert.equal([session.status, other.status], ['completed', 'completed'])
    // On a machine too busy to start the tool server in time, the agent concludes without tools.
    assert.ok(session.finalAnalysis !== null)
    const listed = z
      .object({ items: z.array(z.object({ title: z.string() })) })
      .parse(
        (await ask('GET', `/v1/sessions?limit=200&text=${encodeURIComponent(title)}&after=${again.sequence}`)).json,
      )
    assert.is(listed.items.filter((each) => each.title === `In the outage ${title}`).length, 1)
    for (const each of others) assert.is((await endOf(url, each)).status, 'completed')
    await nothingLostOrDoubled(`${url}/v1/stream?after=0`, follower)
    await nothingLostOrDoubled(`${url}/v1/sessions/${id}/stream?after=0`, watching)
    watching.close()
    await eventually(
      async () => {
        const { items } = projections.parse((await ask('GET', '/v1/projections')).json)
        return items.every(({ state, lag }) => state === 'live' && lag === 0)
      },
      { withinMs: 60_000, describe: 'every read model has caught up' },
    )
    assert.not(ended, 'the process went on')
    return () => casebook.output().slice(from).split('\n')
  }

  return {
    nats,
    postgres,
    log: log.proxy,
    database: database.proxy,
    casebook,
    through,
    stop: async () => {
      for (const each of followers) each.close()
      model.release()
      const code = await casebook.stop()
      await Promise.all(proxies.map((proxy) => proxy.close()))
      await model.close()
      await Promise.all([nats.stop(), postgres.stop()])
      rmSync(folder, { recursive: true, force: true })
      return code
    },
  }
}

export const troubles = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => /"level":"(?:warn|error)"/.test(line))

/** Follows every commit from the beginning on, as a browser does: it resumes by itself with `Last-Event-ID`. */
const followStream = (url: string) => {
  const ids: number[] = []
  const source = createEventSource({
    url,
    onMessage: ({ event, id }) => {
      if (event === 'commit') ids.push(Number(id))
    },
  })
  return { ids: (): readonly number[] => ids, close: () => source.close() }
}

/** A new reader from the beginning is who knows what there is. */
const nothingLostOrDoubled = async (url: string, follower: ReturnType<typeof followStream>): Promise<void> => {
  const anew = followStream(url)
  try {
    const last = () => anew.ids().at(-1) ?? 0
    await eventually(() => last() > 0 && follower.ids().at(-1) === last(), {
      withinMs: 60_000,
      everyMs: 250,
      describe: 'the follower has caught up',
    })
    const upTo = last()
    assert.equal(
      follower.ids().filter((id) => id <= upTo),
      anew.ids().filter((id) => id <= upTo),
    )
  } finally {
    anew.close()
  }
}
