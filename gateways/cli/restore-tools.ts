// The command line's port to what works on the servers of a stopped Casebook.
import type { RestoreReport } from '../../schemas/restore-report.ts'

export type OnProgress = (done: number, of: number) => void

export interface RestoreTools {
  /** @throws what the copy and the log refuse with. */
  fromPostgres(onProgress: OnProgress): Promise<RestoreReport>
  /** @throws ArchiveNotConfigured, ArchiveEmpty, ArchiveDamaged, and the like. */
  fromArchive(onProgress: OnProgress): Promise<RestoreReport>
  /** `keys` is the file of keys and tombstones beside it. @throws BackupUnusable before anything is written. */
  fromBackup(file: string, onProgress: OnProgress, keys?: string): Promise<RestoreReport>
  /** @throws BackupUnusable. */
  checkBackup(file: string): Promise<BackupFacts>
  /** Of keys and tombstones. @throws BackupUnusable. */
  checkKeys(file: string): Promise<unknown>
}

export interface BackupFacts {
  /** Log sequence it goes up to. */
  readonly upTo: number
  readonly commits: number
  readonly blobs: number
  readonly sha256: string
}
