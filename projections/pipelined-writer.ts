// Sends the next rows before Postgres has answered for the last: appends that wait for their copy wait for one another's disk no longer.

import type { BatchWriter } from './batch-writer.ts'
import { createBell } from './bell.ts'
import type { Sql } from './database.ts'
import { hasErasure } from './erase-sessions.ts'
import { insertAndMove } from './insert-and-move.ts'
import type { Projection } from './projection.ts'

export interface PipelinedWriter extends Pick<BatchWriter, 'write'> {
  /** Resolves when nothing is on its way any more. */
  settled(): Promise<void>
}

/** Statements on their way at once: one at work, one on the wire. */
const depth = 2
/** After another runner was first, batches land one by one for so long: it will be again. */
const calmMs = 1_000

/**
 * Whether a batch has landed shows in the position of the writer below, which also lands the first batch, and all for a
 * while after anything went wrong. Each statement moves the checkpoint from where the one before has left it, so when one
 * fails, those behind it do, too, and `onBroken` has the log read again from what is stored.
 */
export const createPipelinedWriter = (
  projection: Projection,
  below: BatchWriter,
  pipe: Sql,
  onBroken: () => void,
): PipelinedWriter => {
  const answered = createBell()
  let onTheirWay = 0
  /** What has been sent; null when the next batch is to be landed by the writer below. */
  let sent: ReturnType<BatchWriter['position']> | null = null
  let calmUntil = 0

  const broken = (): void => {
    if (sent === null) return
    sent = null
    calmUntil = performance.now() + calmMs
    onBroken()
  }

  const settled = async (): Promise<void> => {
    while (onTheirWay > 0) await answered.rung(never)
    sent = null
  }

  return {
    settled,
    write: async (batch, epoch, state) => {
      const { entries, last } = batch
      const from = sent
      if (from === null || projection.insertion === undefined || entries.length === 0 || hasErasure(entries)) {
        await settled()
        const poison = await below.write(batch, epoch, state)
        if (poison === null && performance.now() > calmUntil) sent = below.position()
        return poison
      }
      const generation = below.generation()
      const by = { name: projection.name, generation, role: 'live' } as const
      sent = last
      onTheirWay++
      insertAndMove(pipe, projection, projection.insertion(entries), by, epoch, from, last, state)
        .then((landed) => (landed ? below.standAt(last, generation) : broken()), broken)
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
