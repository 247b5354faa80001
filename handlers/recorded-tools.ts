// The port to tools, answered from a recording: no server is ever asked.
import { keyOfCall, type RecordedCall, type Recording } from '../domain/replay/recording.ts'
import type { BlobStore } from './ports/blob-store.ts'
import type { ToolBox, ToolCallRequest, ToolCallResult } from './ports/tool-box.ts'

export interface RecordedToolsOptions {
  readonly recording: Recording
  /** Holds the results that were too long for an event. */
  readonly blobs: Pick<BlobStore, 'get'>
  /** How often the same call was asked for before, by the log of the new run; absent, counted here. */
  readonly before?: ((call: ToolCallRequest) => number) | undefined
}

/** How the answer begins that an agent gets to a call that nobody made in the recording. */
export const notRecorded = 'Not recorded'

/** A call that was recorded, with the same arguments or nearly, gets its recorded answer; another one "Not recorded". */
export const createRecordedTools = ({ recording, blobs, before }: RecordedToolsOptions): ToolBox => {
  const asked = new Map<string, Set<string>>()
  const counted = (call: ToolCallRequest): number => {
    const same = asked.get(keyOfCall(call)) ?? new Set()
    asked.set(keyOfCall(call), same.add(call.toolCallId))
    return same.size - 1
  }
  return {
    list: async (_executionId, servers) => ({
      tools: recording.tools.filter(({ server }) => servers.includes(server)),
      unavailable: servers
        .filter((server) => !recording.tools.some((tool) => tool.server === server))
        .map((server) => ({ server, reason: 'The recording knows no tool of it.' })),
    }),
    call: async (request, signal) => {
      signal.throwIfAborted()
      const answer = recording.answerTo(request, (before ?? counted)(request))
      if (answer !== null) return resultOf(answer.call, blobs)
      return {
        kind: 'not_run',
        message: `${notRecorded}: ${request.server}/${request.tool} was not called with these arguments. Go on with what is known.`,
      }
    },
    release: async () => {},
  }
}

const resultOf = async (
  { outcome, content, attachments }: RecordedCall,
  blobs: Pick<BlobStore, 'get'>,
): Promise<ToolCallResult> => {
  const whole = content.blob === undefined ? null : await blobs.get(content.blob.sha256)
  const text = whole === null ? content.text : new TextDecoder().decode(whole)
  if (outcome === 'failed') return { kind: 'not_run', message: text.replace(/^The call did not run: /, '') }
  if (outcome === 'outcome_unknown') return { kind: 'unknown', message: text }
  const parts = await Promise.all(
    attachments.map(async ({ type, mediaType, blob }) => {
      const bytes = await blobs.get(blob)
      return bytes === null ? [] : [{ type, mediaType, bytes }]
    }),
  )
  return { kind: 'answered', isError: outcome === 'tool_error', text, attachments: parts.flat() }
}
