// What a backup file is refused with.
import { CasebookError } from '../../schemas/casebook-error.ts'

export class BackupUnusable extends CasebookError {
  readonly code = 'backup_unusable'
  readonly retryable = false

  constructor(path: string, detail: string, options?: { readonly cause?: unknown }) {
    super(`${path} is no whole backup: ${detail}. Nothing was written; take another file.`, options)
  }
}
