// One session as this page knows it: the same fold the server has, over its history and what comes live, and the text being written.
import { evolveSessionView } from '../../../../projections/evolve-session-view.ts'
import type { SessionView } from '../../../../projections/session-view.ts'
import type { Commit, RecordedEvent } from '../../../../schemas/commit.ts'
import type { CommitFrame } from '../../api/live-frames.ts'
import { type Board, evolveBoard } from './board.ts'
import { type LiveText, withoutSettled } from './live-text.ts'
import { readEvent } from './read-event.ts'
import type { Older } from './read-history.ts'

export interface StoryEvent {
  readonly event: RecordedEvent
  readonly at: string
  readonly sequence: number
  /** Of what a fork shares: the session it happened in, whose versions it counts by. */
  readonly inheritedFrom?: string
}

export interface Story {
  readonly view: SessionView
  readonly board: Board
  /** Version of the last event the board is folded from; the three are read beside each other, and may differ. */
  readonly boardVersion: number
  /** In order; the oldest known first. */
  readonly events: readonly StoryEvent[]
  /** Where older events go on; null when the first is known. */
  readonly older: Older | null
  readonly live: LiveText
}

/** Repeated versions change nothing but what is still being written, so history and live may overlap. */
export const withCommit = (story: Story, frame: CommitFrame): Story => {
  let { view, board, boardVersion, live } = story
  const newest = story.events.at(-1)?.event.version ?? 0
  const fresh: StoryEvent[] = []
  for (const raw of frame.events) {
    const { version, time: at } = raw
    if (version === undefined || at === undefined) continue
    const event = readEvent(raw)
    live = withoutSettled(live, event)
    if (version > view.version) {
      // All a fold of the view asks of a commit.
      const commit = { at, sequence: frame.sequence, stream: { id: view.id, org: view.org } } as Commit
      view = evolveSessionView(view, event, commit) ?? view
    }
    if (version > boardVersion) {
      board = evolveBoard(board, event)
      boardVersion = version
    }
    if (version > newest) fresh.push({ event, at, sequence: frame.sequence })
  }
  const events = fresh.length === 0 ? story.events : [...story.events, ...fresh]
  return { ...story, view, board, boardVersion, live, events }
}

/** The board as it was read, and what has come since. */
export const withBoard = (story: Story, board: Board, boardVersion: number): Story => ({
  ...story,
  board: story.events
    .filter(({ event, inheritedFrom }) => inheritedFrom === undefined && event.version > boardVersion)
    .reduce((each, { event }) => evolveBoard(each, event), board),
  boardVersion: Math.max(boardVersion, story.events.at(-1)?.event.version ?? 0),
})
