// What the model says in the pictures: an investigation of an invented shop, agent by agent and turn by turn.
import { setTimeout as delay } from 'node:timers/promises'
import { type ChatServer, sendReply, startChatServer } from '../../gateways/simulator/chat-server.ts'
import { type ChatReply, type ChatRequest, chunksOf } from '../../gateways/simulator/chat-wire.ts'

const call = (name: string, args: object) => ({ name: `shop__${name}`, arguments: JSON.stringify(args) })

/** By agent, then by turn. */
const turns: Readonly<Record<string, readonly ChatReply[]>> = {
  'metrics-analyst': [
    {
      thinking:
        'Slow answers have three usual causes: more traffic, a slower dependency, or fewer resources than yesterday. The curve tells which.',
      text: 'First the curve of response times, and what was released.',
      toolCalls: [call('metrics', { service: 'checkout' }), call('releases', { service: 'checkout' })],
    },
    {
      text: `Response times rose at 09:40, two minutes after a release that made the pool of connections smaller.

### Findings
- p95 rose from 305 ms to 4.2 s between 09:30 and 09:50 [call 1]
- All 10 connections of the pool are in use and 58 requests wait for one [call 1]
- Release 4.18.0 of 09:38 lowered \`pool.max\` from 50 to 10 [call 2]

Outcome: conclusive`,
    },
  ],
  'log-analyst': [
    {
      thinking: 'If the database were slow, its own log would say so. If the pool were the bottleneck, checkout waits.',
      toolCalls: [call('logs', { service: 'checkout', level: 'warn' })],
    },
    {
      text: `Checkout waits for its own pool of connections; the database itself reports nothing.

### Findings
- Requests wait 1.2 s and more for a connection, and fail after 5 s [call 3]

Outcome: conclusive`,
    },
  ],
  operator: [
    {
      thinking:
        'Both agree on the cause. Going back to 4.17.2 restores the pool of 50 and loses nothing but that change.',
      text: 'The cause is the smaller pool of release **4.18.0**. I go back to **4.17.2**, which needs an approval.',
      toolCalls: [call('rollback', { service: 'checkout', release: '4.17.2' })],
    },
    {
      text: `Checkout runs 4.17.2 again on all hosts, and answers within 310 ms.

### Findings
- The cause was \`pool.max\` 10 of release 4.18.0 [call 2]
- After the rollback p95 is 310 ms on 6 of 6 hosts [call 4]

### Next steps
1. Set \`pool.max\` to 50 in the shared defaults before 4.18 is released again.
2. Alert on requests that wait for a connection.

Outcome: conclusive`,
    },
  ],
  'disk-analyst': [
    { toolCalls: [call('metrics', { service: 'db-3' }), call('logs', { service: 'db-3', level: 'info' })] },
    {
      text: `The audit log is not rotated and fills /var/log in five hours.

### Findings
- /var/log is at 97 % and grows by 1.2 GB an hour [call 1]
- logrotate skips \`/var/log/audit.log\`: its rule is gone [call 2]

Outcome: conclusive`,
    },
  ],
  questioner: [
    {
      toolCalls: [
        {
          name: 'casebook__ask_person',
          arguments: JSON.stringify({ question: 'Two certificates expire on Sunday. Is shop.example still in use?' }),
        },
      ],
    },
    { text: 'Only the certificate of pay.example has to be renewed.\n\nOutcome: conclusive' },
  ],
}

const live = `I compare the last hour with the same hour of yesterday.

- Until 09:38 both are the same: 118 ms at the median, 305 ms at p95.
- From 09:40 on, requests stand in a queue *before* the database is asked: the time in the database itself stays at 9 ms.
- The queue is longest on hosts that were updated first, which speaks for the release and against traffic.

What is left to find out is whether any host still runs the earlier release, and how it does`

const summaries: readonly (readonly [RegExp, string])[] = [
  [
    /Checkout|rollback/i,
    'Checkout answered slowly because release 4.18.0 made its pool of connections five times smaller. After the rollback to 4.17.2, which a person approved, p95 is back at 310 ms. **To do:** correct the shared default before 4.18 is released again.',
  ],
  [
    /db-3|disk/i,
    '/var/log of db-3 is at 97 % and full in five hours: the audit log lost its rotation rule. Nothing was changed.',
  ],
]

const replyTo = ({ messages, tools }: ChatRequest): ChatReply => {
  const said = messages.map(({ content }) => content).join('\n')
  const [, agent = ''] = /^You are the ([\w-]+)\.$/m.exec(said) ?? []
  const turn = messages.filter(({ role }) => role === 'assistant').length
  const script = turns[agent]
  if (script !== undefined) return script[Math.min(turn, script.length - 1)] ?? { text: '' }
  if (tools.length > 0) return { text: 'It is as it should be.\n\nOutcome: conclusive' }
  return {
    text: summaries.find(([about]) => about.test(said))?.[1] ?? 'Nothing unusual was found; nothing was changed.',
  }
}

/** The agent `watcher` stops in the middle of a text for as long as pictures are taken. */
export const startStagedModel = (): Promise<ChatServer> =>
  startChatServer({
    model: 'casebook-simulated',
    respond: async (exchange) => {
      const said = exchange.request.messages.map(({ content }) => content).join('\n')
      // The calls of a session are numbered as they come, and the findings name them by number.
      if (said.includes('You are the log-analyst.')) await delay(3_000, undefined, { signal: exchange.signal })
      const watching = said.includes('You are the watcher.')
      const again = exchange.request.messages.some(({ role }) => role === 'assistant')
      if (!watching) return sendReply(exchange, replyTo(exchange.request), 'casebook-simulated', { tokenDelayMs: 15 })
      if (!again) {
        const look = { text: 'First the curve of this hour.', toolCalls: [call('metrics', { service: 'checkout' })] }
        return sendReply(exchange, look, 'casebook-simulated')
      }
      const { request, response, signal } = exchange
      const chunks = chunksOf(request, { text: live }, { id: 'chatcmpl-live', created: 0, model: 'casebook-simulated' })
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const chunk of chunks.slice(0, -2)) response.write(`data: ${JSON.stringify(chunk)}\n\n`)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    },
  })
