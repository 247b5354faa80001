// Copies large values into Postgres, behind the second copy of the commits that name them, and goes on where it stopped.
import { setTimeout as delay } from 'node:timers/promises'
import { CorruptBlob } from '../commands/log-errors.ts'
import type { BlobStore } from '../handlers/ports/blob-store.ts'
import type { Log } from '../handlers/ports/log.ts'
import { createTellOnce } from '../handlers/tell-once.ts'
import { copiedNaming, heldBlobs, keepBlob, moveBlobPlace, readBlobPlace } from '../projections/blob-copies.ts'
import type { Database } from '../projections/database.ts'
import { blobsNamedIn, type NamedBlob } from '../schemas/named-blobs.ts'

export interface BlobCopierOptions {
  readonly database: Database
  readonly blobs: Pick<BlobStore, 'get'>
  readonly log: Log
  /** How soon after the copy of a commit its blobs are looked for. */
  readonly everyMs?: number
}

/** Sequences looked through with one statement, and commits taken from it at once. */
const stretch = 10_000
const atOnce = 50

/** Any number of processes may do so: what one has copied the others pass over. */
export const startBlobCopier = ({ database, blobs, log, everyMs = 1_000 }: BlobCopierOptions) => {
  const stopping = new AbortController()
  const { signal } = stopping
  const tell = createTellOnce(log, {}, 'Long texts are copied again.')
  const missing = new Set<string>()

  const stored = async (sha256: string): Promise<Uint8Array | null> => {
    try {
      return await blobs.get(sha256)
    } catch (error) {
      if (error instanceof CorruptBlob) return null
      throw error
    }
  }

  const copy = async (blob: NamedBlob, sequence: number): Promise<void> => {
    const { sha256 } = blob
    const content = await stored(sha256)
    if (content !== null) return keepBlob(database, blob, content, sequence)
    if (missing.has(sha256)) return
    missing.add(sha256)
    log.warn({ sequence, sha256 }, 'A long text is not in the object store, and so not in the second copy.')
  }

  /** @returns whether there is more to do. */
  const step = async (): Promise<boolean> => {
    const { epoch, position, copied } = await readBlobPlace(database)
    if (position >= copied) return false
    const upTo = Math.min(copied, position + stretch)
    const naming = await copiedNaming(database, position, upTo, atOnce)
    for (const { sequence, payload } of naming) {
      const named = blobsNamedIn(payload)
      const held = await heldBlobs(
        database,
        named.map(({ sha256 }) => sha256),
      )
      for (const blob of named) {
        if (signal.aborted) return false
        if (held.get(blob.sha256) !== true) await copy(blob, sequence)
      }
    }
    const reached = naming.length < atOnce ? upTo : naming.at(-1)?.sequence
    await moveBlobPlace(database, epoch, reached ?? upTo)
    return true
  }

  const run = async (): Promise<void> => {
    for (let waitMs = 0; !signal.aborted; ) {
      await delay(waitMs, undefined, { signal }).catch(() => undefined)
      try {
        waitMs = !signal.aborted && (await step()) ? 0 : everyMs
        tell.success()
      } catch (error) {
        waitMs = everyMs
        tell.trouble('copying', { err: error }, 'Long texts cannot be copied now; trying until it succeeds.')
      }
    }
  }
  const running = run()
  return {
    stop: async (): Promise<void> => {
      stopping.abort()
      await running
    },
  }
}
