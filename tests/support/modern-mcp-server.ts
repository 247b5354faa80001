// An MCP server of the revision 2026-07-28: over HTTP on a port it prints, or over stdio; told `only`, it refuses the earlier ones.
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import {
  acceptedContent,
  createMcpHandler,
  inputRequired,
  inputResponse,
  McpServer,
} from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

const [transport, eras] = process.argv.slice(2)
const legacy = eras === 'only' ? 'reject' : undefined
const say = (text: string) => ({ content: [{ type: 'text' as const, text }] })
const readOnly = { annotations: { readOnlyHint: true } }

const create = (): McpServer => {
  const server = new McpServer({ name: 'modern', version: '1.0.0' })
  server.registerTool(
    'echo',
    { description: 'Says it again.', inputSchema: z.object({ message: z.string() }), ...readOnly },
    ({ message }) => say(`again: ${message}`),
  )
  server.registerTool('process_id', { description: 'Names its process.', ...readOnly }, () => say(String(process.pid)))
  server.registerTool(
    'measure',
    {
      description: 'Returns numbers and a sentence.',
      outputSchema: z.object({ load: z.number() }),
      ...readOnly,
    },
    () => ({ ...say('the load is fine'), structuredContent: { load: 0.5 } }),
  )
  server.registerTool(
    'slow',
    { description: 'Takes its time, and says how far it is.', inputSchema: z.object({ ms: z.number() }), ...readOnly },
    async ({ ms }, { mcpReq }) => {
      for (let waited = 0; waited < ms; waited += 100) {
        await delay(100)
        const progressToken = mcpReq._meta?.progressToken
        if (progressToken === undefined) continue
        await mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken, progress: waited, total: ms },
        })
      }
      return say(`waited ${ms} ms`)
    },
  )
  server.registerTool(
    'in_region',
    {
      description: 'Wants an argument in a header too.',
      inputSchema: z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }) }),
      ...readOnly,
    },
    ({ region }) => say(`in ${region}`),
  )
  server.registerTool(
    'ask_region',
    { description: 'Asks where.', inputSchema: z.object({ service: z.string() }), ...readOnly },
    ({ service }, { mcpReq }) => {
      if (mcpReq.requestState() !== `asked for ${service}`) {
        return inputRequired({
          inputRequests: {
            region: inputRequired.elicit({
              message: 'Which region?',
              requestedSchema: { type: 'object', properties: { region: { type: 'string' } }, required: ['region'] },
            }),
          },
          requestState: `asked for ${service}`,
        })
      }
      const content = acceptedContent<{ region: string }>(mcpReq.inputResponses, 'region')
      if (content !== undefined) return say(`${service} in ${content.region}`)
      const response = inputResponse(mcpReq.inputResponses, 'region')
      return say(`${service} nowhere: ${response.kind === 'elicit' ? response.action : response.kind}`)
    },
  )
  server.registerTool('die', { description: 'Ends in the middle.', ...readOnly }, () => process.exit(3))
  return server
}

if (transport === 'stdio') {
  serveStdio(create, { ...(legacy !== undefined && { legacy }) })
  process.stdin.once('end', () => process.exit(0))
} else {
  const handler = createMcpHandler(create, { ...(legacy !== undefined && { legacy }) })
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    const method = request.method ?? 'GET'
    process.stdout.write(
      `${method} ${request.headers['mcp-method'] ?? 'earlier'} region: ${request.headers['mcp-param-region'] ?? ''}\n`,
    )
    const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name, value]] : [],
    )
    const body = method === 'POST' ? new Response(Readable.toWeb(request) as ReadableStream).arrayBuffer() : undefined
    const given = new Request(url, { method, headers, ...(body !== undefined && { body: await body }) })
    const answer = await handler.fetch(given)
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    if (answer.body === null) return response.end()
    for await (const chunk of answer.body) response.write(chunk)
    return response.end()
  })
  server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => process.stdout.write('listening on port\n'))
}
