// The command line's port to what works on the servers of a stopped Casebook.
import type { RestoreReport } from '../../schemas/restore-report.ts'

export type OnProgress = (done: number, of: number) => void

export interface RestoreTools {
  /** @throws what the copy and the log refuse with. */
  fromPostgres(onProgress: OnProgress): Promise<RestoreReport>
}
