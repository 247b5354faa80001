// A stdio MCP server written by hand: it sends lists and results that no library would let through.
import { createInterface } from 'node:readline'

const object = { type: 'object', properties: {} }

const pages: Readonly<Record<string, object>> = {
  '': {
    tools: [
      { name: 'good', inputSchema: object, annotations: { readOnlyHint: true } },
      { name: 'no_schema' },
      { name: 7, inputSchema: object },
      'not a tool',
      { name: 'odd_output', inputSchema: object, outputSchema: { type: 'object', properties: { a: 1 } } },
      { name: 'odd_annotations', inputSchema: object, annotations: { readOnlyHint: 'yes' } },
      { name: 'wide', inputSchema: object, description: 'w'.repeat(20_000) },
    ],
    nextCursor: 'two',
  },
  two: {
    tools: [
      { name: 'good', inputSchema: object, description: 'a second of the same name' },
      { name: 'last', inputSchema: object },
      ...Array.from({ length: 400 }, (_, index) => ({
        name: `bulky_${index}`,
        inputSchema: object,
        description: 'b'.repeat(2_000),
      })),
    ],
  },
}

const results: Readonly<Record<string, object>> = {
  text_as_content: { content: 'not a list' },
  only_structured: { content: [], structuredContent: { load: 1 } },
  blank_and_structured: { content: [{ type: 'text', text: '' }], structuredContent: { load: 1 } },
  unknown_kind: { content: [{ type: 'hologram', data: 'x' }, null, { type: 'text', text: 'and text' }] },
  odd_error_flag: { content: [{ type: 'text', text: 'ran' }], isError: 'perhaps' },
  odd_media_type: { content: [{ type: 'image', data: '!!!', mimeType: 'a\r\nb' }] },
  resources: {
    content: [
      { type: 'resource_link', uri: 'file:///a', name: 'a' },
      { type: 'resource', resource: { uri: 'file:///b', text: 'text of b' } },
      { type: 'resource', resource: { uri: 'file:///c', blob: 'AAEC', mimeType: 'application/x-c' } },
      { type: 'audio', data: 'AAEC', mimeType: 'audio/wav' },
    ],
  },
  nothing: {},
}

const errors: Readonly<Record<string, number>> = { bad_params: -32602, internal: -32603, no_method: -32601 }

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly cursor?: string; readonly name?: string }
}

const send = (message: object): void => {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
}

console.log('a line that is no message')
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, method, params = {} }: Message = JSON.parse(line)
    if (id === undefined) return
    if (method === 'initialize') {
      const serverInfo = { name: 'odd', version: '1' }
      send({ id, result: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo } })
    } else if (method === 'tools/list') {
      send({ id, result: pages[params.cursor ?? ''] ?? { tools: [] } })
    } else if (method === 'tools/call') {
      const code = errors[params.name ?? '']
      if (code !== undefined) send({ id, error: { code, message: 'as asked' } })
      else if (params.name === 'pid') send({ id, result: { content: [{ type: 'text', text: String(process.pid) }] } })
      else send({ id, result: results[params.name ?? ''] ?? { content: [] } })
    } else send({ id, result: {} })
  })
  .once('close', () => process.exit(0))
