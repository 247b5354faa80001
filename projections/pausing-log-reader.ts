// Reads the log for fillings: while somebody reads what they fill, decoding waits for the writing, and for a moment after each batch.
import type { LogReader } from './log-reader.ts'
import type { Manners } from './manners.ts'

export const createPausingLogReader = (reader: LogReader, manners: Manners): LogReader => ({
  head: reader.head,
  async *follow(after, options, signal) {
    for await (const batch of reader.follow(after, options, signal)) {
      yield batch
      await manners.pause()
    }
  },
})
