// One session as this page knows it: the same fold the server has, over its history and what comes live, and the text being written.
import { evolveSessionView } from '../../../../projections/evolve-session-view.ts'
import type { SessionView } from '../../../../projections/session-view.ts'
import type { Commit, RecordedEvent } from '../../../../schemas/commit.ts'
import type { CommitFrame, DeltaFrame } from '../../api/live-frames.ts'
import { readEvent } from './read-event.ts'

export interface StoryEvent {
  readonly event: RecordedEvent
  readonly at: string
  readonly sequence: number
}

export interface LiveTurn {
  readonly executionId: string
  readonly turn: number
  readonly attempt: number
  readonly text: string
  readonly thinking: string
  /** Calls whose arguments are being written, by their place in the reply. */
  readonly calls: readonly { readonly tool: string; readonly text: string }[]
}

export interface Story {
  readonly view: SessionView
  /** In order; the oldest known first. */
  readonly events: readonly StoryEvent[]
  /** Where older events go on; null when the first is known. */
  readonly older: string | null
  readonly live: readonly LiveTurn[]
}

/** Unknown and repeated versions change nothing, so history and live may overlap. */
export const withCommit = (story: Story, frame: CommitFrame): Story => {
  let { view, events } = story
  let { live } = story
  for (const raw of frame.events) {
    const { version, time: at } = raw
    if (version === undefined || at === undefined || version <= view.version) continue
    const event = readEvent(raw)
    // All a fold of the view asks of a commit.
    const commit = { at, sequence: frame.sequence, stream: { id: view.id, org: view.org } } as Commit
    view = evolveSessionView(view, event, commit) ?? view
    events = [...events, { event, at, sequence: frame.sequence }]
    live = withoutSettled(live, event)
  }
  return { ...story, view, events, live }
}

const withoutSettled = (live: readonly LiveTurn[], event: RecordedEvent): readonly LiveTurn[] => {
  switch (event.type) {
    case 'session.model_replied':
    case 'session.model_failed': {
      const { executionId, turn } = event.data
      return live.filter((each) => each.executionId !== executionId || each.turn > turn)
    }
    case 'session.execution_ended':
      return live.filter(({ executionId }) => executionId !== event.data.executionId)
    default:
      return live
  }
}

/** A delta belongs at its offset: after a reconnect the text so far comes again, and is neither lost nor doubled. */
export const withDelta = (story: Story, delta: DeltaFrame): Story => {
  if (delta.kind === 'tool_progress') return story
  const isOf = ({ executionId, turn, attempt }: LiveTurn): boolean =>
    executionId === delta.executionId && turn === delta.turn && attempt === delta.attempt
  const { executionId, turn, attempt } = delta
  const before = story.live.find(isOf) ?? { executionId, turn, attempt, text: '', thinking: '', calls: [] }
  const after = written(before, delta)
  return { ...story, live: [...story.live.filter((each) => !isOf(each)), after] }
}

const written = (turn: LiveTurn, { kind, offset, text, toolIndex = 0, toolName }: DeltaFrame): LiveTurn => {
  switch (kind) {
    case 'text':
      return { ...turn, text: turn.text.slice(0, offset) + text }
    case 'thinking':
      return { ...turn, thinking: turn.thinking.slice(0, offset) + text }
    case 'tool_arguments': {
      const calls = [...turn.calls]
      const before = calls[toolIndex] ?? { tool: '', text: '' }
      calls[toolIndex] = { tool: toolName ?? before.tool, text: before.text.slice(0, offset) + text }
      return { ...turn, calls: Array.from(calls, (call) => call ?? { tool: '', text: '' }) }
    }
    case 'tool_progress':
      return turn
    default:
      return kind satisfies never
  }
}
