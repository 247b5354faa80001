// The archive as a copy of the log: for writing a lost log back, and for reading what the log itself need not be asked for.
import { ArchiveDamaged, ArchiveEmpty } from './archive-errors.ts'
import type { ArchiveReader } from './archive-reader.ts'
import type { LogCopy, StoredCommit } from './log-copy.ts'

const maxBatch = 500

/** @throws ArchiveEmpty; while it is read ArchiveDamaged at the first thing that was not mirrored, ArchiveUnavailable. */
export const openArchiveCopy = async (archive: ArchiveReader): Promise<LogCopy> => {
  const head = await archive.head()
  if (head === null) throw new ArchiveEmpty()
  const { epoch, sequence: upTo } = head
  return { name: 'archive', epoch, upTo, read: () => readCopy(archive, upTo) }
}

async function* readCopy(archive: ArchiveReader, upTo: number): AsyncGenerator<readonly StoredCommit[]> {
  const reading = new AbortController()
  let batch: StoredCommit[] = []
  try {
    for await (const item of archive.items(reading.signal)) {
      if (item.kind === 'odd') throw new ArchiveDamaged(item.sequence, item.stream, item.detail)
      if (item.message.sequence > upTo) continue
      batch.push(item.message)
      if (batch.length < maxBatch) continue
      yield batch
      batch = []
    }
    if (batch.length > 0) yield batch
  } finally {
    reading.abort()
  }
}
