// Real servers, a scripted model endpoint and a hostile tool server around the real process; each session has its own script.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { sessionView } from '../../projections/session-view.ts'
import { cloudEvent } from '../../schemas/commit.ts'
import { type CasebookProcess, startCasebook } from './casebook-process.ts'
import { eventually } from './eventually.ts'
import {
  type Behaviour,
  type Call,
  refusing,
  replying,
  type ScriptedReply,
  type ScriptedRequest,
  startScriptedEndpoint,
} from './scripted-endpoint.ts'
import { startNats, startPostgres, temporaryFolder } from './servers.ts'

/** One request of a session's agent, as its script sees it. */
export interface Asked {
  readonly call: Call
  readonly request: ScriptedRequest
  /** Counts from 1 over the whole session, the summary apart. */
  readonly number: number
  /** What the latest tool calls returned, without their labels. */
  readonly results: readonly string[]
}

type Script = (asked: Asked) => Behaviour | ScriptedReply

/** A session: its title tells its requests from those of others. */
export interface Asking {
  readonly title: string
  readonly chain: string
  readonly script: Script
  readonly input?: string
  /** What is answered when the summary is asked for; a plain one when absent. */
  readonly summary?: Script
  /** What is answered when a long tool result is to be summed up. */
  readonly digest?: Script
}

interface Known extends Pick<Asking, 'script' | 'summary' | 'digest'> {
  asked: number
  failure?: unknown
}

const timelineLine = z.object({ kind: z.string(), title: z.string(), text: z.string(), data: z.unknown() })
const toolCall = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  attempts: z.int(),
  late: z.boolean(),
  result: z.object({ text: z.string(), blob: z.object({ bytes: z.int() }).optional() }).nullable(),
})
const storedEvent = cloudEvent.extend({ data: z.record(z.string(), z.unknown()) })

const here = dirname(fileURLToPath(import.meta.url))
export const hostileTransport = {
  type: 'stdio',
  command: process.execPath,
  args: [join(here, 'hostile-mcp-server.ts')],
}

