// Which tools a session calls: its servers; or, when it replays another one, that one's recorded answers and no server at all.
import { LRUCache } from 'lru-cache'
import type { EventLog } from '../commands/event-log.ts'
import { historyOf } from '../commands/inheritance.ts'
import { valueAt, valuesOf } from '../domain/persistent-map.ts'
import { type AskedCall, keyOfCall, type Recording, recordingOf } from '../domain/replay/recording.ts'
import type { PresentSession } from '../domain/session/session-state.ts'
import type { Commit } from '../schemas/commit.ts'
import { isSessionEvent } from '../schemas/events.ts'
import type { OrgId, SessionId } from '../schemas/ids.ts'
import type { BlobStore } from './ports/blob-store.ts'
import type { ToolBox } from './ports/tool-box.ts'
import { createRecordedTools } from './recorded-tools.ts'

export interface ReplayedToolsDependencies {
  readonly toolBox: ToolBox
  readonly eventLog: Pick<EventLog, 'read'>
  readonly blobs: Pick<BlobStore, 'get'>
}

/** @throws LogUnavailable (retryable). */
export type ToolsOf = (org: OrgId, state: PresentSession) => Promise<ToolBox>

export const createToolsOf = ({ toolBox, eventLog, blobs }: ReplayedToolsDependencies): ToolsOf => {
  const knownKeyOf = createKnownKeys()
  const recordings = new LRUCache<string, Promise<Recording>>({ max: 50 })
  const recorded = (org: OrgId, replay: SessionId, source: SessionId): Promise<Recording> => {
    const key = `${org}/${replay}`
    const known = recordings.get(key)
    if (known !== undefined) return known
    const reading = readRecording(eventLog, org, source)
    recordings.set(key, reading)
    reading.catch(() => recordings.delete(key))
    return reading
  }
  return async (org, state) => {
    if (state.fork?.kind !== 'replay') return toolBox
    return createRecordedTools({
      recording: await recorded(org, state.id, state.fork.from.sessionId),
      blobs,
      // By the log, so that a process that takes over gives the answer the one before would have given.
      before: (call) => {
        const own = valueAt(state.toolCalls, call.toolCallId)?.number ?? 0
        const key = keyOfCall(call)
        return valuesOf(state.toolCalls).filter(
          ({ number, request }) => number < own && request !== null && knownKeyOf(request) === key,
        ).length
      },
    })
  }
}

/** A session's calls are looked through for each of its calls. */
const createKnownKeys = (): ((call: AskedCall) => string) => {
  const keys = new WeakMap<AskedCall, string>()
  return (call) => {
    const key = keys.get(call) ?? keyOfCall(call)
    keys.set(call, key)
    return key
  }
}

/** Everything that happened in a session and in those it was forked from. */
export const readRecording = async (
  eventLog: Pick<EventLog, 'read'>,
  org: OrgId,
  source: SessionId,
): Promise<Recording> => {
  const history = await historyOf(eventLog, { org, category: 'session', id: source })
  const commits: readonly Commit[] = history === null ? [] : [...history.inherited, ...history.own]
  return recordingOf(commits.flatMap(({ events }) => events).filter(isSessionEvent))
}
