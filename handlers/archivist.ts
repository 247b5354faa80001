// Mirrors every message of the log to the archive, in the log's order, and goes on where whoever mirrored before has stopped.

import { setTimeout as delay } from 'node:timers/promises'
import { CorruptBlob } from '../commands/log-errors.ts'
import { withSpan } from '../commands/with-span.ts'
import { ArchiveOfAnotherLog } from '../schemas/archive-of-another-log.ts'
import { blobsIn } from '../schemas/blobs-in.ts'
import { CasebookError } from '../schemas/casebook-error.ts'
import { type LogSequence, logSequence, startOfLog } from '../schemas/ids.ts'
import { type Archive, type MirroredMessage, stretch } from './ports/archive.ts'
import type { BlobStore } from './ports/blob-store.ts'
import type { Log } from './ports/log.ts'
import type { LogTail } from './ports/log-tail.ts'
import type { RunningReactor } from './reactor.ts'
import { createTellOnce } from './tell-once.ts'

export interface ArchivistDependencies {
  readonly archive: Archive
  readonly tail: LogTail<MirroredMessage>
  readonly blobs: BlobStore
  readonly log: Log
}

export interface ArchivistStatus {
  /** Log sequence up to which everything is in the archive; null before the archive was first reached. */
  readonly position: LogSequence | null
  /** Why it does not move; null when nothing is wrong. */
  readonly trouble: string | null
  /** Streams of which this process found something else in the archive; they are left as they are there. */
  readonly differing: number
}

export interface RunningArchivist extends RunningReactor {
  readonly status: () => ArchivistStatus
}

/** Streams appended to at once. */
const atOnce = 32
/** After another process has moved the place: it mirrors, and this one stands by. */
const standByMs = 2_000
const longestWaitMs = 5_000

