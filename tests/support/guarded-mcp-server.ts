// An MCP server behind OAuth, and the authorization server it names: both real, from the SDK's own server parts.

import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'

export interface Guarded {
  readonly url: string
  readonly issuer: string
  readonly tokenEndpoint: string
  /** Grants asked for, in order, with their scope. */
  readonly grants: readonly string[]
  /** Tokens given out so far are no longer taken. */
  expire(): void
  /** The refresh token is no longer taken; of the requests refused from now on, the second is told so while a token is being given out. */
  forgetRefreshToken(): void
  /** The authorization server gives out nothing any more. */
  close(): void
  readonly tokens: readonly string[]
}

export const client = { client_id: 'casebook', client_secret: 'planted-client-secret-0123456789' }

export const withGuardedServer = async (work: (guarded: Guarded) => Promise<void>, ofOther = false): Promise<void> => {
  const grants: string[] = []
  const tokens: string[] = []
  const taken = new Set<string>()
  const givingOut = Promise.withResolvers<void>()
  let forgotten = false
  let refused = 0
  let closed = false
  let origin = ''

  const textOf = async (request: IncomingMessage): Promise<string> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    return Buffer.concat(chunks).toString()
  }

  const grant = async (request: IncomingMessage): Promise<readonly [number, object]> => {
    const form = new URLSearchParams(await textOf(request))
    const basic = Buffer.from(request.headers.authorization?.slice('Basic '.length) ?? '', 'base64').toString()
    const [id, secret] = basic === '' ? [form.get('client_id'), form.get('client_secret')] : basic.split(':')
    grants.push([form.get('grant_type'), form.get('scope')].filter((each) => each !== null).join(' '))
    if (closed) return [503, { error: 'temporarily_unavailable' }]
    if (id !== client.client_id || secret !== client.client_secret) return [401, { error: 'invalid_client' }]
    if (form.get('grant_type') === 'refresh_token') {
      if (forgotten || form.get('refresh_token') !== 'refresh-0123456789') return [400, { error: 'invalid_grant' }]
    } else if (forgotten) {
      givingOut.resolve()
      // Whoever was just refused would be back before the token is there.
      await delay(300)
    }
    const token = `planted-access-token-${tokens.length + 1}-0123456789`
    tokens.push(token)
    taken.add(token)
    return [200, { access_token: token, token_type: 'Bearer', expires_in: 3600 }]
  }

  const tools = (): McpServer => {
    const server = new McpServer({ name: 'guarded', version: '1.0.0' })
    server.registerTool(
      'whoami',
      { description: 'Says the token it was called with.', annotations: { readOnlyHint: true } },
      ({ requestInfo }) => ({
        content: [{ type: 'text', text: `called with ${String(requestInfo?.headers['authorization'])}` }],
      }),
    )
    return server
  }

  const server = createServer(async (request, response) => {
    const json = (status: number, body: object, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    const path = new URL(request.url ?? '/', origin).pathname
    if (path === '/.well-known/oauth-protected-resource/mcp') {
      return json(200, {
        resource: `${origin}/mcp`,
        authorization_servers: [`${origin}/as`],
        scopes_supported: ['all'],
      })
    }
    if (path === '/.well-known/oauth-authorization-server/as') {
      return json(200, {
        issuer: `${origin}/as`,
        authorization_endpoint: `${origin}/as/authorize`,
        token_endpoint: `${origin}/as/token`,
        response_types_supported: ['code'],
        grant_types_supported: ['client_credentials', 'refresh_token'],
      })
    }
    if (path === '/as/token') return json(...(await grant(request)))
    if (path !== '/mcp') return json(404, {})
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    if (!taken.has(token)) {
      if (forgotten && ++refused === 2) await givingOut.promise
      const metadata = ofOther ? '' : ` resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp"`
      return json(401, { error: 'invalid_token' }, { 'www-authenticate': `Bearer${metadata}` })
    }
    // No sessions: a server and a transport for each request.
    const transport = new StreamableHTTPServerTransport()
    const mcp = tools()
    response.once('close', () => void mcp.close())
    await mcp.connect(transport as Parameters<typeof mcp.connect>[0])
    return transport.handleRequest(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening')
  origin = `http://127.0.0.1:${address.port}`
  try {
    await work({
      url: `${origin}/mcp`,
      issuer: `${origin}/as`,
      tokenEndpoint: `${origin}/as/token`,
      grants,
      tokens,
      expire: () => taken.clear(),
      forgetRefreshToken: () => {
        forgotten = true
      },
      close: () => {
        closed = true
        taken.clear()
      },
    })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
