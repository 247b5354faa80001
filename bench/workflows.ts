// Durable workflows of ten sequential steps through the real handlers, beside bare compare-and-set publishes of the same bytes.
import { jetstream } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { LanguageModel } from '../handlers/ports/language-model.ts'
import type { ToolBox } from '../handlers/ports/tool-box.ts'
import { createJetStreamLogReader } from '../infra/jetstream/jetstream-log-reader.ts'
import { isBadEntry, type LogEntry } from '../projections/log-reader.ts'
import { configuration } from '../schemas/agent-definition.ts'
import { type SessionId, startOfLog } from '../schemas/ids.ts'
import { quiet } from '../tests/support/servers.ts'
import { startInProcess } from './in-process.ts'
import { type Figure, inFlight, median, ms, percentile, rate, ratioOf, spreadOf } from './measure.ts'

/** Five turns that call a tool, five tool calls: ten steps, each recorded before the next begins; then the conclusion. */
const toolTurns = 5

const settings = configuration.parse({
  defaults: { provider: 'none', chain: 'bench', summary_agent: 'worker', max_iterations: 50 },
  agents: { worker: { mcp_servers: ['local'] } },
  chains: { bench: { stages: [{ name: 'work', agent: 'worker' }] } },
  mcp_servers: { local: { transport: { type: 'stdio', command: 'none' } } },
  providers: { none: { base_url: 'http://127.0.0.1:9', model: 'none' } },
})

const reply = (text: string, calls: readonly { readonly name: string; readonly arguments: string }[] = []) => ({
  text,
  toolCalls: calls,
  finishReason: 'stop' as const,
  usage: { inputTokens: 1, outputTokens: 1 },
  by: { provider: 'none', model: 'none', simulated: true },
  durationMs: 0,
})

export const benchWorkflows = async (connection: NatsConnection, quick: boolean): Promise<readonly Figure[]> => {
  const stepAt = new Map<string, number>()
  let latencies: number[] = []
  const step = (session: string): void => {
    const now = performance.now()
    const before = stepAt.get(session)
    if (before !== undefined) latencies.push(now - before)
    stepAt.set(session, now)
  }
  const model: LanguageModel = {
    reply: (request) => {
      if (request.tools.length === 0) return Promise.resolve(reply('summary'))
      const turns = request.messages.filter(({ role }) => role === 'assistant').length
      const title = request.messages[1]?.role === 'user' ? request.messages[1].text.slice(9, 39) : ''
      step(title)
      return Promise.resolve(
        turns < toolTurns ? reply('', [{ name: 'local__step', arguments: '{}' }]) : reply('x'.repeat(200)),
      )
    },
  }
  // A result that never changes would be taken for a circle.
  let calls = 100_000
  const toolBox: ToolBox = {
    list: () =>
      Promise.resolve({
        tools: [
          {
            name: 'local__step',
            server: 'local',
            tool: 'step',
            description: '',
            inputSchema: {},
            effect: 'read_only' as const,
          },
        ],
        unavailable: [],
      }),
    call: (request) => {
      step(`ses_${request.executionId.split('_')[1]}`)
      return Promise.resolve({
        kind: 'answered' as const,
        isError: false,
        text: `${calls++} ${'r'.repeat(200)}`,
        attachments: [],
      })
    },
    release: () => Promise.resolve(),
  }

  const casebook = await startInProcess(connection, { settings, model, toolBox })
  const run = async (): Promise<SessionId> => {
    const id = await casebook.run()
    stepAt.delete(id)
    return id
  }

  const first = await run()
  const bytes = await bytesOf(connection, first)
  const client = jetstream(connection)
  let bareRuns = 0
  const bare = async (): Promise<void> => {
    const subject = `casebook.events.bare.session.ses_bare${bareRuns++}`
    let last = 0
    for (const payload of bytes) {
      const ack = await client.publish(subject, payload, {
        msgID: `${subject}/${last}`,
        expect: { lastSubjectSequence: last },
      })
      last = ack.seq
    }
  }

  const figures: Figure[] = []
  const rounds = quick ? 3 : 5
  for (const width of [1, 16, 64]) {
    const count = width === 1 ? (quick ? 20 : 100) : quick ? 200 : 1_000
    await inFlight(Math.min(count, 100), width, run)
    await inFlight(Math.min(count, 100), width, bare)
    latencies = []
    const workflows: number[] = []
    const bares: number[] = []
    for (let round = 0; round < rounds; round++) {
      bares.push(count / (await inFlight(count, width, bare)))
      workflows.push(count / (await inFlight(count, width, run)))
    }
    figures.push(
      {
        what: `workflows of 10 steps (${bytes.length} commits), ${width} at once`,
        value: rate(median(workflows)),
        beside: rate(median(bares)),
        ratio: ratioOf(workflows, bares),
        goal: width === 64 ? '≥ 0.4' : undefined,
        spread: spreadOf(workflows),
      },
      {
        what: `  step latency p50 / p99, ${width} at once`,
        value: `${ms(percentile(latencies, 0.5))} / ${ms(percentile(latencies, 0.99))}`,
      },
    )
  }
  await casebook.stop()
  return figures
}

/** The payloads of one session's commits, as they lie in the log. */
const bytesOf = async (connection: NatsConnection, session: SessionId): Promise<readonly string[]> => {
  const reader = await createJetStreamLogReader(connection, quiet)
  const reading = new AbortController()
  const head = await reader.head()
  const own: LogEntry[] = []
  for await (const batch of reader.follow(startOfLog, { maxBatch: 1_000 }, reading.signal)) {
    for (const entry of batch.entries) if (!isBadEntry(entry) && entry.commit.stream.id === session) own.push(entry)
    if (batch.last >= head.sequence) break
  }
  reading.abort()
  return own.map(({ payload }) => payload)
}