export const startArchivist = (deps: ArchivistDependencies): RunningArchivist => {
  const { archive, tail, log } = deps
  const stopping = new AbortController()
  const tell = createTellOnce(log, { handler: 'archivist' }, 'The archivist goes on.')
  let position: LogSequence | null = null
  let trouble: string | null = null
  const differing = new Set<string>()
  let inFlight = 0

  const differs = (message: MirroredMessage, detail: string): void => {
    const { sequence, subject } = message
    if (differing.has(subject)) return
    differing.add(subject)
    log.error(
      { handler: 'archivist', sequence, subject },
      `Its stream in the archive is not that of the log from here on: ${detail}.`,
    )
  }

  const mirror = async (entries: readonly MirroredMessage[]): Promise<void> => {
    const streams = Map.groupBy(entries, ({ subject }) => subject)
    const waiting = [...streams.values()]
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        for (const message of next) await mirrorOne(deps, message, differs, stopping.signal)
      }
    }
    await Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, work))
  }

  /** Until another process has taken over, or something fails. */
  const follow = async (): Promise<void> => {
    const { epoch } = await tail.head()
    let place = await archive.place()
    const from = place?.epoch === epoch ? place.position : startOfLog
    if (place !== null && place.epoch !== epoch) await mustBeSameLog(deps, stopping.signal)
    position = from
    trouble = null
    tell.success()
    const reading = new AbortController()
    try {
      const signal = AbortSignal.any([stopping.signal, reading.signal])
      for await (const batch of tail.follow(from, { maxBatch: stretch }, signal)) {
        for (const { entries, last } of stretchesOf(batch.entries, position, batch.last)) {
          inFlight = entries.length
          await withSpan('handle archivist', { attributes: { 'casebook.sequence': last } }, () => mirror(entries))
          inFlight = 0
          await eraseErased(deps, entries)
          place = await archive.move(place, last, epoch)
          if (place === null || stopping.signal.aborted) return
          position = last
        }
      }
    } finally {
      inFlight = 0
      reading.abort()
    }
  }

  const run = async (): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted; ) {
      let waitMs = standByMs
      try {
        await follow()
        failures = 0
      } catch (error) {
        if (stopping.signal.aborted) return
        const message = error instanceof Error ? error.message : String(error)
        const code = error instanceof CasebookError ? error.code : 'unexpected'
        tell.trouble(code, { code, err: error }, `${message} Trying until it succeeds.`)
        trouble = message
        waitMs = Math.min(longestWaitMs, 250 * 2 ** Math.min(failures++, 10))
      }
      await delay(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const running = run()

  return {
    name: 'archivist',
    inFlight: () => inFlight,
    status: () => ({ position, trouble, differing: differing.size }),
    // What is under way is one stretch; the next process does it again, which changes nothing.
    stop: async (graceMs) => {
      stopping.abort()
      await Promise.race([running, delay(graceMs, undefined, { ref: false })])
    },
  }
}

/** By sequences, not by entries: erased messages leave holes. */
function* stretchesOf(entries: readonly MirroredMessage[], after: LogSequence, last: LogSequence) {
  let rest = entries
  for (let from: number = after; from < last; ) {
    const to = Math.min(last, from + stretch)
    const split = rest.findIndex(({ sequence }) => sequence > to)
    yield { entries: split === -1 ? rest : rest.slice(0, split), last: logSequence.parse(to) }
    rest = split === -1 ? [] : rest.slice(split)
    from = to
  }
}

const mirrorOne = async (
  deps: ArchivistDependencies,
  message: MirroredMessage,
  differs: (message: MirroredMessage, detail: string) => void,
  signal: AbortSignal,
): Promise<void> => {
  const { archive } = deps
  await mirrorBlobs(deps, message)
  let outcome = await archive.append(message)
  if (outcome.kind === 'behind') {
    await fillGap(deps, message, outcome.version, signal)
    outcome = await archive.append(message)
  }
  if (outcome.kind === 'behind') differs(message, `the stream ends at version ${outcome.version} there`)
  if (outcome.kind === 'differs') differs(message, outcome.detail)
}

/** Before the commit that refers to them: whatever is in the archive is whole. */
const mirrorBlobs = async ({ archive, blobs, log }: ArchivistDependencies, message: MirroredMessage): Promise<void> => {
  for (const ref of blobsIn(message.commit?.events.map(({ data }) => data) ?? [])) {
    if (await archive.holdsBlob(ref)) continue
    const bytes = await blobs.get(ref.sha256).catch((error: unknown) => {
      if (error instanceof CorruptBlob) return null
      throw error
    })
    if (bytes !== null) await archive.putBlob(ref, bytes)
    else log.warn({ sequence: message.sequence, sha256: ref.sha256 }, 'A blob is not whole, and not in the archive.')
  }
}

/** After all of the stretch: what is erased was written before its end, but perhaps not long before. */
const eraseErased = async ({ archive, blobs }: ArchivistDependencies, entries: readonly MirroredMessage[]) => {
  for (const { commit } of entries) {
    if (commit?.stream.category !== 'erasure') continue
    if (!commit.events.some(({ type }) => type === 'erasure.completed')) continue
    // Blobs that others name are in the store still.
    const isStored = (sha256: string): Promise<boolean> =>
      blobs.get(sha256).then(
        (bytes) => bytes !== null,
        (error: unknown) => {
          if (error instanceof CorruptBlob) return true
          throw error
        },
      )
    await archive.erase({ ...commit.stream, category: 'session' }, isStored)
  }
}

/** What the archive has lost of one stream is in the log still. */
const fillGap = async (
  { archive, tail }: ArchivistDependencies,
  upTo: MirroredMessage,
  version: number,
  signal: AbortSignal,
): Promise<void> => {
  const reading = new AbortController()
  try {
    const either = AbortSignal.any([signal, reading.signal])
    for await (const { entries, last } of tail.follow(startOfLog, { maxBatch: 1_000 }, either)) {
      for (const entry of entries) {
        const missing = entry.subject === upTo.subject && (entry.commit?.version ?? 0) > version
        if (missing && entry.sequence < upTo.sequence) await archive.append(entry)
      }
      if (last >= upTo.sequence) return
    }
  } finally {
    reading.abort()
  }
}

/** A log that was restored goes on in its archive; another one would be mixed into it. @throws ArchiveOfAnotherLog. */
const mustBeSameLog = async ({ archive, tail }: ArchivistDependencies, signal: AbortSignal): Promise<void> => {
  const reading = new AbortController()
  try {
    for await (const { entries } of tail.follow(
      startOfLog,
      { maxBatch: 1 },
      AbortSignal.any([signal, reading.signal]),
    )) {
      const [first] = entries
      if (first === undefined) continue
      if (await archive.holds(first)) return
      throw new ArchiveOfAnotherLog()
    }
  } finally {
    reading.abort()
  }
}
