// Sends the next rows before Postgres has answered for the last: appends that wait for their copy wait for one another's disk no longer.
import { setTimeout as delay } from 'node:timers/promises'
import type { LogSequence } from '../schemas/ids.ts'
import type { BatchWriter } from './batch-writer.ts'
import { createBell } from './bell.ts'
import type { Checkpoint } from './checkpoints.ts'
import type { Sql } from './database.ts'
import { erasedIn } from './erase-sessions.ts'
import { insertAndMove } from './insert-and-move.ts'
import type { Projection } from './projection.ts'

export interface PipelinedWriter extends Pick<BatchWriter, 'write'> {
  /** Resolves when nothing is on its way any more. */
  settled(): Promise<void>
}

export interface PipelinedWriterOptions {
  /** What lands the first batch, and all for a while after anything went wrong. */
  readonly below: BatchWriter
  readonly pipe: Sql
  /** Of the generation that serves. */
  readonly stored: () => Promise<Checkpoint>
  readonly onBroken: () => void
}

/** Statements on their way at once: one at work, one on the wire. */
const depth = 2
/** After a failure batches land one by one for so long. */
const calmMs = 1_000
/** How often a runner that stands back looks where the other is, and after which stillness it goes on by itself. */
const [lookMs, stillMs] = [5, 300]

/**
 * Whether a batch has landed shows in the position of the writer below. Each statement moves the checkpoint from where the
 * one before has left it, so when one fails, those behind it do, too, and `onBroken` has the log read again from what is
 * stored. A runner that another was ahead of stands back: it writes nothing while the other moves the checkpoint.
 */
export const createPipelinedWriter = (
  projection: Projection,
  { below, pipe, stored, onBroken }: PipelinedWriterOptions,
): PipelinedWriter => {
  const answered = createBell()
  let onTheirWay = 0
  /** What has been sent; null when the next batch is to be landed by the writer below. */
  let sent: LogSequence | null = null
  let calmUntil = 0
  let standsBack = false

  const broken = (calm: number): void => {
    if (sent === null) return
    sent = null
    calmUntil = performance.now() + calm
    onBroken()
  }
  const overtaken = (): void => {
    standsBack = true
    broken(0)
  }

  const settled = async (): Promise<void> => {
    while (onTheirWay > 0) await answered.rung(never)
    sent = null
  }

  /** Until another runner has moved the checkpoint so far, or moves it no more. */
  const leaveToOther = async (upTo: LogSequence, epoch: string): Promise<void> => {
    let movedAt = performance.now()
    while (below.position() < upTo) {
      const { position, generation, epoch: of } = await stored()
      if (generation !== below.generation() || of !== epoch) break
      if (position > below.position()) {
        below.standAt(position, generation)
        movedAt = performance.now()
      } else if (performance.now() - movedAt > stillMs) break
      if (below.position() < upTo) await delay(lookMs)
    }
    standsBack = below.position() >= upTo
  }

  return {
    settled,
    write: async (batch, epoch, state) => {
      const { entries, last } = batch
      const from = sent
      const pipes = projection.insertion !== undefined && entries.length > 0 && erasedIn(entries).length === 0
      if (from === null || !pipes || projection.insertion === undefined) {
        await settled()
        if (standsBack) await leaveToOther(last, epoch)
        if (standsBack) return null
        const poison = await below.write(batch, epoch, state)
        if (poison === null && performance.now() > calmUntil) sent = below.position()
        return poison
      }
      const generation = below.generation()
      const by = { name: projection.name, generation, role: 'live' } as const
      sent = last
      onTheirWay++
      insertAndMove(pipe, projection, projection.insertion(entries), by, epoch, from, last, state)
        .then(
          (landed) => (landed ? below.standAt(last, generation) : overtaken()),
          () => broken(calmMs),
        )
        .finally(() => {
          onTheirWay--
          answered.ring()
        })
      while (onTheirWay >= depth) await answered.rung(never)
      return null
    },
  }
}

/** An answer comes, or the connection ends: the pipe sees to that. */
const never = new AbortController().signal
