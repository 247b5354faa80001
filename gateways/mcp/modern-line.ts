// A line by the revision 2026-07-28: no greeting and no session, every request stands for itself.
import {
  Client,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client'
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { z } from 'zod'
import {
  atMost,
  clientCapabilities,
  type Door,
  faultOfStatus,
  keepComplaints,
  type LineCall,
  type LineFault,
  type LineOptions,
  type LineRequest,
  type LineStart,
  type McpLine,
  neverConnected,
  notTried,
} from './mcp-line.ts'

const revision = '2026-07-28'
/** The SDK closes stdin, and sends SIGTERM after 2 s and SIGKILL after 4. */
const endLimitMs = 6_000

const anyResult = z.looseObject({})

/** A subclass is asked on its own process; for the base class the SDK would start a second one to ask. */
class OwnProcessTransport extends StdioClientTransport {}

export const startModernLine = (door: Door, options: LineOptions): LineStart => {
  const { transport, complaints } = transportOf(door)
  const client = new Client(
    { name: 'casebook', version: '0.1.0' },
    { versionNegotiation: { mode: { pin: revision } }, capabilities: clientCapabilities },
  )
  client.onclose = options.onClosed
  const end = async (): Promise<void> => {
    await client.close().catch(() => undefined)
    // Until the server has answered, the client does not know its transport.
    await atMost(endLimitMs, transport.close())
  }

  const open = async (): Promise<McpLine> => {
    // The SDK does not listen to the signal while it asks for the revision.
    const abort = (): void => void transport.close()
    options.signal.addEventListener('abort', abort, { once: true })
    try {
      await client.connect(transport, { timeout: options.timeoutMs, signal: options.signal })
    } finally {
      options.signal.removeEventListener('abort', abort)
    }
    return {
      era: revision,
      revision,
      listPage: (cursor, request) =>
        client.request(
          { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
          anyResult,
          sdkOptions(request),
        ),
      call: (call, request) => callBy(client, call, request),
      // This revision has no ping; that the server says what it is serves as well.
      ping: async (request) => {
        await client.discover(sdkOptions(request))
      },
      faultOf,
      // This revision asks in place of a result.
      linksOf: () => [],
    }
  }

  return {
    opened: open(),
    complaints,
    // Whatever went wrong, the greeting of the earlier revisions tells it in words that people can look up.
    isOtherWay: () => true,
    end,
  }
}

const callBy = (client: Client, call: LineCall, request: LineRequest): Promise<unknown> => {
  const { name, arguments: given, _meta, inputSchema, answered } = call
  const options = { ...sdkOptions(request), allowInputRequired: true }
  const params = { name, arguments: given, _meta, ...answered }
  const mirrored = mirroredSchema.safeParse(inputSchema).data
  if (mirrored === undefined || !JSON.stringify(inputSchema).includes('"x-mcp-header"')) {
    return client.request({ method: 'tools/call', params }, anyResult, options)
  }
  return client.callTool(params, { ...options, toolDefinition: { name, inputSchema: mirrored } })
}

const mirroredSchema = z.looseObject({ type: z.literal('object') })

const sdkOptions = ({ signal, timeoutMs, onProgress }: LineRequest) => ({
  signal,
  timeout: timeoutMs,
  ...(onProgress !== undefined && { onprogress: onProgress }),
})

const faultOf = (error: unknown): LineFault => {
  if (ProtocolError.isInstance(error)) return notTried.has(error.code) ? 'refused' : 'server_error'
  if (SdkHttpError.isInstance(error)) {
    // There is no session to forget.
    const fault = faultOfStatus(error.status)
    return fault === 'forgotten' ? 'not_taken' : fault
  }
  if (SdkError.isInstance(error)) {
    switch (error.code) {
      case SdkErrorCode.RequestTimeout:
        return 'timed_out'
      case SdkErrorCode.NotConnected:
        return 'forgotten'
      case SdkErrorCode.InvalidResult:
      case SdkErrorCode.UnsupportedResultType:
        return 'server_error'
      default:
        return 'broken'
    }
  }
  if (error instanceof Error && error.message === 'Not connected') return 'forgotten'
  return neverConnected(error) ? 'not_taken' : 'broken'
}

interface OpenTransport {
  readonly transport: OwnProcessTransport | StreamableHTTPClientTransport
  readonly complaints: () => string
}

const transportOf = (door: Door): OpenTransport => {
  if (door.type !== 'stdio') {
    const http = new StreamableHTTPClientTransport(new URL(door.url), {
      requestInit: { headers: { ...door.headers } },
      fetch: door.fetch,
    })
    return { transport: http, complaints: () => '' }
  }
  const stdio = new OwnProcessTransport({
    command: door.command,
    args: [...door.args],
    env: { ...getDefaultEnvironment(), ...door.env },
    stderr: 'pipe',
  })
  return { transport: stdio, complaints: keepComplaints(stdio.stderr) }
}
