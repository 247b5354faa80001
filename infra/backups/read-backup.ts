// A backup file, checked from end to end before anything of it is believed.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import type { LogCopy, StoredCommit } from '../../projections/log-copy.ts'
import {
  type BackupHeader,
  type BackupLine,
  backupFormat,
  backupHeader,
  backupLine,
} from '../../schemas/backup-line.ts'
import { linesOf } from '../lines-of.ts'
import { BackupUnusable } from './backup-errors.ts'

export interface Backup {
  readonly header: BackupHeader
  readonly sha256: string
  /** As many of each kind. */
  readonly counts: Readonly<Record<string, number>>
  readonly log: LogCopy
  /** All but the commits. */
  others(): AsyncGenerator<BackupLine>
}

/** @throws BackupUnusable when it is no backup, was cut, or was changed. */
export const openBackup = async (path: string): Promise<Backup> => {
  const { header, sha256, counts } = await checked(path)
  const { epoch, upTo } = header
  return {
    header,
    sha256,
    counts,
    log: { name: `backup ${sha256.slice(0, 12)}`, epoch, upTo, read: () => commitsOf(path) },
    others: async function* () {
      for await (const text of linesIn(path)) {
        const line = backupLine.parse(JSON.parse(text))
        if (line.kind !== 'commit') yield line
      }
    },
  }
}

const checked = async (path: string): Promise<Pick<Backup, 'header' | 'sha256' | 'counts'>> => {
  const digest = createHash('sha256')
  const counts: Record<string, number> = {}
  let header: BackupHeader | null = null
  let sealed: { readonly lines: number; readonly sha256: string } | null = null
  let count = 0
  for await (const text of linesIn(path)) {
    if (sealed !== null) throw new BackupUnusable(path, 'something follows its end')
    const line = parsed(path, text, count + 1)
    if (header === null) {
      const first = backupHeader.safeParse(line)
      if (!first.success) throw new BackupUnusable(path, 'it does not begin as one')
      if (first.data.format > backupFormat)
        throw new BackupUnusable(path, `its format ${first.data.format} is newer than this Casebook`)
      header = first.data
    }
    if (line.kind === 'end') {
      sealed = line
      continue
    }
    digest.update(`${text}\n`)
    count++
    counts[line.kind] = (counts[line.kind] ?? 0) + 1
  }
  if (header === null) throw new BackupUnusable(path, 'it is empty')
  if (sealed === null) throw new BackupUnusable(path, 'its end is missing')
  const sha256 = digest.digest('hex')
  if (sealed.lines !== count || sealed.sha256 !== sha256)
    throw new BackupUnusable(path, 'its checksum is another one: it was changed')
  return { header, sha256, counts }
}

const parsed = (path: string, text: string, number: number): BackupLine => {
  try {
    return backupLine.parse(JSON.parse(text))
  } catch (cause) {
    throw new BackupUnusable(path, `line ${number} is none of a backup`, { cause })
  }
}

async function* commitsOf(path: string): AsyncGenerator<readonly StoredCommit[]> {
  let batch: StoredCommit[] = []
  for await (const text of linesIn(path)) {
    const line = backupLine.parse(JSON.parse(text))
    if (line.kind !== 'commit') continue
    batch.push(line)
    if (batch.length < 500) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function* linesIn(path: string): AsyncGenerator<string> {
  const text = createGunzip()
  createReadStream(path)
    .on('error', (error) => text.destroy(error))
    .pipe(text)
  text.setEncoding('utf8')
  try {
    yield* linesOf(text)
  } catch (cause) {
    throw new BackupUnusable(path, cause instanceof Error ? cause.message : String(cause), { cause })
  } finally {
    text.destroy()
  }
}
