// One tool call by MCP, and what may be said of it afterwards: answered, certainly not run, or unknown.
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { ToolCallListener, ToolCallRequest, ToolCallResult } from '../../handlers/ports/tool-box.ts'
import { untilAborted } from '../../handlers/until-aborted.ts'
import type { McpServerDefinition } from '../../schemas/agent-definition.ts'
import { type CallClock, startCallClock } from './call-clock.ts'
import { callWithAnswers } from './call-with-answers.ts'
import type { OpenSession } from './connect-to-server.ts'
import { type LineFault, untilTold } from './mcp-line.ts'
import { changeOf } from './present-tools.ts'
import { reasonOf } from './reason-of.ts'
import type { ServerSession } from './server-session.ts'
import { toAnswer } from './tool-content.ts'

const toolArguments = z.record(z.string(), z.unknown())

/** A server that is started anew needs a moment. */
const beforeRepeatMs = 250
/** Progress keeps a call alive, but not for ever. */
const longestMs = 3_600_000

export interface CallOptions {
  readonly session: ServerSession
  readonly definition: McpServerDefinition
  readonly signal: AbortSignal
  readonly listener?: ToolCallListener | undefined
}

/**
 * A call whose connection broke is made once more, if the tool says that repeating it does no harm.
 * Never throws but for an abort.
 */
export const callTool = async (request: ToolCallRequest, options: CallOptions): Promise<ToolCallResult> => {
  const parsed = toolArguments.safeParse(request.arguments)
  if (!parsed.success) return { kind: 'not_run', message: `The arguments of ${request.tool} are not a JSON object.` }
  const first = await callOnce(request, parsed.data, options)
  const { offered } = request
  if (first.fault !== 'broken' || offered === undefined || offered.effect === 'unsafe') return first.result
  await untilAborted(delay(beforeRepeatMs), options.signal)
  return (await callOnce(request, parsed.data, options)).result
}

interface Outcome {
  readonly result: ToolCallResult
  readonly fault?: LineFault
}

const callOnce = async (
  request: ToolCallRequest,
  given: Record<string, unknown>,
  { session, definition, signal, listener }: CallOptions,
): Promise<Outcome> => {
  const timeoutMs = definition.call_timeout_seconds * 1000
  let used: OpenSession | null = null
  let sent = false
  let clock: CallClock | undefined
  try {
    return await session.use(signal, async (open) => {
      used = open
      sent = false
      const { offered } = request
      if (offered !== undefined) {
        const present = await untilAborted(open.present.find(request.tool), signal)
        const change = changeOf(request.server, request.tool, offered, present)
        if (change !== null) return { result: { kind: 'not_run', message: change } }
      }
      sent = true
      const running = startCallClock({
        timeoutMs,
        longestMs: Math.max(timeoutMs, Math.min(10 * timeoutMs, longestMs)),
      })
      clock = running
      const { answer, leave } = open.calls.enter({
        executionId: request.executionId,
        ask: listener?.ask,
        clock: running,
      })
      const result = await callWithAnswers(
        open.line,
        {
          name: request.tool,
          arguments: given,
          inputSchema: offered?.inputSchema,
          _meta: {
            'casebook/idempotency-key': request.toolCallId,
            ...(request.traceparent !== undefined && { traceparent: request.traceparent }),
          },
        },
        {
          signal: AbortSignal.any([signal, running.signal]),
          timeoutMs: untilTold,
          onProgress: ({ progress, total, message }) => {
            running.progress()
            listener?.onProgress?.({
              progress,
              total,
              message: message === undefined ? undefined : open.withoutSecrets(message),
            })
          },
        },
        answer,
      ).finally(leave)
      return { result: toAnswer(result, open.withoutSecrets) }
    })
  } catch (error) {
    signal.throwIfAborted()
    const message = error instanceof Error ? reasonOf(error) : String(error)
    if (used === null) {
      return { result: { kind: 'not_run', message: `${request.server} cannot be reached: ${message}` } }
    }
    return failedCall(error, message, request, used, session, sent)
  } finally {
    clock?.stop()
  }
}

const failedCall = (
  error: unknown,
  written: string,
  { server, tool }: ToolCallRequest,
  open: OpenSession,
  session: ServerSession,
  sent: boolean,
): Outcome => {
  const message = open.withoutSecrets(written)
  const fault = open.line.faultOf(error)
  const serverAnswered = fault === 'refused' || fault === 'server_error'
  if (!serverAnswered) session.retire(open)
  if (!sent) {
    return { result: { kind: 'not_run', message: `${server} does not say what ${tool} is now: ${message}` } }
  }
  switch (fault) {
    case 'refused':
      return { result: { kind: 'not_run', message } }
    case 'not_taken':
    case 'forgotten':
      return { result: { kind: 'not_run', message: `${server} did not take the call: ${message}` } }
    case 'server_error':
    case 'timed_out':
    case 'broken': {
      const said = open.withoutSecrets(open.complaints()).trim()
      const why = said === '' || serverAnswered ? message : `${message} (it said: ${said.slice(-500)})`
      return { fault, result: { kind: 'unknown', message: `${tool} of ${server}: ${why}` } }
    }
  }
}
