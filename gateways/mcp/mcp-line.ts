// One open line to an MCP server, whichever revision it speaks: the port that the rest of this folder is written against.
import type { FetchLike } from '@modelcontextprotocol/client'
import type { ToolAnswer, ToolProgress } from '../../handlers/ports/tool-box.ts'
import { NotLetIn } from './authorization.ts'

/** `earlier`: every revision that begins with a greeting, up to 2025-11-25. */
export type McpEra = 'earlier' | '2026-07-28'

export type LineFault =
  /** The server says that it did not even try. */
  | 'refused'
  /** The server answered with another error: it may have tried. */
  | 'server_error'
  /** No answer came in time. */
  | 'timed_out'
  /** The connection broke while an answer was awaited. */
  | 'broken'
  /** It never arrived: nobody there, or refused at the door. */
  | 'not_taken'
  /** It did nothing as it does not know this session (any more). */
  | 'forgotten'

export interface LineRequest {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly onProgress?: (progress: ToolProgress) => void
}

export interface LineCall {
  readonly name: string
  readonly arguments: Record<string, unknown>
  readonly _meta: Record<string, unknown>
  /** As the server lists it; some revisions repeat parts of the arguments in headers. */
  readonly inputSchema?: unknown
  /** What people said to what the server asked instead of answering. */
  readonly answered?: {
    readonly inputResponses: Readonly<Record<string, ToolAnswer>>
    readonly requestState: string | undefined
  }
}

export interface McpLine {
  readonly era: McpEra
  readonly revision: string
  /** One page of `tools/list`, unchecked. */
  listPage(cursor: string | undefined, request: LineRequest): Promise<unknown>
  /** The result of `tools/call`, unchecked. */
  call(call: LineCall, request: LineRequest): Promise<unknown>
  /** Resolves when the server answers. */
  ping(request: LineRequest): Promise<void>
  /** Links that people are to follow before the call is made again, when that is what an error says. */
  linksOf(error: unknown): readonly unknown[]
  /** What an error of this line's says about the request that failed. */
  faultOf(error: unknown): LineFault
}

export interface LineStart {
  readonly opened: Promise<McpLine>
  /** The last lines a stdio server wrote to stderr: often the only word on why it died. */
  readonly complaints: () => string
  /** The server speaks, but not this way: another may do. */
  readonly isOtherWay: (error: unknown) => boolean
  /** Resolves when the server's process is gone, or after a few seconds. */
  readonly end: () => Promise<void>
}

export interface LineOptions {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly onClosed: () => void
  readonly onToolsChanged: () => void
  /** The parameters of `elicitation/create`, unchecked. */
  readonly onQuestion: (params: unknown) => Promise<ToolAnswer>
}

/** How to reach a server, with its secrets filled in. */
export type Door =
  | {
      readonly type: 'stdio'
      readonly command: string
      readonly args: readonly string[]
      readonly env: Readonly<Record<string, string>>
    }
  | {
      readonly type: 'http' | 'sse'
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      /** Puts a token on each request, where one is fetched for the server. */
      readonly fetch: FetchLike
    }

const noConnection = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/

/** Before there was a connection, nothing was sent. */
export const neverConnected = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined
  if (error instanceof NotLetIn || cause instanceof NotLetIn) return true
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  return noConnection.test(code)
}

/** By an HTTP status: at the door, or behind it. */
export const faultOfStatus = (status: number): LineFault => {
  // A server that was started anew does not know our session: 404 by the protocol, 400 by many servers.
  if (status === 404 || status === 400) return 'forgotten'
  return status >= 400 && status < 500 && status !== 408 ? 'not_taken' : 'broken'
}

/** The server wants people to follow a link first (2025-11-25). */
export const urlRequired = -32042

/** For calls whose end is told by their signal: the longest a timer can wait. */
export const untilTold = 2_147_483_647

/** What is said of the client to a server: it can put questions before people, and links. */
export const clientCapabilities = { elicitation: { form: {}, url: {} } }

/** JSON-RPC and MCP codes by which a server says it did not even try. */
export const notTried: ReadonlySet<number> = new Set([
  -32700,
  -32600,
  -32601,
  -32602,
  -32020,
  -32021,
  -32022,
  urlRequired,
])

/** @returns once the work is done, or the time is up. */
export const atMost = async (limitMs: number, work: Promise<unknown>): Promise<void> => {
  const limit = Promise.withResolvers<void>()
  const timer = setTimeout(limit.resolve, limitMs)
  await Promise.race([work.catch(() => undefined), limit.promise])
  clearTimeout(timer)
}

const keptComplaints = 4_000

export interface Stderr {
  on(event: 'data', listener: (chunk: Buffer) => void): unknown
}

export const keepComplaints = (stderr: Stderr | null): (() => string) => {
  let said = ''
  stderr?.on('data', (chunk) => {
    said = (said + chunk.toString()).slice(-keptComplaints)
  })
  return () => said
}
