// How a replay went beside the session it replays: calls made and not made, the outcome, the cost.
import type { Drift } from '../../schemas/fork.ts'
import type { StoredText } from '../../schemas/stored-text.ts'
import { valuesOf } from '../persistent-map.ts'
import type { PresentSession } from '../session/session-state.ts'
import { type AskedCall, keyOfCall, type Recording } from './recording.ts'

/** More of a final analysis is read where it stands. */
const shownCharacters = 4_000
const mostListed = 50

/** `base` is what both share; `source` and `replay` are as they stand now. */
export const driftOf = (
  base: PresentSession,
  source: PresentSession,
  replay: PresentSession,
  recording: Recording,
): Drift => {
  const shared = base.toolCalls.size
  const sourceCalls = callsAfter(source, shared)
  const replayCalls = callsAfter(replay, shared)
  const same = inBoth(sourceCalls, replayCalls)
  const notRecorded = replayCalls.filter((call) => recording.answerTo(call) === null)
  return {
    calls: { same, missing: sourceCalls.length - same, added: replayCalls.length - same },
    notRecorded: notRecorded.slice(0, mostListed).map(inWords),
    turns: { source: turnsOf(source) - turnsOf(base), replay: turnsOf(replay) - turnsOf(base) },
    status: { source: source.status, replay: replay.status },
    outcome: both(source.reading.outcome, replay.reading.outcome),
    tokens: { source: Math.max(0, source.used.tokens - base.used.tokens), replay: replay.used.tokens },
    costMicros: { source: Math.max(0, source.used.costMicros - base.used.costMicros), replay: replay.used.costMicros },
    finalAnalysis: both(shown(source.finalAnalysis), shown(replay.finalAnalysis)),
  }
}

const callsAfter = ({ toolCalls }: PresentSession, number: number): readonly AskedCall[] =>
  valuesOf(toolCalls).flatMap((call) => (call.number > number && call.request !== null ? [call.request] : []))

/** A call that was made three times here and twice there counts as two. */
const inBoth = (some: readonly AskedCall[], others: readonly AskedCall[]): number => {
  const left = Map.groupBy(others, keyOfCall)
  return some.filter((call) => left.get(keyOfCall(call))?.pop() !== undefined).length
}

const turnsOf = ({ executions }: PresentSession): number =>
  Object.values(executions).reduce((sum, { turns }) => sum + turns.length, 0)

const inWords = ({ server, tool, arguments: args }: AskedCall): string =>
  `${server}/${tool} ${JSON.stringify(args)}`.slice(0, 500)

const shown = (text: StoredText | null): StoredText | undefined =>
  text === null ? undefined : { ...text, text: text.text.slice(0, shownCharacters).toWellFormed() }

const both = <T>(source: T | undefined, replay: T | undefined): { readonly source?: T; readonly replay?: T } => ({
  ...(source !== undefined && { source }),
  ...(replay !== undefined && { replay }),
})
