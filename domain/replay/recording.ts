// What the tools of a session answered, so that another run can be given the same answers without calling anything.
import type { EventData, SessionEvent } from '../../schemas/events.ts'
import type { ToolCallId } from '../../schemas/ids.ts'
import type { JsonValue } from '../../schemas/json-value.ts'
import type { OfferedTool, ToolOutcome } from '../../schemas/tool.ts'

type Recorded = EventData<'session.tool_call_recorded'>

export interface RecordedCall {
  readonly toolCallId: ToolCallId
  readonly server: string
  readonly tool: string
  readonly arguments: JsonValue
  readonly outcome: ToolOutcome
  readonly content: Recorded['content']
  readonly attachments: NonNullable<Recorded['attachments']>
}

export interface Recording {
  /** Every tool that any agent was offered, once each. */
  readonly tools: readonly OfferedTool[]
  /** Calls whose answer is known, in the order in which they were asked for. */
  readonly calls: readonly RecordedCall[]
  readonly answerTo: AnswerTo
}

/** `tolerant`: the arguments differ in what rarely matters: letter case, spaces, empty fields, numbers written as text. */
export interface RecordedAnswer {
  readonly call: RecordedCall
  readonly match: 'exact' | 'tolerant'
}

export const recordingOf = (events: readonly SessionEvent[]): Recording => {
  const tools = new Map<string, OfferedTool>()
  const requests = new Map<ToolCallId, AskedCall & { readonly toolCallId: ToolCallId }>()
  // A result that came late takes the place of "outcome unknown".
  const results = new Map<ToolCallId, Recorded>()
  for (const event of events) {
    if (event.type === 'session.tools_offered') for (const tool of event.data.tools) tools.set(tool.name, tool)
    if (event.type === 'session.tool_call_requested') requests.set(event.data.toolCallId, event.data)
    // What a person did not allow was answered, too.
    if (event.type === 'session.input_requested' && event.data.question.kind === 'tool_approval') {
      requests.set(event.data.question.toolCallId, event.data.question)
    }
    if (event.type === 'session.tool_call_refused' && requests.has(event.data.toolCallId)) {
      const { toolCallId, executionId, message } = event.data
      results.set(toolCallId, { toolCallId, executionId, outcome: 'failed', content: { text: message }, durationMs: 0 })
    }
    if (event.type === 'session.tool_call_recorded') results.set(event.data.toolCallId, event.data)
  }
  const calls = [...requests.values()].flatMap(({ toolCallId, server, tool, arguments: args }): RecordedCall[] => {
    const result = results.get(toolCallId)
    if (result === undefined) return []
    const { outcome, content, attachments = [] } = result
    return [{ toolCallId, server, tool, arguments: args, outcome, content, attachments }]
  })
  return { tools: [...tools.values()], calls, answerTo: answersFrom(calls) }
}

export interface AskedCall {
  readonly server: string
  readonly tool: string
  readonly arguments: JsonValue
}

/**
 * The recorded answer to a call. `before` is how often the same call was asked for earlier in the new run: the second time
 * gets the second answer, and past the last one the last again.
 * @returns null when no such call was recorded.
 */
export type AnswerTo = (asked: AskedCall, before?: number) => RecordedAnswer | null

/** Whoever looked through all recorded calls for each call would not come to an end. */
const answersFrom = (calls: readonly RecordedCall[]): AnswerTo => {
  const exact = Map.groupBy(calls, exactKeyOf)
  const near = Map.groupBy(calls, keyOfCall)
  return (asked, before = 0) => {
    const same = exact.get(exactKeyOf(asked))
    const found = same ?? near.get(keyOfCall(asked)) ?? []
    const call = found[Math.min(before, found.length - 1)]
    return call === undefined ? null : { call, match: same === undefined ? 'tolerant' : 'exact' }
  }
}

/** Of two calls with the same key, one answer does for both. */
export const keyOfCall = ({ server, tool, arguments: args }: AskedCall): string =>
  canonical([server, tool, lenient(args)])

const exactKeyOf = ({ server, tool, arguments: args }: AskedCall): string => canonical([server, tool, args])

/** JSON whose keys are in order. */
const canonical = (value: JsonValue): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value)

const lenient = (value: JsonValue): JsonValue => {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return value.trim().replaceAll(/\s+/g, ' ').toLowerCase()
  if (isList(value)) return value.map(lenient)
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, each]) => [key, lenient(each)] as const)
      .filter(([, each]) => each !== null && each !== '' && !(isList(each) && each.length === 0)),
  )
}
