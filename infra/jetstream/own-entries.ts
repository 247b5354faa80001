// What this process has just appended, for its own readers: under load the log need not send it back.
import type { LogBatch, LogEntry, LogReader } from '../../projections/log-reader.ts'
import type { LogSequence } from '../../schemas/ids.ts'

export interface OwnEntries {
  /** To be called with each acknowledged append, as it is stored. */
  add(entry: LogEntry): void
  /** Reads from memory while one own append follows the other, else from the log. For one follower at a time. */
  reader(log: LogReader): LogReader
}

/** So many entries of our own one after another, and the log is closed. */
const streak = 256
/** A gap that stays so long was filled by another process: its commits are in the log alone. */
const gapMs = 10
/** When nothing comes for so long, the log is asked whether others append; after so many times it is read again. */
const [idleMs, idleTimes] = [50, 20]
/** After memory did not suffice, the log is read for at least so long. */
const logMs = 500
/** Nobody may be reading. */
const most = 20_000

export const createOwnEntries = (): OwnEntries => {
  const held = new Map<number, LogEntry>()
  let wake: (() => void) | null = null
  /** What has been handed on from memory; -1 when the log is read. */
  let handedOn = -1
  let broken = false

  /** Those that follow the position without a gap. */
  const after = (position: number, maxBatch: number): readonly LogEntry[] => {
    const entries: LogEntry[] = []
    for (let next = position + 1; entries.length < maxBatch; next++) {
      const entry = held.get(next)
      if (entry === undefined) break
      held.delete(next)
      entries.push(entry)
    }
    return entries
  }
  /** What is acknowledged in one turn of the event loop is handed on as one. */
  const arrival = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        setImmediate(resolve)
      }
    })

  /** From memory, until it does not suffice. */
  async function* remembered(
    log: LogReader,
    from: LogSequence,
    maxBatch: number,
    signal: AbortSignal,
  ): AsyncGenerator<LogBatch> {
    let position = from
    let idle = 0
    let gapSince: number | null = null
    broken = false
    while (!signal.aborted && !broken) {
      handedOn = position
      const entries = after(position, maxBatch)
      const last = entries.at(-1)
      if (last !== undefined) {
        position = last.sequence
        handedOn = position
        idle = 0
        gapSince = null
        yield { entries, last: position }
        continue
      }
      if (held.size > 0) {
        // Answers may overtake each other, and any of them wakes us.
        gapSince ??= performance.now()
        if (performance.now() - gapSince > gapMs) break
        await arrival(gapMs)
      } else {
        gapSince = null
        await arrival(idleMs)
        if (held.size > 0) continue
        if (++idle >= idleTimes) break
        const isBehind = (await headOf(log)) > position
        // What is there and not here may have been on its way to us when we asked.
        if (isBehind && held.size === 0) break
      }
    }
    handedOn = -1
  }

  return {
    add: (entry) => {
      // The log has begun anew, or an answer came very late: what is in memory is not to be relied on.
      if (entry.sequence <= handedOn) broken = true
      if (held.size >= most) held.clear()
      held.set(entry.sequence, entry)
      wake?.()
      wake = null
    },
    reader: (log) => ({
      head: log.head,
      async *follow(from, options, signal) {
        let position = from
        let logUntil = 0
        while (!signal.aborted) {
          let own = 0
          for await (const batch of log.follow(position, options, signal)) {
            for (const { sequence } of batch.entries) own = held.delete(sequence) ? own + 1 : 0
            position = batch.last
            yield batch
            if (own >= streak && performance.now() > logUntil && held.has(position + 1)) break
          }
          if (signal.aborted) return
          for (const sequence of held.keys()) if (sequence <= position) held.delete(sequence)
          for await (const batch of remembered(log, position, options.maxBatch, signal)) {
            position = batch.last
            yield batch
          }
          logUntil = performance.now() + logMs
        }
      },
    }),
  }
}

/** Beyond everything when it cannot be asked: whoever reads the log knows how to wait for it. */
const headOf = (log: LogReader): Promise<number> =>
  log.head().then(
    ({ sequence }) => sequence,
    () => Number.POSITIVE_INFINITY,
  )
