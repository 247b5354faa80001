// A backup file is believed whole or not at all: whatever was cut, changed, swapped or added.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BackupUnusable } from '../../infra/backups/backup-errors.ts'
import { openBackup } from '../../infra/backups/read-backup.ts'
import { sealed } from '../../infra/backups/sealed-lines.ts'
import type { StoredCommit } from '../../projections/log-copy.ts'
import type { BackupLine } from '../../schemas/backup-line.ts'
import { createHistory, investigation, sessionStream } from '../support/histories.ts'

const folder = mkdtempSync(join(tmpdir(), 'casebook-backup-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const history = createHistory()
for (const events of investigation('ses_KEPT')) history.commit(sessionStream('ses_KEPT'), ...events)
const commits: readonly StoredCommit[] = history.entries.map(({ sequence, subject, headers, payload }) => {
  return { sequence, subject, headers, payload }
})
const header: BackupLine = {
  kind: 'casebook_backup',
  format: 1,
  at: '2026-01-02T03:04:05.000Z',
  epoch: '2026-01-01T00:00:00.000Z',
  upTo: commits.length,
}
const blob: BackupLine = { kind: 'blob', sha256: 'a'.repeat(64), mediaType: 'text/plain', content: 'eA==' }

const textOf = async (lines: readonly BackupLine[]): Promise<string> => {
  const all = sealed(async function* () {
    yield* lines
  })
  return (await Array.fromAsync(all)).join('')
}
const whole = await textOf([header, ...commits.map((each): BackupLine => ({ kind: 'commit', ...each })), blob])

const open = (bytes: Buffer) => {
  const file = join(folder, 'file.gz')
  writeFileSync(file, bytes)
  return openBackup(file)
}

test('what was put in comes out', async () => {
  const backup = await open(gzipSync(whole))
  assert.equal(backup.counts, { casebook_backup: 1, commit: commits.length, blob: 1 })
  assert.is(backup.log.upTo, commits.length)
  const read = (await Array.fromAsync(backup.log.read())).flat()
  assert.equal(
    read.map(({ sequence, subject, headers, payload }) => ({ sequence, subject, headers, payload })),
    commits,
  )
  const kinds = (await Array.fromAsync(backup.others())).map(({ kind }) => kind)
  assert.equal(kinds, ['casebook_backup', 'blob', 'end'])
})

test('a file that was cut, changed, swapped or added to is refused, and so is what is none', async () => {
  const zipped = gzipSync(whole)
  const lines = whole.split('\n')
  const faults: Readonly<Record<string, Buffer>> = {
    cut: zipped.subarray(0, -20),
    'cut at a line': gzipSync(whole.slice(0, whole.lastIndexOf('{'))),
    'one byte': Buffer.from(zipped).fill((zipped[200] ?? 0) ^ 1, 200, 201),
    'a word': gzipSync(whole.replace('Disk full', 'Disk fall')),
    'a line less': gzipSync(lines.toSpliced(2, 1).join('\n')),
    'two lines swapped': gzipSync(
      lines
        .with(2, lines[3] ?? '')
        .with(3, lines[2] ?? '')
        .join('\n'),
    ),
    'a line more': gzipSync(`${whole}${JSON.stringify(blob)}\n`),
    'a newer format': gzipSync(await textOf([{ ...header, format: 2 }])),
    'no backup': gzipSync('{"kind":"else"}\n'),
    'no JSON': gzipSync('hello\n'),
    'no gzip': Buffer.from(whole),
    empty: Buffer.alloc(0),
  }
  for (const [fault, bytes] of Object.entries(faults)) {
    const thrown = await open(bytes).then(
      () => null,
      (error: unknown) => error,
    )
    assert.instance(thrown, BackupUnusable, fault)
  }
  assert.instance(await openBackup(join(folder, 'nowhere')).catch((error: unknown) => error), BackupUnusable)
})

test.run()
