// A line by the revisions up to 2025-11-25: over stdio, streamable HTTP, or the HTTP and SSE transport before it.
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport, SseError } from '@modelcontextprotocol/sdk/client/sse.js'
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  ElicitRequestSchema,
  type ElicitResult,
  ErrorCode,
  McpError,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import type { ToolAnswer } from '../../handlers/ports/tool-box.ts'
import {
  atMost,
  clientCapabilities,
  type Door,
  faultOfStatus,
  keepComplaints,
  type LineFault,
  type LineOptions,
  type LineRequest,
  type LineStart,
  type McpLine,
  neverConnected,
  notTried,
  urlRequired,
} from './mcp-line.ts'

/** The SDK closes stdin, and sends SIGTERM after 2 s and SIGKILL after 4. */
const endLimitMs = 6_000
const farewellMs = 1_000
const pingMs = 5_000
const graceMs = 1_000

/** Not the SDK's own schemas: they refuse a whole list for one tool, and a result that breaks its promise as if it never was. */
const anyResult = z.looseObject({})

export const startEarlierLine = (door: Door, options: LineOptions): LineStart => {
  const { transport, complaints, farewell } = transportOf(door)
  const revision = noteRevision(transport)
  const client = new Client({ name: 'casebook', version: '0.1.0' }, { capabilities: clientCapabilities })
  const closed = Promise.withResolvers<void>()
  client.onclose = () => {
    closed.resolve()
    options.onClosed()
  }
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => options.onToolsChanged())
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => elicited(await options.onQuestion(params)))
  let isOpen = false
  client.onerror = (error) => {
    if (isOpen) void endIfGone(client, error, options.onClosed)
  }

  const open = async (): Promise<McpLine> => {
    await client.connect(transport, { timeout: options.timeoutMs, signal: options.signal })
    isOpen = true
    return {
      era: 'earlier',
      revision: revision(),
      listPage: (cursor, request) =>
        client.request(
          { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
          anyResult,
          sdkOptions(request),
        ),
      call: ({ name, arguments: given, _meta }, request) =>
        client.request(
          { method: 'tools/call', params: { name, arguments: given, _meta } },
          anyResult,
          sdkOptions(request),
        ),
      ping: async (request) => {
        await client.ping(sdkOptions(request))
      },
      faultOf,
      linksOf,
    }
  }

  const opened = open()
  return {
    opened,
    complaints,
    isOtherWay: (error) => isOtherWay(door, error),
    end: async () => {
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

const endIfGone = async (client: Client, error: Error, onGone: () => void): Promise<void> => {
  // The next stream of the old transport is a new session, in which nobody waits for the answers of this one.
  if (error instanceof SseError) return client.close().catch(() => undefined)
  // A stream that broke says nothing of the calls that wait on it; whether the server is still there, it can tell itself.
  if (!/SSE stream disconnected|Maximum reconnection attempts/.test(error.message)) return
  await client.ping({ timeout: pingMs }).catch(async () => {
    // The next call must not begin on a line that is about to end.
    onGone()
    // A call that is just being refused can tell so itself: that it did not run.
    await delay(graceMs, undefined, { ref: false })
    await client.close().catch(() => undefined)
  })
}

/** The SDK's own words, whose lists are not read-only. */
const elicited = (answer: ToolAnswer): ElicitResult =>
  answer.action === 'accept' ? { action: 'accept', content: elicitContent.parse(answer.content ?? {}) } : { ...answer }

const elicitContent = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))

const sdkOptions = ({ signal, timeoutMs, onProgress }: LineRequest) => ({
  signal,
  timeout: timeoutMs,
  ...(onProgress !== undefined && { onprogress: onProgress }),
})

const postFailed = /^Error POSTing to endpoint \(HTTP (\d{3})\)/

const faultOf = (error: unknown): LineFault => {
  if (error instanceof McpError) {
    if (error.code === ErrorCode.RequestTimeout) return 'timed_out'
    if (error.code === ErrorCode.ConnectionClosed) return 'broken'
    return notTried.has(error.code) ? 'refused' : 'server_error'
  }
  if (error instanceof StreamableHTTPError) return error.code === undefined ? 'broken' : faultOfStatus(error.code)
  if (error instanceof Error && error.message === 'Not connected') return 'forgotten'
  const status = error instanceof Error ? postFailed.exec(error.message)?.[1] : undefined
  if (status !== undefined) return faultOfStatus(Number(status))
  return neverConnected(error) ? 'not_taken' : 'broken'
}

const linksData = z.looseObject({ elicitations: z.array(z.unknown()) })

const linksOf = (error: unknown): readonly unknown[] =>
  error instanceof McpError && error.code === urlRequired
    ? (linksData.safeParse(error.data).data?.elicitations ?? [])
    : []

const isOtherWay = (door: Door, error: unknown): boolean => {
  if (door.type === 'stdio') {
    return (
      error instanceof McpError && error.code !== ErrorCode.RequestTimeout && error.code !== ErrorCode.ConnectionClosed
    )
  }
  return error instanceof StreamableHTTPError && [400, 404, 405, 406, 415].includes(error.code ?? 0)
}

interface OpenTransport {
  readonly transport: Transport
  readonly complaints: () => string
  readonly farewell: () => Promise<void>
}

const transportOf = (door: Door): OpenTransport => {
  switch (door.type) {
    case 'stdio': {
      const { command, args, env } = door
      // Never our whole environment: a server sees what its definition gives it.
      const stdio = new StdioClientTransport({
        command,
        args: [...args],
        env: { ...getDefaultEnvironment(), ...env },
        stderr: 'pipe',
      })
      return { transport: stdio, complaints: keepComplaints(stdio.stderr), farewell: () => Promise.resolve() }
    }
    case 'http': {
      const http = new StreamableHTTPClientTransport(new URL(door.url), httpOptions(door))
      // The SDK types its optional session id without `undefined`, which strict optional types refuse.
      return { transport: http as Transport, complaints: () => '', farewell: () => http.terminateSession() }
    }
    case 'sse': {
      const sse = new SSEClientTransport(new URL(door.url), httpOptions(door))
      return { transport: sse, complaints: () => '', farewell: () => Promise.resolve() }
    }
  }
}

const httpOptions = ({ headers, fetch }: Exclude<Door, { type: 'stdio' }>) => ({
  requestInit: { headers },
  fetch,
})

/** The SDK tells the revision agreed on to the transport alone. */
const noteRevision = (transport: Transport): (() => string) => {
  let agreed = 'unknown'
  const pass = transport.setProtocolVersion?.bind(transport)
  transport.setProtocolVersion = (version) => {
    agreed = version
    pass?.(version)
  }
  return () => agreed
}
