// A stdio MCP server that behaves badly on request, and writes down each call that reached it.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'

const server = new McpServer({ name: 'hostile', version: '1.0.0' })
const say = (text: string) => ({ content: [{ type: 'text' as const, text }] })
const readOnly = { annotations: { readOnlyHint: true } }

server.registerTool(
  'append_line',
  { description: 'Appends a line: changes the world.', inputSchema: { path: z.string(), line: z.string() } },
  ({ path, line }) => {
    appendFileSync(path, `${line}\n`)
    return say('appended')
  },
)
server.registerTool(
  'slow_append',
  {
    description: 'Appends, then takes its time to say so.',
    inputSchema: { path: z.string(), line: z.string(), ms: z.number() },
  },
  async ({ path, line, ms }) => {
    appendFileSync(path, `${line}\n`)
    await delay(ms)
    return say('appended slowly')
  },
)
server.registerTool(
  'read_lines',
  { description: 'Reads a file.', inputSchema: { path: z.string() }, ...readOnly },
  ({ path }) => {
    try {
      return say(readFileSync(path, 'utf8'))
    } catch {
      return say('(no such file yet)')
    }
  },
)
server.registerTool(
  'slow',
  { description: 'Takes its time.', inputSchema: { ms: z.number() }, ...readOnly },
  async ({ ms }) => {
    await delay(ms)
    return say(`waited ${ms} ms`)
  },
)
/** What the first call of a file waits for, the next ones do not: a call that is made again answers at once. */
const noteCall = async (path: string, line: string, ms: number): Promise<void> => {
  const first = !existsSync(path)
  appendFileSync(path, `${line}\n`)
  if (first) await delay(ms)
}
server.registerTool(
  'slow_read',
  {
    description: 'Notes its call, then takes its time.',
    inputSchema: { path: z.string(), ms: z.number() },
    ...readOnly,
  },
  async ({ path, ms }) => {
    await noteCall(path, 'read', ms)
    return say('read slowly')
  },
)
server.registerTool(
  'hang_for',
  {
    description: 'Answers only after so many calls.',
    inputSchema: { path: z.string(), times: z.number() },
    ...readOnly,
  },
  async ({ path, times }) => {
    appendFileSync(path, 'called\n')
    const calls = readFileSync(path, 'utf8').trim().split('\n').length
    if (calls <= times) await new Promise(() => undefined)
    return say('at last')
  },
)
server.registerTool(
  'slow_set',
  {
    description: 'Notes its idempotency key, then takes its time.',
    inputSchema: { path: z.string(), ms: z.number() },
    annotations: { idempotentHint: true },
  },
  async ({ path, ms }, { _meta }) => {
    await noteCall(path, String(_meta?.['casebook/idempotency-key']), ms)
    return say('set slowly')
  },
)
server.registerTool(
  'slow_change',
  { description: 'Says when it began and when it was done.', inputSchema: { path: z.string(), ms: z.number() } },
  async ({ path, ms }) => {
    appendFileSync(path, 'begun\n')
    await delay(ms)
    appendFileSync(path, 'done\n')
    return say('changed slowly')
  },
)
server.registerTool('hang', { description: 'Never answers.', ...readOnly }, () => new Promise(() => undefined))
server.registerTool('crash', { description: 'Dies in the middle.', ...readOnly }, () => {
  process.stderr.write('about to crash\n')
  process.exit(3)
})
server.registerTool('fail', { description: 'Answers with an error.', ...readOnly }, () => ({
  ...say('it went wrong'),
  isError: true,
}))
server.registerTool('big', { description: 'Returns 5 MB.', ...readOnly }, () =>
  say('0123456789abcdef'.repeat(5 * 65_536)),
)
server.registerTool('picture', { description: 'Returns an image.', ...readOnly }, () => ({
  content: [
    { type: 'text' as const, text: 'a picture:' },
    { type: 'image' as const, data: Buffer.from([137, 80, 78, 71]).toString('base64'), mimeType: 'image/png' },
  ],
}))
server.registerTool('environment', { description: 'Names its environment.', ...readOnly }, () =>
  say(Object.keys(process.env).join(',')),
)
server.registerTool('process_id', { description: 'Names its process.', ...readOnly }, () => say(String(process.pid)))
server.registerTool(
  'broken_promise',
  { description: 'Returns what its output schema forbids.', outputSchema: { count: z.number() } },
  // An error result passes the SDK's own check here; the wrong content is put in on its way out.
  () => ({ ...say('it ran'), isError: true, structuredContent: { count: 'many' } }),
)
server.registerTool('x'.repeat(300), { description: 'Has a name nobody can use.', ...readOnly }, () => say('hm'))

process.stdin.once('end', () => process.exit(0))
await server.connect(new StdioServerTransport())
