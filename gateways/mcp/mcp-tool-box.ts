// Tools by MCP: isolated server sessions for each execution, and an honest word on whether a call ran.
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { withSpan } from '../../commands/with-span.ts'
import type { ToolBox, ToolCallRequest, ToolCallResult, ToolListing } from '../../handlers/ports/tool-box.ts'
import type { McpServerDefinition } from '../../schemas/agent-definition.ts'
import { jsonValue } from '../../schemas/json-value.ts'
import type { OfferedTool, ToolEffect } from '../../schemas/tool.ts'
import { createServerSession, type OpenSession, type ServerSession } from './server-session.ts'
import { toAnswer } from './tool-content.ts'

export interface McpToolBoxOptions {
  readonly servers: () => Readonly<Record<string, McpServerDefinition>>
  readonly secret: (name: string) => string | undefined
  readonly connectTimeoutMs?: number
  /** Sessions nobody used for this long are closed. */
  readonly idleMs?: number
}

export interface McpToolBox extends ToolBox {
  close(): Promise<void>
}

interface Held {
  readonly session: ServerSession
  usedAt: number
  busy: number
}

export const createMcpToolBox = (options: McpToolBoxOptions): McpToolBox => {
  const { servers, secret, connectTimeoutMs = 30_000, idleMs = 600_000 } = options
  const executions = new Map<string, Map<string, Held>>()

  const hold = (executionId: string, server: string, definition: McpServerDefinition): Held => {
    const own = executions.get(executionId) ?? new Map<string, Held>()
    executions.set(executionId, own)
    const held = own.get(server) ?? {
      session: createServerSession({ definition, secret, connectTimeoutMs }),
      usedAt: 0,
      busy: 0,
    }
    own.set(server, held)
    return held
  }

  const use = async <T>(held: Held, work: () => Promise<T>): Promise<T> => {
    held.busy++
    try {
      return await work()
    } finally {
      held.busy--
      held.usedAt = performance.now()
    }
  }

  const release = async (executionId: string): Promise<void> => {
    const own = executions.get(executionId)
    executions.delete(executionId)
    await Promise.all([...(own?.values() ?? [])].map(({ session }) => session.close()))
  }

  const sweep = setInterval(
    () => {
      for (const [executionId, own] of executions) {
        const idle = [...own.values()].every(({ busy, usedAt }) => busy === 0 && performance.now() - usedAt > idleMs)
        if (idle) void release(executionId)
      }
    },
    Math.min(idleMs, 30_000),
  )
  sweep.unref()

  return {
    list: async (executionId, names, signal) => {
      const listings = await Promise.all(
        names.map(async (server) => {
          const definition = servers()[server]
          if (definition === undefined) {
            return { tools: [], unavailable: [{ server, reason: 'it is not in the configuration' }] }
          }
          const held = hold(executionId, server, definition)
          try {
            return await use(held, () => listTools(held.session, server, definition, signal))
          } catch (error) {
            signal.throwIfAborted()
            return {
              tools: [],
              unavailable: [{ server, reason: error instanceof Error ? error.message : String(error) }],
            }
          }
        }),
      )
      return {
        tools: listings.flatMap(({ tools }) => tools),
        unavailable: listings.flatMap(({ unavailable }) => unavailable),
      }
    },
    call: (request, signal) => {
      const definition = servers()[request.server]
      if (definition === undefined) {
        return Promise.resolve({ kind: 'not_run', message: `server ${request.server} is not in the configuration` })
      }
      if (definition.tools !== undefined && !definition.tools.includes(request.tool)) {
        return Promise.resolve({
          kind: 'not_run',
          message: `${request.tool} is not among the tools allowed of ${request.server}`,
        })
      }
      const held = hold(request.executionId, request.server, definition)
      const attributes = { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': request.tool }
      return withSpan(
        `tools/call ${request.tool}`,
        { attributes, kind: 'CLIENT', traceparent: request.traceparent },
        () => use(held, () => callTool(held.session, request, definition, signal)),
      )
    },
    release,
    close: async () => {
      clearInterval(sweep)
      await Promise.all([...executions.keys()].map(release))
    },
  }
}

/** The log takes no longer names. */
const longestToolName = 200

/** Pages followed when a server lists its tools; a server that never ends its list is cut off. */
const maxPages = 50

const listTools = async (
  session: ServerSession,
  server: string,
  definition: McpServerDefinition,
  signal: AbortSignal,
): Promise<ToolListing> => {
  const { client } = await session.open(signal)
  const tools: OfferedTool[] = []
  const unavailable: { readonly server: string; readonly reason: string }[] = []
  let cursor: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const listed = await client.listTools(cursor === undefined ? {} : { cursor }, { signal, timeout: 30_000 })
    for (const tool of listed.tools) {
      if (definition.tools !== undefined && !definition.tools.includes(tool.name)) continue
      const name = `${server}__${tool.name}`
      if (name.length > longestToolName) {
        unavailable.push({ server, reason: `its tool ${tool.name.slice(0, 60)}… has too long a name` })
        continue
      }
      tools.push({
        name,
        server,
        tool: tool.name,
        description: (tool.description ?? tool.title ?? '').slice(0, 8000),
        inputSchema: jsonValue.parse(tool.inputSchema),
        effect: effectOf(tool.annotations),
      })
    }
    cursor = listed.nextCursor
    if (cursor === undefined) break
  }
  return { tools, unavailable }
}

