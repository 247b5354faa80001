// Puts how far a tool call is on the live channel: a line each time, masked.
import { maskText } from '../domain/masking/mask.ts'
import type { OrgId, ToolCallId } from '../schemas/ids.ts'
import type { TurnAttempt } from './announce-deltas.ts'
import type { LiveChannel } from './ports/live-channel.ts'
import type { ToolProgress } from './ports/tool-box.ts'

/** A server that never stops telling is not listened to for ever. */
const mostLines = 1_000
const longestLine = 300

export const announceProgress = (
  live: LiveChannel,
  org: OrgId,
  call: TurnAttempt & { readonly toolCallId: ToolCallId; readonly toolName: string },
): ((progress: ToolProgress) => void) => {
  let offset = 0
  let lines = 0
  return (progress) => {
    if (++lines > mostLines) return
    const text = `${maskText(lineOf(progress), { groups: ['secrets'], patterns: ['base64_secret'] }).text}\n`
    live.publish(org, { ...call, kind: 'tool_progress', offset, text })
    offset += text.length
  }
}

const lineOf = ({ progress, total, message }: ToolProgress): string => {
  const far = total === undefined ? String(progress) : `${progress}/${total}`
  return (message === undefined ? far : `${far} ${message.replaceAll(/\s+/g, ' ')}`).slice(0, longestLine)
}
