// One session of many turns, each with a tool call, run by the real handlers: what a long investigation leaves on the log.
import type { NatsConnection } from '@nats-io/transport-node'
import type { LanguageModel } from '../handlers/ports/language-model.ts'
import type { ToolBox } from '../handlers/ports/tool-box.ts'
import { configuration } from '../schemas/agent-definition.ts'
import type { SessionId } from '../schemas/ids.ts'
import { startInProcess } from './in-process.ts'

/** Lines as logs have them, every one different, the same at every run. */
const logLines = (bytes: number, seed: number): string => {
  let drawn = seed + 1
  const draw = (below: number): number => {
    drawn = (drawn * 48_271) % 2_147_483_647
    return drawn % below
  }
  let text = ''
  while (text.length < bytes) {
    const at = new Date(Date.UTC(2026, 0, 2) + draw(86_400_000)).toISOString()
    text += `${at} INFO pod/db-${draw(9)}-${draw(2 ** 31).toString(36)} GET /items/${draw(99_999)} ${draw(500) + 100} in ${draw(900)} ms\n`
  }
  return text.slice(0, bytes)
}

export interface LongSession {
  readonly id: SessionId
  /** Bytes of what its model and its tools said. */
  readonly said: number
}

export const runLongSession = async (
  connection: NatsConnection,
  { turns, bytesPerStep }: { readonly turns: number; readonly bytesPerStep: number },
): Promise<LongSession> => {
  let said = 0
  const say = (bytes: number): string => {
    const text = logLines(bytes, said)
    said += bytes
    return text
  }
  const model: LanguageModel = {
    reply: ({ tools, messages }) => {
      const spoken = messages.filter(({ role }) => role === 'assistant').length
      const calls = tools.length > 0 && spoken < turns
      return Promise.resolve({
        text: say(bytesPerStep),
        toolCalls: calls ? [{ name: 'local__step', arguments: `{"turn":${spoken}}` }] : [],
        finishReason: 'stop',
        usage: { inputTokens: 1, outputTokens: 1 },
        by: { provider: 'none', model: 'none', simulated: true },
        durationMs: 1,
      })
    },
  }
  const toolBox: ToolBox = {
    list: () =>
      Promise.resolve({
        tools: [
          { name: 'local__step', server: 'local', tool: 'step', description: '', inputSchema: {}, effect: 'read_only' },
        ],
        unavailable: [],
      }),
    call: () => Promise.resolve({ kind: 'answered', isError: false, text: say(bytesPerStep), attachments: [] }),
    release: () => Promise.resolve(),
  }
  const settings = configuration.parse({
    defaults: { provider: 'none', chain: 'long', summary_agent: 'writer', synthesis_agent: 'writer' },
    agents: { worker: { mcp_servers: ['local'], max_iterations: 200 }, writer: { controller: 'single_shot' } },
    chains: { long: { stages: [{ name: 'work', agent: 'worker' }] } },
    mcp_servers: { local: { transport: { type: 'stdio', command: 'none' } } },
    providers: { none: { base_url: 'http://127.0.0.1:9', model: 'none', context_tokens: 2_000_000 } },
  })
  const casebook = await startInProcess(connection, { settings, model, toolBox })
  const id = await casebook.run()
  await casebook.stop()
  return { id, said }
}