/** Annotations are hints; what is not said is taken for the worst. */
export const effectOf = (
  annotations: { readonly readOnlyHint?: boolean | undefined; readonly idempotentHint?: boolean | undefined } = {},
): ToolEffect =>
  annotations.readOnlyHint === true ? 'read_only' : annotations.idempotentHint === true ? 'idempotent' : 'unsafe'

const anyResult = z.looseObject({})
const toolArguments = z.record(z.string(), z.unknown()).catch({})

const callTool = async (
  session: ServerSession,
  request: ToolCallRequest,
  definition: McpServerDefinition,
  signal: AbortSignal,
): Promise<ToolCallResult> => {
  let open: OpenSession
  try {
    open = await session.open(signal)
  } catch (error) {
    signal.throwIfAborted()
    return {
      kind: 'not_run',
      message: `${request.server} cannot be reached: ${error instanceof Error ? error.message : String(error)}`,
    }
  }
  try {
    // Not `callTool`: it throws "invalid params" for a result that breaks the tool's output schema, though the tool ran.
    const result = await open.client.request(
      {
        method: 'tools/call',
        params: {
          name: request.tool,
          arguments: toolArguments.parse(request.arguments),
          _meta: {
            'casebook/idempotency-key': request.toolCallId,
            ...(request.traceparent !== undefined && { traceparent: request.traceparent }),
          },
        },
      },
      anyResult,
      { signal, timeout: definition.call_timeout_seconds * 1000, resetTimeoutOnProgress: true },
    )
    return toAnswer(result)
  } catch (error) {
    signal.throwIfAborted()
    return failedCall(error, request, open, session)
  }
}

/** Protocol errors by which a server says it did not even try. */
const notTried: ReadonlySet<number> = new Set([
  ErrorCode.InvalidParams,
  ErrorCode.MethodNotFound,
  ErrorCode.InvalidRequest,
])

const failedCall = async (
  error: unknown,
  request: ToolCallRequest,
  open: OpenSession,
  session: ServerSession,
): Promise<ToolCallResult> => {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof McpError && notTried.has(error.code)) return { kind: 'not_run', message }
  // After a time-out or a broken connection the session is not trusted any more; the next call opens a new one.
  await session.close()
  const said = open.complaints().trim()
  const why = said === '' ? message : `${message} (it said: ${said.slice(-500)})`
  return { kind: 'unknown', message: `${request.tool} of ${request.server}: ${why}` }
}
