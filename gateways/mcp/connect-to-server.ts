// Opens the line to an MCP server, and ends it for certain: also one that never answers its greeting.
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { createSlots } from '../../handlers/slots.ts'
import type { McpServerDefinition } from '../../schemas/agent-definition.ts'
import { withoutSecretsOf } from './known-secrets.ts'

export interface ConnectionOptions {
  readonly definition: McpServerDefinition
  readonly secret: (name: string) => string | undefined
  readonly connectTimeoutMs: number
}

export interface OpenSession {
  readonly client: Client
  /** The last lines a stdio server wrote to stderr: often the only word on why it died. */
  readonly complaints: () => string
  /** A text of the server's without the secrets that it was given. */
  readonly withoutSecrets: (text: string) => string
}

export interface Connection {
  readonly opened: Promise<OpenSession>
  /** Resolves when the server's process is gone, or after a few seconds. */
  readonly end: () => Promise<void>
}

const keptComplaints = 4_000
/** The SDK closes stdin, and sends SIGTERM after 2 s and SIGKILL after 4. */
const endLimitMs = 6_000
const farewellMs = 1_000
const pingMs = 5_000
const graceMs = 1_000

/** Servers started at once: a burst of sessions must not starve the machine that everything else runs on. */
const starts = createSlots(8)

export const connectToServer = (
  { definition, secret, connectTimeoutMs }: ConnectionOptions,
  onClosed: () => void,
): Connection => {
  const { transport, complaints, farewell } = transportOf(definition, secret)
  const withoutSecrets = withoutSecretsOf(definition, secret)
  const client = new Client({ name: 'casebook', version: '0.1.0' })
  const abort = new AbortController()
  const closed = Promise.withResolvers<void>()
  client.onclose = () => {
    closed.resolve()
    onClosed()
  }
  client.onerror = (error) => {
    // A stream that broke says nothing of the calls that wait on it; whether the server is still there, it can tell itself.
    if (!/SSE stream disconnected|Maximum reconnection attempts/.test(error.message)) return
    client.ping({ timeout: pingMs }).catch(async () => {
      // A call that is just being refused can tell so itself: that it did not run.
      await delay(graceMs, undefined, { ref: false })
      await client.close().catch(() => undefined)
    })
  }

  const open = async (): Promise<OpenSession> => {
    const started = await starts.take()
    try {
      abort.signal.throwIfAborted()
      await client.connect(transport, { timeout: connectTimeoutMs, signal: abort.signal })
    } catch (error) {
      const said = complaints().trim()
      const reason = error instanceof Error ? reasonOf(error) : String(error)
      throw new Error(withoutSecrets(said === '' ? reason : `${reason} (it said: ${said.slice(-500)})`))
    } finally {
      started()
    }
    return { client, complaints, withoutSecrets }
  }

  const opened = open()
  return {
    opened,
    end: async () => {
      abort.abort()
      const started = await opened.then(
        () => true,
        () => false,
      )
      if (started) await atMost(farewellMs, farewell())
      await client.close().catch(() => undefined)
      await atMost(endLimitMs, closed.promise)
    },
  }
}

/** `fetch failed` says nothing; its cause does. */
export const reasonOf = (error: Error): string => {
  const cause = error.cause instanceof Error ? error.cause.message : ''
  return (cause === '' || error.message.includes(cause) ? error.message : `${error.message}: ${cause}`).slice(0, 1_000)
}

const atMost = async (limitMs: number, work: Promise<void>): Promise<void> => {
  const limit = Promise.withResolvers<void>()
  const timer = setTimeout(limit.resolve, limitMs)
  await Promise.race([work.catch(() => undefined), limit.promise])
  clearTimeout(timer)
}

interface OpenTransport {
  readonly transport: Transport
  readonly complaints: () => string
  readonly farewell: () => Promise<void>
}

const transportOf = ({ transport }: McpServerDefinition, secret: ConnectionOptions['secret']): OpenTransport => {
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
      return { transport: stdio, complaints: () => said, farewell: () => Promise.resolve() }
    }
    case 'http': {
      const token = transport.bearer_token_env === undefined ? undefined : secret(transport.bearer_token_env)
      const headers = { ...transport.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) }
      const http = new StreamableHTTPClientTransport(new URL(transport.url), { requestInit: { headers } })
      // The SDK types its optional session id without `undefined`, which strict optional types refuse.
      return { transport: http as Transport, complaints: () => '', farewell: () => http.terminateSession() }
    }
  }
}
