// Writes a lost log back from a copy: verbatim, under the same sequences, and going on where an earlier attempt broke off.
import { JetStreamApiError, type JetStreamManager, jetstreamManager, type StreamInfo } from '@nats-io/jetstream'
import { type NatsConnection, nanos } from '@nats-io/transport-node'
import type { MessageAt } from '../../projections/check-second-copy.ts'
import { createChainCheck } from '../../projections/hash-chain.ts'
import type { LogCopy, StoredCommit } from '../../projections/log-copy.ts'
import { commitHeaders } from '../../schemas/commit.ts'
import { CopyUnsound, LogNotEmpty, NothingToRestore, RestoreUnfinished } from './restore-errors.ts'
import { markerOf, type RestoreMarker } from './restore-marker.ts'
import { createMessageAt } from './stored-message.ts'
import { compressionOf, eventsStream, wantedEventsStream } from './streams.ts'
import { createVerbatimWriter, fillerSubject, repeatWindowMs } from './write-verbatim.ts'

export interface RestoreOptions {
  readonly replicas?: number
  /** Messages of the copy that are in the log, of all. */
  readonly onProgress?: (done: number, of: number) => void
  /** When all is written, and before anybody may work with it. To be repeatable. */
  readonly beforeOpening?: () => Promise<void>
}

export interface RestoredLog {
  /** Of the log as it is now. */
  readonly epoch: string
  readonly sequence: number
  /** Commits it holds, and how many of them this attempt has written. */
  readonly commits: number
  readonly written: number
}

/** On their way at once into an empty log: what goes wrong with one there is thrown away with all. */
const atOnce = 256

/**
 * Checks the whole copy first. A log that is not empty is completed when all it holds is in the copy.
 * @throws NothingToRestore, CopyUnsound, LogNotEmpty, RestoreUnfinished (of another copy), RestoreBrokenOff.
 */
export const restoreLog = async (
  connection: NatsConnection,
  copy: LogCopy,
  { replicas = 1, onProgress = () => undefined, beforeOpening }: RestoreOptions = {},
): Promise<RestoredLog> => {
  const { commits, isErased } = await checkCopy(copy)
  const manager = await jetstreamManager(connection)
  const wanted = wantedEventsStream(replicas, compressionOf(connection))
  let info = await infoOrAdd(manager, wanted)
  const marker = markerOf(info)
  if (marker !== null && (marker.restore !== copy.name || marker.epoch !== copy.epoch || marker.upTo !== copy.upTo)) {
    throw new RestoreUnfinished(marker.restore)
  }
  const strange = await firstStrange(manager, await createMessageAt(connection), copy, info)
  if (strange !== null) {
    // Of messages on their way at once, one may have been refused and the next one taken.
    if (marker?.fresh !== true) throw new LogNotEmpty(strange)
    await manager.streams.delete(eventsStream)
    info = await manager.streams.add({ ...wanted })
  }
  const from = info.state.last_seq
  const mark: RestoreMarker = marker ?? { restore: copy.name, epoch: copy.epoch, upTo: copy.upTo, fresh: from === 0 }
  if (marker === null && from >= copy.upTo) return { epoch: info.created, sequence: from, commits, written: 0 }
  await manager.streams.update(eventsStream, {
    description: JSON.stringify(mark),
    duplicate_window: nanos(repeatWindowMs),
  })

  const writer = createVerbatimWriter(connection, from, mark.fresh ? atOnce : 1, isErased)
  let done = 0
  let written = 0
  for await (const batch of copy.read()) {
    for (const commit of batch) {
      done++
      if (commit.sequence <= from) continue
      await writer.write(commit)
      written++
    }
    onProgress(done, commits)
  }
  await writer.finish(copy.upTo)
  await manager.streams.purge(eventsStream, { filter: fillerSubject })
  await beforeOpening?.()
  const { duplicate_window } = wanted
  const { created } = await manager.streams.update(eventsStream, { description: '', duplicate_window })
  return { epoch: created, sequence: copy.upTo, commits, written }
}

interface CheckedCopy {
  readonly commits: number
  readonly isErased: (sequence: number) => boolean
}

const checkCopy = async (copy: LogCopy): Promise<CheckedCopy> => {
  const brokenAt = createChainCheck()
  const erased: { readonly after: number; readonly before: number }[] = []
  let commits = 0
  let last = 0
  for await (const batch of copy.read()) {
    for (const commit of batch) {
      const { sequence, subject } = commit
      // A message without a hash never was a commit: it is in no chain, and comes back as it was.
      const chained = commit.headers[commitHeaders.hash] !== undefined
      const ordered = sequence > last && sequence <= copy.upTo
      const broken = ordered ? (chained ? brokenAt(commit) : null) : 'it is out of order'
      if (broken !== null) throw new CopyUnsound(copy.name, sequence, subject, broken)
      if (sequence > last + 1) erased.push({ after: last, before: sequence })
      last = sequence
      commits++
    }
  }
  if (commits === 0) throw new NothingToRestore(copy.name)
  return { commits, isErased: (sequence) => erased.some(({ after, before }) => sequence > after && sequence < before) }
}

const infoOrAdd = async (manager: JetStreamManager, wanted: ReturnType<typeof wantedEventsStream>) => {
  try {
    return await manager.streams.info(eventsStream)
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.status !== 404) throw error
    return manager.streams.add({ ...wanted })
  }
}

const comparedAtOnce = 64

/** What the log holds that the copy does not; null when there is nothing. */
const firstStrange = async (
  manager: JetStreamManager,
  messageAt: MessageAt,
  copy: LogCopy,
  info: StreamInfo,
): Promise<string | null> => {
  const { last_seq: last, messages } = info.state
  if (last === 0) return null
  if (last > copy.upTo) return `it goes up to message ${last}, and the copy up to ${copy.upTo}`
  let held = 0
  for await (const batch of copy.read()) {
    const ours = batch.filter(({ sequence }) => sequence <= last)
    for (let at = 0; at < ours.length; at += comparedAtOnce) {
      const same = await Promise.all(ours.slice(at, at + comparedAtOnce).map((commit) => isStored(messageAt, commit)))
      const different = ours[at + same.indexOf(false)]
      if (same.includes(false)) return `its message ${different?.sequence} is not the one in the copy`
    }
    held += ours.length
    if (ours.length < batch.length) break
  }
  const fillers = await manager.streams.info(eventsStream, { subjects_filter: fillerSubject })
  held += fillers.state.subjects?.[fillerSubject] ?? 0
  return held === messages ? null : `it holds ${messages} messages up to ${last}, and the copy ${held}`
}

const isStored = async (
  messageAt: MessageAt,
  { sequence, subject, payload, headers }: StoredCommit,
): Promise<boolean> => {
  const stored = await messageAt(sequence)
  const hash = headers[commitHeaders.hash] ?? ''
  return stored !== null && stored.subject === subject && stored.payload === payload && stored.hash === hash
}
