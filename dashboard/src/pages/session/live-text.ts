// Text as models write it and tools report it, put together from pieces that may come again, late or not at all.
import type { RecordedEvent } from '../../../../schemas/commit.ts'
import type { DeltaFrame } from '../../api/live-frames.ts'

/** A text whose beginning may be unknown: whoever comes late is told where his part belongs. */
export interface Written {
  readonly from: number
  readonly text: string
}

export interface LiveTurn {
  readonly executionId: string
  readonly turn: number
  readonly attempt: number
  readonly text: Written
  readonly thinking: Written
  /** Calls whose arguments are being written, by their place in the reply. */
  readonly calls: readonly { readonly tool: string; readonly written: Written }[]
}

export interface LiveText {
  readonly turns: readonly LiveTurn[]
  /** What a tool says of how far it is, by the id of its call. */
  readonly progress: Readonly<Record<string, Written>>
}

const nothing: Written = { from: 0, text: '' }
export const noLiveText: LiveText = { turns: [], progress: {} }

/** What is known beside it goes when the piece leaves a gap: half a text with a hole reads as another one. */
export const put = ({ from, text }: Written, offset: number, piece: string): Written =>
  offset < from || offset > from + text.length
    ? { from: offset, text: piece }
    : { from, text: text.slice(0, offset - from) + piece }

/** A piece belongs at its offset: after a reconnect the text so far comes again, and is neither lost nor doubled. */
export const withDelta = (live: LiveText, delta: DeltaFrame): LiveText => {
  const { executionId, turn, attempt, toolCallId } = delta
  if (delta.kind === 'tool_progress') {
    if (toolCallId === undefined) return live
    const before = live.progress[toolCallId] ?? nothing
    return { ...live, progress: { ...live.progress, [toolCallId]: put(before, delta.offset, delta.text) } }
  }
  const place = live.turns.findIndex((each) => isTurn(each, delta))
  const before = live.turns[place] ?? { executionId, turn, attempt, text: nothing, thinking: nothing, calls: [] }
  const after = written(before, delta)
  return { ...live, turns: place === -1 ? [...live.turns, after] : live.turns.with(place, after) }
}

const isTurn = (a: LiveTurn, b: DeltaFrame): boolean =>
  a.executionId === b.executionId && a.turn === b.turn && a.attempt === b.attempt

const written = (turn: LiveTurn, { kind, offset, text, toolIndex = 0, toolName }: DeltaFrame): LiveTurn => {
  switch (kind) {
    case 'text':
      return { ...turn, text: put(turn.text, offset, text) }
    case 'thinking':
      return { ...turn, thinking: put(turn.thinking, offset, text) }
    case 'tool_arguments': {
      const calls = Array.from({ length: Math.max(turn.calls.length, toolIndex + 1) }, (_, index) => {
        const before = turn.calls[index] ?? { tool: '', written: nothing }
        if (index !== toolIndex) return before
        return { tool: toolName ?? before.tool, written: put(before.written, offset, text) }
      })
      return { ...turn, calls }
    }
    case 'tool_progress':
      return turn
    default:
      return kind satisfies never
  }
}

/** A recorded event ends what was being written. */
export const withoutSettled = (live: LiveText, event: RecordedEvent): LiveText => {
  switch (event.type) {
    case 'session.turn_requested': {
      const { executionId, turn, attempt } = event.data
      return keeping(live, executionId, (each) => each.turn > turn || (each.turn === turn && each.attempt >= attempt))
    }
    case 'session.model_replied':
    case 'session.model_failed':
      return keeping(live, event.data.executionId, ({ turn }) => turn > event.data.turn)
    case 'session.execution_ended':
      return keeping(live, event.data.executionId, () => false)
    case 'session.tool_call_recorded': {
      const { [event.data.toolCallId]: told, ...progress } = live.progress
      return told === undefined ? live : { ...live, progress }
    }
    default:
      return live
  }
}

const keeping = (live: LiveText, executionId: string, keeps: (turn: LiveTurn) => boolean): LiveText => {
  const turns = live.turns.filter((turn) => turn.executionId !== executionId || keeps(turn))
  return turns.length === live.turns.length ? live : { ...live, turns }
}
