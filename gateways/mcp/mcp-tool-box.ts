// Tools by MCP: isolated server sessions for each execution, and an honest word on whether a call ran.
import { withSpan } from '../../commands/with-span.ts'
import type { Log } from '../../handlers/ports/log.ts'
import type { ToolBox, ToolServerHealth } from '../../handlers/ports/tool-box.ts'
import type { McpServerDefinition } from '../../schemas/agent-definition.ts'
import { createAuthorizations } from './authorization.ts'
import { callTool } from './call-tool.ts'
import { createKnownWays } from './known-ways.ts'
import { listTools } from './list-tools.ts'
import { reasonOf } from './reason-of.ts'
import { createServerHealth } from './server-health.ts'
import { createServerSession, type ServerSession } from './server-session.ts'
import { createToolListings } from './tool-listings.ts'
import { askServer, lastUsed } from './watch-servers.ts'

export interface McpToolBoxOptions {
  readonly servers: () => Readonly<Record<string, McpServerDefinition>>
  readonly secret: (name: string) => string | undefined
  readonly connectTimeoutMs?: number
  /** Sessions nobody used for this long are closed. */
  readonly idleMs?: number
  /** Between two questions to a server whether it is still there. */
  readonly watchMs?: number
  readonly log?: Pick<Log, 'warn'>
}

export interface McpToolBox extends ToolBox {
  /** Of every server in the configuration, by name. */
  health(): readonly ToolServerHealth[]
  close(): Promise<void>
}

interface Held {
  readonly session: ServerSession
  usedAt: number
  busy: number
}

export const createMcpToolBox = (options: McpToolBoxOptions): McpToolBox => {
  const { servers, secret, connectTimeoutMs = 30_000, idleMs = 600_000, watchMs = 30_000, log } = options
  const executions = new Map<string, Map<string, Held>>()
  const ways = createKnownWays()
  const authorizations = createAuthorizations()
  const health = createServerHealth(log)
  const noted = createToolListings()
  const closing = new AbortController()

  const hold = (execution: string, server: string, definition: McpServerDefinition): Held => {
    const executionId = definition.shared ? `shared ${JSON.stringify(definition)}` : execution
    const own = executions.get(executionId) ?? new Map<string, Held>()
    executions.set(executionId, own)
    const held = own.get(server) ?? {
      session: createServerSession({ server, definition, secret, connectTimeoutMs, ways, health, authorizations }),
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

  let asking = false
  const askAll = async (): Promise<void> => {
    if (asking) return
    asking = true
    const last = lastUsed([...executions.values()].flatMap((own) => [...own]))
    await Promise.all([...last].map(([server, held]) => askServer(server, held, health, closing.signal)))
    asking = false
  }
  const watch = setInterval(() => void askAll(), watchMs)
  watch.unref()

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
            return await use(held, () =>
              held.session.use(signal, async ({ line, present }) => {
                const listing = await listTools(line, server, definition, signal)
                present.remember(listing.tools)
                noted.listed(server, listing.tools)
                return listing
              }),
            )
          } catch (error) {
            signal.throwIfAborted()
            const reason = error instanceof Error ? reasonOf(error) : String(error)
            return { tools: [], unavailable: [{ server, reason }] }
          }
        }),
      )
      return {
        tools: listings.flatMap(({ tools }) => tools),
        unavailable: listings.flatMap(({ unavailable }) => unavailable),
      }
    },
    call: (request, signal, listener) => {
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
        () => use(held, () => callTool(request, { session: held.session, definition, signal, listener })),
      )
    },
    release,
    health: () => {
      const held = [...executions.values()].flatMap((own) => [...own.keys()])
      return Object.keys(servers())
        .sort()
        .map((server) => ({
          server,
          ...health.of(server),
          ...noted.of(server),
          executions: held.filter((each) => each === server).length,
        }))
    },
    close: async () => {
      clearInterval(sweep)
      clearInterval(watch)
      closing.abort()
      await Promise.all([...executions.keys()].map(release))
    },
  }
}
