// Puts a model's deltas on the live channel: masked, and numbered so that a late joiner can tell what it already has.
import { maskText } from '../domain/masking/mask.ts'
import type { ExecutionId, OrgId, SessionId } from '../schemas/ids.ts'
import type { ModelDelta } from './ports/language-model.ts'
import type { LiveChannel } from './ports/live-channel.ts'

export interface TurnAttempt {
  readonly sessionId: SessionId
  readonly executionId: ExecutionId
  readonly turn: number
  readonly attempt: number
}

interface Channel {
  offset: number
  /** What has arrived and cannot be shown yet. */
  pending: string[]
  /** Nothing of it can be shown before its line ends. */
  held: boolean
}

/** A secret behind one of these may hold spaces. */
const namesAKey = /[:=]|--/
/** What is longer without a space is shown with its whole line. */
const longestWord = 4_000

export const announceDeltas = (live: LiveChannel, org: OrgId, turn: TurnAttempt): ((delta: ModelDelta) => void) => {
  const channels = new Map<string, Channel>()
  return (delta) => {
    const key = delta.kind === 'tool_arguments' ? `${delta.kind}:${delta.index}` : delta.kind
    const channel = channels.get(key) ?? { offset: 0, pending: [], held: false }
    channels.set(key, channel)
    channel.pending.push(delta.text)
    const announced = delta.kind === 'tool_arguments' && delta.name !== undefined
    // Looking through a long line again at each of its tokens would stop the process for minutes.
    if (channel.held && !delta.text.includes('\n') && !announced) return
    const arrived = channel.pending.join('')
    const cut = safeLength(arrived)
    const rest = arrived.slice(cut)
    channel.pending = [rest]
    channel.held = rest.length > longestWord || namesAKey.test(rest)
    const text = maskText(arrived.slice(0, cut), { groups: ['secrets'], patterns: ['base64_secret'] }).text
    if (text === '' && !announced) return
    live.publish(org, {
      ...turn,
      kind: delta.kind,
      offset: channel.offset,
      text,
      ...(delta.kind === 'tool_arguments' && { toolIndex: delta.index }),
      ...(delta.kind === 'tool_arguments' && delta.name !== undefined && { toolName: delta.name }),
    })
    channel.offset += text.length
  }
}

/**
 * How much can be shown without cutting a secret in two: whole lines, and whole words of a line that names no key
 * (a secret with spaces inside always follows `:`, `=` or a flag). The rest shows with what follows, or with the recorded reply.
 */
const safeLength = (text: string): number => {
  const lineStart = text.lastIndexOf('\n') + 1
  const line = text.slice(lineStart)
  if (namesAKey.test(line)) return lineStart
  const lastSpace = line.search(/\s\S*$/)
  return lastSpace === -1 ? lineStart : lineStart + lastSpace + 1
}
