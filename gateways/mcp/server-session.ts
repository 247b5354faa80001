// One session with one MCP server, for one execution: opened at first use, opened again after it broke.
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { McpServerDefinition } from '../../schemas/agent-definition.ts'

export interface OpenSession {
  readonly client: Client
  /** The last lines a stdio server wrote to stderr: often the only word on why it died. */
  readonly complaints: () => string
}

export interface ServerSession {
  open(signal: AbortSignal): Promise<OpenSession>
  close(): Promise<void>
}

export interface SessionOptions {
  readonly definition: McpServerDefinition
  readonly secret: (name: string) => string | undefined
  readonly connectTimeoutMs: number
}

const keptComplaints = 4_000

export const createServerSession = ({ definition, secret, connectTimeoutMs }: SessionOptions): ServerSession => {
  let current: Promise<OpenSession> | null = null
  let closing = new AbortController()

  const connect = async (signal: AbortSignal): Promise<OpenSession> => {
    const { transport, complaints } = transportOf(definition, secret)
    const client = new Client({ name: 'casebook', version: '0.1.0' })
    try {
      await client.connect(transport, { timeout: connectTimeoutMs, signal })
    } catch (error) {
      await client.close().catch(() => undefined)
      const said = complaints().trim()
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(said === '' ? reason : `${reason} (it said: ${said.slice(-500)})`, { cause: error })
    }
    client.onclose = () => {
      current = null
    }
    return { client, complaints }
  }

  return {
    open: async (signal) => {
      current ??= connect(closing.signal)
      const opening = current
      opening.catch(() => {
        if (current === opening) current = null
      })
      // A caller may leave; the session goes on opening for the others of its execution.
      return unlessAborted(opening, signal)
    },
    close: async () => {
      const opening = current
      current = null
      closing.abort(new Error('the session was closed'))
      closing = new AbortController()
      const opened = await opening?.catch(() => null)
      await opened?.client.close().catch(() => undefined)
    },
  }
}

const unlessAborted = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  signal.throwIfAborted()
  const left = Promise.withResolvers<never>()
  const leave = (): void => left.reject(signal.reason)
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([work, left.promise])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

const transportOf = (
  { transport }: McpServerDefinition,
  secret: SessionOptions['secret'],
): { readonly transport: Transport; readonly complaints: () => string } => {
  switch (transport.type) {
    case 'stdio': {
      // Never our whole environment: a server sees what its definition gives it.
      const stdio = new StdioClientTransport({
        command: transport.command,
        args: [...transport.args],
        env: { ...getDefaultEnvironment(), ...transport.env },
        stderr: 'pipe',
      })
      let said = ''
      stdio.stderr?.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-keptComplaints)
      })
      return { transport: stdio, complaints: () => said }
    }
    case 'http': {
      const token = transport.bearer_token_env === undefined ? undefined : secret(transport.bearer_token_env)
      const headers = { ...transport.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) }
      const http = new StreamableHTTPClientTransport(new URL(transport.url), { requestInit: { headers } })
      // The SDK types its optional session id without `undefined`, which strict optional types refuse.
      return { transport: http as Transport, complaints: () => '' }
    }
  }
}
