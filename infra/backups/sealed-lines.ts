// The text of a backup file: each line as JSON, and the end that vouches for all before it.
import { createHash } from 'node:crypto'
import type { BackupLine } from '../../schemas/backup-line.ts'

export async function* sealed(lines: () => AsyncGenerator<BackupLine>): AsyncGenerator<string> {
  const digest = createHash('sha256')
  let count = 0
  for await (const line of lines()) {
    const text = `${JSON.stringify(line)}\n`
    digest.update(text)
    count++
    yield text
  }
  const end: BackupLine = { kind: 'end', lines: count, sha256: digest.digest('hex') }
  yield `${JSON.stringify(end)}\n`
}
