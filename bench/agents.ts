// Many agents at once on a model that takes a second, beside what that second alone allows.
import { setTimeout as delay } from 'node:timers/promises'
import type { NatsConnection } from '@nats-io/transport-node'
import type { LanguageModel } from '../handlers/ports/language-model.ts'
import type { ToolBox } from '../handlers/ports/tool-box.ts'
import { configuration } from '../schemas/agent-definition.ts'
import { startInProcess } from './in-process.ts'
import { type Figure, inFlight, median, spreadOf } from './measure.ts'

const modelMs = 1_000
/** A real model's replies do not come at the same moment: each takes between half and one and a half of that. */
let drawn = 0
const uneven = (): number => modelMs * (0.5 + ((drawn++ * 7_919) % 1_009) / 1_009)
/** Turns of each agent: two that call a tool, and the conclusion. */
const turns = 3

const settingsFor = (replicas: number) =>
  configuration.parse({
    defaults: { provider: 'none', chain: 'bench', summary_agent: 'writer', synthesis_agent: 'writer' },
    agents: { worker: { mcp_servers: ['local'] }, writer: { controller: 'single_shot' } },
    chains: { bench: { stages: [{ name: 'work', agent: 'worker', replicas, synthesis: false, policy: 'all' }] } },
    mcp_servers: { local: { transport: { type: 'stdio', command: 'none' } } },
    providers: { none: { base_url: 'http://127.0.0.1:9', model: 'none' } },
  })

const modelOf = (wait: () => number): LanguageModel => ({
  reply: async ({ tools, messages }, _, signal) => {
    await delay(wait(), undefined, { signal })
    const spoken = messages.filter(({ role }) => role === 'assistant').length
    const calls = tools.length > 0 && spoken < turns - 1
    return {
      text: calls ? '' : 'x'.repeat(200),
      toolCalls: calls ? [{ name: 'local__step', arguments: `{"turn":${spoken}}` }] : [],
      finishReason: 'stop',
      usage: { inputTokens: 1, outputTokens: 1 },
      by: { provider: 'none', model: 'none', simulated: true },
      durationMs: modelMs,
    }
  },
})

let steps = 0
const toolBox: ToolBox = {
  list: () =>
    Promise.resolve({
      tools: [
        { name: 'local__step', server: 'local', tool: 'step', description: '', inputSchema: {}, effect: 'read_only' },
      ],
      unavailable: [],
    }),
  call: () =>
    Promise.resolve({ kind: 'answered', isError: false, text: `${steps++} ${'r'.repeat(200)}`, attachments: [] }),
  release: () => Promise.resolve(),
}

/** Every turn, and the summary. */
const idealSeconds = ((turns + 1) * modelMs) / 1_000

export const benchAgents = async (connection: NatsConnection, quick: boolean): Promise<readonly Figure[]> => {
  const figures: Figure[] = []
  const rounds = quick ? 1 : 5
  for (const { what, replicas, width, count, wait } of [
    { what: 'one session, 64 agents in one stage', replicas: 64, width: 1, count: 1, wait: () => modelMs },
    {
      what: '1,000 sessions, started at the same moment',
      replicas: 1,
      width: 1_000,
      count: 1_000,
      wait: () => modelMs,
    },
    {
      what: '1,000 sessions under way all the time',
      replicas: 1,
      width: 1_000,
      count: quick ? 3_000 : 6_000,
      wait: uneven,
    },
  ]) {
    const model = modelOf(wait)
    const casebook = await startInProcess(connection, { settings: settingsFor(replicas), model, toolBox })
    const ideal = (idealSeconds * count) / width
    const seconds: number[] = []
    for (let round = 0; round < rounds; round++) {
      const ends: number[] = []
      const whole = await inFlight(count, width, async () => {
        await casebook.run()
        ends.push(performance.now())
      })
      // While some begin as others end: the middle half, without the first rush and the last stragglers.
      const middle = ((ends[Math.floor(count * 0.75)] ?? 0) - (ends[Math.floor(count * 0.25)] ?? 0)) / 500
      seconds.push(count > width ? middle : whole)
    }
    const { accepted, conflicts } = casebook.appends()
    await casebook.stop()
    figures.push(
      {
        what,
        value: `${median(seconds).toFixed(2)} s`,
        beside: `${ideal.toFixed(2)} s of model`,
        ratio: (ideal / median(seconds)).toFixed(2),
        goal: '≥ 0.9',
        spread: spreadOf(seconds),
      },
      {
        what: '  appends / conflicts, decided again; resident memory',
        value: `${accepted.toLocaleString('en')} / ${conflicts.toLocaleString('en')}; ${Math.round(process.memoryUsage().rss / 1024 / 1024)} MB`,
      },
    )
  }
  return figures
}
