// A stdio MCP server of an invented shop, for the pictures: its services, what they measure and log, and two tools that change them.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'

const server = new McpServer({ name: 'shop', version: '2.3.0' })
const say = (lines: readonly string[]) => ({ content: [{ type: 'text' as const, text: lines.join('\n') }] })
const readOnly = { annotations: { readOnlyHint: true, openWorldHint: false } }
const ofService = { service: z.string().describe('As `services` names it.') }

const metrics: Readonly<Record<string, readonly string[]>> = {
  checkout: [
    'time   p50     p95     pool in use  waiting',
    '09:00  120 ms  310 ms  14 of 50     0',
    '09:30  118 ms  305 ms  15 of 50     0',
    '09:40  640 ms  2.9 s   10 of 10     31',
    '09:50  910 ms  4.2 s   10 of 10     58',
  ],
  'db-3': [
    'mount     size    used    grows by',
    '/         50 GB   41 %    0.1 GB/h',
    '/var/log  200 GB  97 %    1.2 GB/h',
    '/data     2 TB    63 %    0.4 GB/h',
  ],
}
const logs: Readonly<Record<string, readonly string[]>> = {
  checkout: [
    '09:41:07 WARN  db: waited 1200 ms for a connection (pool 10/10, queue 31)',
    '09:41:09 WARN  db: waited 1650 ms for a connection (pool 10/10, queue 36)',
    '09:44:52 ERROR POST /orders 503: no connection within 5000 ms',
  ],
  'db-3': [
    '09:12:00 INFO  logrotate: skipped /var/log/audit.log: rule not found',
    '09:58:31 WARN  disk: /var/log 97 %',
  ],
}

server.registerTool(
  'metrics',
  { description: 'Response times, connections and disks of a service.', inputSchema: ofService, ...readOnly },
  ({ service }) => say(metrics[service] ?? ['time   p50    p95', '09:50  41 ms  96 ms']),
)
server.registerTool(
  'logs',
  {
    description: 'Latest log lines of a service.',
    inputSchema: { ...ofService, level: z.enum(['info', 'warn', 'error']) },
    ...readOnly,
  },
  ({ service }) => say(logs[service] ?? ['09:50:02 INFO  healthy']),
)
server.registerTool(
  'releases',
  { description: 'What was released, the latest first.', inputSchema: ofService, ...readOnly },
  ({ service }) =>
    say([
      `09:38  ${service} 4.18.0  "pool size from the shared defaults"  (pool.max 50 → 10)`,
      `Thu    ${service} 4.17.2  "retry of card payments"`,
    ]),
)
server.registerTool(
  'rollback',
  {
    description: 'Puts an earlier release of a service in its place.',
    inputSchema: { ...ofService, release: z.string() },
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false },
  },
  ({ service, release }) => say([`${service} runs ${release} on 6 of 6 hosts; p95 310 ms`]),
)
server.registerTool(
  'restart',
  { description: 'Restarts a service host by host.', inputSchema: ofService, annotations: { destructiveHint: true } },
  ({ service }) => say([`${service} restarted`]),
)

await server.connect(new StdioServerTransport())