export const startBadDays = async (configuration: (endpointUrl: string) => Readonly<Record<string, object>>) => {
  const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
  const folder = temporaryFolder()
  const scripts = new Map<string, Known>()

  const endpoint = await startScriptedEndpoint((call) => {
    const { request } = call
    const text = request.messages.map(({ content }) => content ?? '').join('\n')
    const [, kind = '', title = ''] = /^(Session|Title|Investigation): (.+)$/m.exec(text) ?? []
    const known = scripts.get(title)
    if (known === undefined) return replying(request, { text: 'Nobody wrote a script for this.' })
    if (kind === 'Session') known.asked++
    const others = kind === 'Title' ? known.summary : known.digest
    const script = kind === 'Session' ? known.script : (others ?? (() => says('A summary.')))
    const lastAssistant = request.messages.findLastIndex(({ role }) => role === 'assistant')
    const results = request.messages
      .slice(lastAssistant + 1)
      .flatMap(({ role, content }) => (role === 'tool' ? [(content ?? '').replace(/^\[call \d+\]\n/, '')] : []))
    try {
      const answer = script({ call, request, number: known.asked, results })
      return 'kind' in answer ? answer : replying(request, answer)
    } catch (error) {
      // An assertion of the test: told where the session is waited for.
      known.failure = error
      return refusing(400, 'The script failed.')
    }
  })

  mkdirSync(join(folder, 'config'))
  // YAML takes JSON.
  const configured = configuration(endpoint.url)
  // Nobody is there to approve: calls are made unless the test says otherwise.
  const defaults = { tool_policy: { otherwise: { unsafe: 'allow' } }, ...configured['defaults'] }
  writeFileSync(join(folder, 'config', 'test.yaml'), JSON.stringify({ ...configured, defaults }))
  const environment = {
    NATS_URL: nats.url,
    DATABASE_URL: postgres.url,
    CASEBOOK_DATA_DIR: join(folder, 'data'),
    CASEBOOK_CONFIG_DIR: join(folder, 'config'),
    OPENAI_BASE_URL: endpoint.url,
    OPENAI_API_KEY: 'sk-planted-in-the-environment-0123456789',
  }
  let current: CasebookProcess | null = null
  const output: string[] = []

  const process = (): CasebookProcess => {
    if (current === null) throw new Error('no process was started')
    return current
  }
  const url = (path: string): string => `${process().url}${path}`
  /** As a client reads: what cannot be answered now, for a read model is behind or a server away, is asked for again. */
  const get = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
    const answer = await eventually(
      async () => {
        const response = await fetch(url(path))
        const text = await response.text()
        if (response.status === 503) throw new Error(text)
        return { ok: response.ok, status: response.status, text }
      },
      { describe: `${path} is answered` },
    )
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${answer.text}`)
    return schema.parse(JSON.parse(answer.text))
  }
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(url(path), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  const session = (id: string, after: number) => get(`/v1/sessions/${id}?after=${after}`, sessionView)
  const items = async <T>(path: string, item: z.ZodType<T>): Promise<readonly T[]> => {
    const page = z.object({ items: z.array(item), next: z.string().nullable() })
    const all: T[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const got: z.infer<typeof page> = await get(`${path}${cursor === '' ? '' : `&cursor=${cursor}`}`, page)
      all.push(...got.items)
      cursor = got.next
    }
    return all
  }
  const timeline = (id: string, after = 0) =>
    items(`/v1/sessions/${id}/timeline?limit=200&after=${after}`, timelineLine)
  const toolCalls = (id: string, after = 0) => items(`/v1/sessions/${id}/tool-calls?limit=200&after=${after}`, toolCall)
  const events = (id: string, after = 0) => items(`/v1/sessions/${id}/events?limit=200&after=${after}`, storedEvent)

  /** Everything the history API tells of a session once it has ended, and of what came later up to `atLeast` in the log. */
  const ended = async (id: string, atLeast = 0) => {
    const view = await eventually(
      async () => {
        const seen = await session(id, atLeast)
        return seen.endedAt === null ? false : seen
      },
      { withinMs: 120_000, everyMs: 50, describe: `${id} ends` },
    )
    const failure = scripts.get(view.title)?.failure
    if (failure !== undefined) throw failure
    const after = Math.max(view.sequence, atLeast)
    const state = await get(`/v1/sessions/${id}/state`, z.object({ state: z.looseObject({ status: z.string() }) }))
    return {
      session: view,
      timeline: await timeline(id, after),
      toolCalls: await toolCalls(id, after),
      events: (await events(id, after)).map(({ type, data, time }) => ({
        type: type.replace(/^casebook\.session\.|\.v1$/g, ''),
        data,
        time,
      })),
      state: state.state,
    }
  }

  const script = (asking: Pick<Asking, 'title' | 'script' | 'summary' | 'digest'>): void => {
    scripts.set(asking.title, { ...asking, asked: 0 })
  }
  const open = async (asking: Asking): Promise<string> => {
    script(asking)
    const { title, chain, input = 'Look into it.' } = asking
    const response = await post('/v1/sessions', { title, input, chain })
    if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`)
    return z.object({ id: z.string() }).parse(await response.json()).id
  }

  return {
    folder,
    endpoint,
    nats,
    postgres,
    environment,
    url,
    get,
    post,
    timeline,
    toolCalls,
    events,
    ended,
    open,
    script,
    run: async (asking: Asking) => ended(await open(asking)),
    /** How often the agents of this session asked the model, the summary apart. */
    asked: (title: string): number => scripts.get(title)?.asked ?? 0,
    /** Everything any process wrote so far. */
    output: (): string => [...output, current?.output() ?? ''].join('\n'),
    start: async (changes: Readonly<Record<string, string>> = {}): Promise<CasebookProcess> => {
      if (current !== null) output.push(current.output())
      current = await startCasebook({ ...environment, ...changes })
      return current
    },
    /** One more process on the same servers; the test stops it. */
    startAnother: (changes: Readonly<Record<string, string>> = {}): Promise<CasebookProcess> =>
      startCasebook({ ...environment, CASEBOOK_DATA_DIR: join(folder, 'another'), ...changes }),
    /** SIGKILL. */
    kill: () => process().kill(),
    /** SIGTERM and the exit code. */
    stop: () => process().stop(),
    close: async (): Promise<number | null | undefined> => {
      const code = await current?.stop()
      await endpoint.close()
      await Promise.all([nats.stop(), postgres.stop()])
      rmSync(folder, { recursive: true, force: true })
      return code
    },
  }
}

export type BadDays = Awaited<ReturnType<typeof startBadDays>>
export type History = Awaited<ReturnType<BadDays['ended']>>

export const says = (text: string): ScriptedReply => ({ text })
export const callsTool = (name: string, args: object | string = {}): ScriptedReply => ({
  toolCalls: [{ name, arguments: typeof args === 'string' ? args : JSON.stringify(args) }],
})

/** The types of a session's events, in order. */
export const typesOf = ({ events }: History): readonly string[] => events.map(({ type }) => type)

/** The data of the events of one type. */
export const dataOf = ({ events }: History, type: string): readonly Readonly<Record<string, unknown>>[] =>
  events.filter((event) => event.type === type).map(({ data }) => data)

/** The timeline as a person reads it: one line each. */
export const storyOf = ({ timeline }: History): string =>
  timeline.map(({ kind, title, text }) => `${kind} | ${title} | ${text}`).join('\n')
