// When a nats-server that runs is of no use and must be started again: its disk was full, or it has long said nothing.
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'

export interface NatsServerWatchOptions {
  readonly probe: () => Promise<void>
  readonly logFile: string
  readonly store: string
  /** Longer than a busy machine keeps it from answering. */
  readonly silentForMs?: number
}

/** Less room than this, and it would stand still again at once. */
const roomBytes = 16 * 1024 * 1024

/**
 * For one run of the server. After a failed write 2.15 refuses every further one to that stream and says so in its log,
 * 2.9 answers nothing at all; both only until they are started anew, which helps once the disk has room.
 * @returns asks for the reason to start it again; null while there is none.
 */
export const watchNatsServer = (options: NatsServerWatchOptions): (() => Promise<string | null>) => {
  const { probe, logFile, store, silentForMs = 30_000 } = options
  const news = newTextOf(logFile)
  let refuses = false
  let silentSince: number | null = null
  return async () => {
    refuses ||= /critical write error/i.test(news())
    const answers = await probe().then(
      () => true,
      () => false,
    )
    // From the first failure on: this process may have been asleep since the last success.
    silentSince = answers ? null : (silentSince ?? performance.now())
    const silent = silentSince !== null && performance.now() - silentSince > silentForMs
    if (!refuses && !silent) return null
    const { bavail, bsize } = await statfs(store)
    if (bavail * bsize < roomBytes) return null
    return refuses ? 'a write failed, and it takes no more' : `it has not answered for ${silentForMs / 1000} s`
  }
}

/** What was written to the file since it was asked the last time; at most a mebibyte, the oldest of it. */
const newTextOf = (file: string): (() => string) => {
  const sizeNow = (): number => (existsSync(file) ? statSync(file).size : 0)
  const buffer = Buffer.alloc(1024 * 1024)
  let from = sizeNow()
  return () => {
    if (sizeNow() <= from) return ''
    const handle = openSync(file, 'r')
    try {
      const read = readSync(handle, buffer, 0, buffer.length, from)
      from += read
      return buffer.toString('utf8', 0, read)
    } finally {
      closeSync(handle)
    }
  }
}
