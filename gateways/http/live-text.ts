// What a client is told of the text being written: each character once, and nothing of a turn that is on the log already.

import { emptyMap, valueAt } from '../../domain/persistent-map.ts'
import {
  type Execution,
  isSettled,
  type PresentSession,
  type SessionState,
} from '../../domain/session/session-state.ts'
import type { RecordedEvent } from '../../schemas/commit.ts'
import type { LiveDelta } from '../../schemas/live-delta.ts'

export interface LiveText {
  /** What the channel still holds, oldest first: told as one delta for each text. */
  takeSofar(deltas: readonly LiveDelta[]): void
  take(delta: LiveDelta): void
  /** Closes what a session has come to before anybody listened. */
  begin(state: SessionState): void
  /** A durable event closes the turn it is about. */
  observe(event: RecordedEvent): void
}

/** The first turn and attempt of an execution that may still be written. */
interface Floor {
  readonly turn: number
  readonly attempt: number
}

export const createLiveText = (emit: (delta: LiveDelta) => void): LiveText => {
  const floors = new Map<string, Floor>()
  const lengths = new Map<string, number>()
  const recorded = new Set<string>()
  let before: PresentSession['toolCalls'] = emptyMap

  const isOver = ({ executionId, turn, attempt, toolCallId }: LiveDelta): boolean => {
    const floor = floors.get(executionId)
    // Calls run after the reply that asks for them.
    if (toolCallId !== undefined) {
      const call = valueAt(before, toolCallId)
      const settled = recorded.has(toolCallId) || (call !== undefined && isSettled(call))
      return settled || floor?.turn === Number.POSITIVE_INFINITY
    }
    return floor !== undefined && (turn < floor.turn || (turn === floor.turn && attempt < floor.attempt))
  }
  const raise = (executionId: string, turn: number, attempt: number): void => {
    floors.set(executionId, { turn, attempt })
    for (const key of lengths.keys()) if (key.startsWith(`${executionId}/`)) lengths.delete(key)
  }
  const take = (delta: LiveDelta): void => {
    if (isOver(delta)) return
    const key = keyOf(delta)
    const known = lengths.get(key)
    const end = delta.offset + delta.text.length
    if (known !== undefined && end <= known) return
    // A gap is passed on with its offset: the client can tell, and the recorded reply mends it.
    const fresh = known !== undefined && delta.offset < known ? delta.text.slice(known - delta.offset) : delta.text
    lengths.set(key, end)
    emit({ ...delta, offset: end - fresh.length, text: fresh })
  }

  return {
    take,
    begin: (state) => {
      if (state.status === 'absent') return
      before = state.toolCalls
      for (const execution of Object.values(state.executions)) raise(execution.id, ...floorOf(execution))
    },
    takeSofar: (deltas) => {
      const texts = new Map<string, LiveDelta>()
      for (const delta of deltas) {
        // Whether its call has been recorded meanwhile, nobody has told here.
        if (delta.kind === 'tool_progress') continue
        const key = keyOf(delta)
        const sofar = texts.get(key)
        const joined = sofar === undefined ? delta : joinedWith(sofar, delta)
        texts.set(key, joined)
      }
      for (const delta of texts.values()) take(delta)
    },
    observe: (event) => {
      switch (event.type) {
        case 'session.turn_requested':
          return raise(event.data.executionId, event.data.turn, event.data.attempt)
        case 'session.model_replied':
          return raise(event.data.executionId, event.data.turn + 1, 1)
        case 'session.model_failed':
          return raise(event.data.executionId, event.data.turn, event.data.attempt + 1)
        case 'session.tool_call_recorded':
          return void recorded.add(event.data.toolCallId)
        case 'session.execution_ended':
          return raise(event.data.executionId, Number.POSITIVE_INFINITY, 1)
        default:
          return undefined
      }
    },
  }
}

const floorOf = ({ status, openTurn, turns }: Execution): [turn: number, attempt: number] => {
  if (status !== 'running' && status !== 'planned') return [Number.POSITIVE_INFINITY, 1]
  if (openTurn === null) return [(turns.at(-1)?.turn ?? 0) + 1, 1]
  return [openTurn.turn, openTurn.failed ? openTurn.attempt + 1 : openTurn.attempt]
}

const keyOf = ({ executionId, turn, attempt, kind, toolIndex, toolCallId }: LiveDelta): string =>
  `${executionId}/${turn}/${attempt}/${kind}/${toolIndex ?? toolCallId ?? ''}`

const joinedWith = (before: LiveDelta, delta: LiveDelta): LiveDelta => {
  const end = before.offset + before.text.length
  if (delta.offset + delta.text.length <= end) return before
  return delta.offset > end
    ? // The channel forgot the middle: what is left starts here.
      { ...delta, toolName: delta.toolName ?? before.toolName }
    : { ...before, text: before.text + delta.text.slice(end - delta.offset) }
}
