// One tool call by MCP, and what may be said of it afterwards: answered, certainly not run, or unknown.
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import type { ToolCallRequest, ToolCallResult } from '../../handlers/ports/tool-box.ts'
import type { McpServerDefinition } from '../../schemas/agent-definition.ts'
import { type OpenSession, reasonOf } from './connect-to-server.ts'
import type { ServerSession } from './server-session.ts'
import { toAnswer } from './tool-content.ts'

const toolArguments = z.record(z.string(), z.unknown())
/** Not the SDK's `callTool`: that reports a result which breaks its own schema as a call that was refused. */
const anyResult = z.looseObject({})

/** Never throws but for an abort. */
export const callTool = async (
  session: ServerSession,
  request: ToolCallRequest,
  definition: McpServerDefinition,
  signal: AbortSignal,
): Promise<ToolCallResult> => {
  const parsed = toolArguments.safeParse(request.arguments)
  if (!parsed.success) return { kind: 'not_run', message: `The arguments of ${request.tool} are not a JSON object.` }
  let used: OpenSession | null = null
  try {
    return await session.use(signal, async (open) => {
      used = open
      const result = await open.client.request(
        {
          method: 'tools/call',
          params: {
            name: request.tool,
            arguments: parsed.data,
            _meta: {
              'casebook/idempotency-key': request.toolCallId,
              ...(request.traceparent !== undefined && { traceparent: request.traceparent }),
            },
          },
        },
        anyResult,
        { signal, timeout: definition.call_timeout_seconds * 1000 },
      )
      const answer = toAnswer(result)
      return { ...answer, text: open.withoutSecrets(answer.text) }
    })
  } catch (error) {
    signal.throwIfAborted()
    const message = error instanceof Error ? reasonOf(error) : String(error)
    if (used === null) return { kind: 'not_run', message: `${request.server} cannot be reached: ${message}` }
    return failedCall(error, message, request, used, session)
  }
}

const failedCall = (
  error: unknown,
  written: string,
  { server, tool }: ToolCallRequest,
  open: OpenSession,
  session: ServerSession,
): ToolCallResult => {
  const message = open.withoutSecrets(written)
  if (error instanceof McpError && notTried.has(error.code)) return { kind: 'not_run', message }
  const serverAnswered = error instanceof McpError && !brokenLine.has(error.code)
  if (!serverAnswered) session.retire(open)
  if (neverArrived(error)) return { kind: 'not_run', message: `${server} did not take the call: ${message}` }
  const said = open.withoutSecrets(open.complaints()).trim()
  const why = said === '' || serverAnswered ? message : `${message} (it said: ${said.slice(-500)})`
  return { kind: 'unknown', message: `${tool} of ${server}: ${why}` }
}

/** Protocol errors by which a server says it did not even try. */
const notTried: ReadonlySet<number> = new Set([
  ErrorCode.InvalidParams,
  ErrorCode.MethodNotFound,
  ErrorCode.InvalidRequest,
  ErrorCode.ParseError,
])

/** Errors the SDK makes itself when no answer came. */
const brokenLine: ReadonlySet<number> = new Set([ErrorCode.RequestTimeout, ErrorCode.ConnectionClosed])

const noConnection = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/

/** Refused at the door, or no door was found. */
const neverArrived = (error: unknown): boolean => {
  if (error instanceof StreamableHTTPError) {
    return error.code !== undefined && error.code >= 400 && error.code < 500 && error.code !== 408
  }
  if (!(error instanceof Error)) return false
  const cause = error.cause
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  return error.message === 'Not connected' || noConnection.test(code)
}
