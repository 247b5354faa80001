// Sessions under way on real servers while something dies; afterwards everything must be sound and ended as it would have.
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import type { ChatReply, ChatRequest } from '../../gateways/simulator/chat-wire.ts'
import { builtInReply, startSimulator } from '../../gateways/simulator/simulator.ts'
import { createDatabase } from '../../infra/postgres/database.ts'
import { endOf } from './ask-casebook.ts'
import { type CasebookProcess, startCasebook } from './casebook-process.ts'
import { eventually } from './eventually.ts'
import { startNats, startPostgres, temporaryFolder } from './servers.ts'
import { startTcpProxy } from './tcp-proxy.ts'

/** The long form is for who has the time: `npm run test:chaos`. */
export const long = process.env['CHAOS'] === 'long'

const projection = z.looseObject({
  name: z.string(),
  generation: z.int(),
  lag: z.int(),
  state: z.string(),
  builds: z.array(z.looseObject({ generation: z.int(), position: z.int(), head: z.int(), state: z.string() })),
  verification: z.looseObject({ generation: z.int(), ok: z.boolean() }).nullable(),
})
const patient = { withinMs: 90_000, everyMs: 100 }

export interface ChaosOptions {
  readonly natsFolder?: string
  /** After which a nats-server that does not answer is started again. */
  readonly natsSilentForMs?: number
  readonly latencyMs?: number
  /** Whether Casebook reaches nats-server over a proxy that can lose its answers. */
  readonly proxied?: boolean
  /** Beside what every world needs. */
  readonly environment?: Readonly<Record<string, string>>
  /** What the log holds before Casebook starts. */
  readonly prepare?: (natsUrl: string) => Promise<void>
}

export const startChaosWorld = async (options: ChaosOptions = {}) => {
  const { natsFolder = temporaryFolder(), latencyMs = 150, prepare = () => Promise.resolve() } = options
  let asked = 0
  const decide = (request: ChatRequest): ChatReply => {
    asked++
    return builtInReply(request)
  }
  const [nats, postgres, model] = await Promise.all([
    startNats(natsFolder, options.natsSilentForMs),
    startPostgres({ durable: true }),
    startSimulator({ latencyMs, decide }),
  ])
  const natsAddress = new URL(nats.url)
  const proxy = await startTcpProxy(Number(natsAddress.port))
  if (options.proxied === true) natsAddress.port = String(proxy.port)
  const folder = temporaryFolder()
  const database = createDatabase(postgres.url, 2)
  const environment = {
    NATS_URL: natsAddress.href,
    DATABASE_URL: postgres.url,
    OPENAI_BASE_URL: model.url,
    OPENAI_API_KEY: 'not-a-real-key',
    ...options.environment,
  }
  await prepare(nats.url)
  const processes: CasebookProcess[] = []
  const start = async (changes: Readonly<Record<string, string>> = {}): Promise<CasebookProcess> => {
    const casebook = await startCasebook({
      ...environment,
      CASEBOOK_DATA_DIR: join(folder, `data-${processes.length}`),
      ...changes,
    })
    processes.push(casebook)
    return casebook
  }
  let current = await start()

  const ask = async (method: string, path: string, body?: object, key: string = randomUUID()) => {
    const response = await fetch(`${current.url}${path}`, {
      method,
      headers: { 'idempotency-key': key, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(25_000),
    })
    const json: unknown = await response.json()
    return { status: response.status, json }
  }
  const readModels = async () =>
    z.object({ items: z.array(projection) }).parse((await ask('GET', '/v1/projections')).json).items
  const build = async (name: string, verb: 'rebuild' | 'verify'): Promise<number> => {
    const { status, json } = await ask('POST', `/v1/projections/${name}/${verb}`)
    assert.is(status, 202, JSON.stringify(json))
    return z.looseObject({ generation: z.int() }).parse(json).generation
  }
  const titles = new Map<string, string>()

  return {
    nats,
    proxy,
    postgres,
    database,
    environment,
    start,
    casebook: () => current,
    /** Kills and starts anew, as a supervisor would. */
    restart: async (changes: Readonly<Record<string, string>> = {}): Promise<void> => {
      await current.kill()
      current = await start(changes)
    },
    /** How often the model was asked so far; it answers after `latencyMs`. */
    asked: () => asked,
    ask,
    readModels,
    build,
    /** Asked for under one key until it is answered with yes, over whatever is away. @returns its id. */
    open: async (title: string, key: string = randomUUID(), input = title): Promise<string> => {
      const id = await eventually(async () => {
        const { status, json } = await ask('POST', '/v1/sessions', { title, input }, key)
        return status === 201 && z.object({ id: z.string() }).parse(json).id
      }, patient)
      titles.set(id, title)
      return id
    },
    /** Sessions that were asked for elsewhere, known by their titles. */
    adopt: async (wanted: readonly string[]): Promise<void> => {
      const page = z.object({ items: z.array(z.object({ id: z.string(), title: z.string() })) })
      await eventually(async () => {
        const { items } = page.parse((await ask('GET', '/v1/sessions?limit=200')).json)
        for (const { id, title } of items) if (wanted.includes(title)) titles.set(id, title)
        return wanted.every((title) => [...titles.values()].includes(title))
      }, patient)
    },
    /** Every session has ended well and is there once, and log, copy and read models agree. */
    sound: async (verified: readonly string[] = ['sessions', 'timeline', 'tool-calls']): Promise<void> => {
      for (const [id, title] of titles) {
        const session = await eventually(() => endOf(current.url, id), patient)
        assert.is(session.status, 'completed', `${title}: ${session.cause?.message}`)
        assert.ok(session.summary !== null && session.finalAnalysis !== null, title)
      }
      const listed = z
        .object({ items: z.array(z.object({ id: z.string() })) })
        .parse((await ask('GET', '/v1/sessions?limit=200')).json)
      assert.equal(listed.items.map(({ id }) => id).sort(), [...titles.keys()].sort())
      await eventually(
        async () =>
          (await readModels()).every(({ lag, state, builds }) => lag === 0 && state === 'live' && builds.length === 0),
        { ...patient, describe: 'the read models are live' },
      )
      const audit = (await ask('GET', '/v1/audit/verify')).json
      assert.ok(z.object({ ok: z.boolean() }).parse(audit).ok, JSON.stringify(audit))
      for (const name of verified) {
        const generation = await build(name, 'verify')
        const report = await eventually(async () => {
          const { verification } = (await readModels()).find((each) => each.name === name) ?? { verification: null }
          return verification !== null && verification.generation >= generation && verification
        }, patient)
        assert.ok(report.ok, `${name}: ${JSON.stringify(report)}`)
      }
    },
    stop: async (): Promise<void> => {
      await database.close()
      await Promise.all(processes.map((each) => each.stop()))
      await model.close()
      await proxy.close()
      await Promise.all([nats.stop(), postgres.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
