// Keeps a thread for rebuilds and verifications while there are any: decoding a whole log must not make requests wait.
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Log } from '../../handlers/ports/log.ts'
import { sourcesOf } from '../../projections/builder.ts'
import { projections } from '../../projections/catalogue.ts'
import type { Database } from '../../projections/database.ts'
import { hasWork } from '../../projections/generations.ts'

export interface RebuildThreadOptions {
  /** The file to be run in the thread; it is given `natsUrl`, `databaseUrl`, `eventStoreUrl` and `atOnce`. */
  readonly worker: URL
  readonly natsUrl: string
  readonly databaseUrl: string
  readonly eventStoreUrl: string | undefined
  /** At most so many under way, in all processes together. */
  readonly atOnce: number
  readonly database: Database
  readonly log: Log
}

const lookMs = 500
/** A batch of entries lives as long as its statements: with the default it would be copied to the old ones, again and again. */
const youngMb = 64
/** For the batches under way; what is not finished by then is rolled back. */
const stopMs = 5_000

/** @returns what stops it. */
export const startRebuildThread = ({
  worker: file,
  database,
  log,
  ...workerData
}: RebuildThreadOptions): (() => Promise<void>) => {
  const stopping = new AbortController()
  const sources = sourcesOf(workerData.eventStoreUrl !== undefined)

  const work = async (): Promise<void> => {
    const worker = new Worker(file, {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: youngMb },
    })
    worker.on('error', (error) => log.error({ err: error }, 'The thread of rebuilds broke off; another goes on.'))
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    const stop = (): void => {
      worker.postMessage('stop')
      setTimeout(() => void worker.terminate(), stopMs).unref()
    }
    stopping.signal.addEventListener('abort', stop, { once: true })
    await ended
    stopping.signal.removeEventListener('abort', stop)
  }

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      if (await hasWork(database, projections, sources).catch(() => false)) await work()
      await delay(lookMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const running = run()
  return async () => {
    stopping.abort()
    await running
  }
}
