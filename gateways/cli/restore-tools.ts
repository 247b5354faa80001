// The command line's port to what works on the servers of a stopped Casebook.
import type { RestoreReport } from '../../schemas/restore-report.ts'

export type OnProgress = (done: number, of: number) => void

export interface RestoreTools {
  /** @throws what the copy and the log refuse with. */
  fromPostgres(onProgress: OnProgress): Promise<RestoreReport>
  /** @throws ArchiveNotConfigured, ArchiveEmpty, ArchiveDamaged, and the like. */
  fromArchive(onProgress: OnProgress): Promise<RestoreReport>
  /** @throws BackupUnusable before anything is written. */
  fromBackup(file: string, onProgress: OnProgress): Promise<RestoreReport>
  /** @throws BackupUnusable. */
  checkBackup(file: string): Promise<BackupFacts>
}

export interface BackupFacts {
  /** Log sequence it goes up to. */
  readonly upTo: number
  readonly commits: number
  readonly blobs: number
  readonly sha256: string
}
