// One tool call by MCP, and what may be said of it afterwards: answered, certainly not run, or unknown.
import { z } from 'zod'
import type { ToolCallRequest, ToolCallResult } from '../../handlers/ports/tool-box.ts'
import type { McpServerDefinition } from '../../schemas/agent-definition.ts'
import { type OpenSession, reasonOf } from './connect-to-server.ts'
import type { ServerSession } from './server-session.ts'
import { toAnswer } from './tool-content.ts'

const toolArguments = z.record(z.string(), z.unknown())

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
      const result = await open.line.call(
        {
          name: request.tool,
          arguments: parsed.data,
          _meta: {
            'casebook/idempotency-key': request.toolCallId,
            ...(request.traceparent !== undefined && { traceparent: request.traceparent }),
          },
        },
        { signal, timeoutMs: definition.call_timeout_seconds * 1000 },
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
  const fault = open.line.faultOf(error)
  const serverAnswered = fault === 'refused' || fault === 'server_error'
  if (!serverAnswered) session.retire(open)
  switch (fault) {
    case 'refused':
      return { kind: 'not_run', message }
    case 'not_taken':
    case 'forgotten':
      return { kind: 'not_run', message: `${server} did not take the call: ${message}` }
    case 'server_error':
    case 'timed_out':
    case 'broken': {
      const said = open.withoutSecrets(open.complaints()).trim()
      const why = said === '' || serverAnswered ? message : `${message} (it said: ${said.slice(-500)})`
      return { kind: 'unknown', message: `${tool} of ${server}: ${why}` }
    }
  }
}
