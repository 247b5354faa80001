// `casebook backup`: everything of a running Casebook in one file, which is checked before it gets its name.
import { existsSync, renameSync, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { problemOf } from '../api-client.ts'
import { type Cli, type JsonOption, opened } from '../cli.ts'
import { ServerUnreachable, WrongUsage } from '../cli-errors.ts'
import { counted } from '../issue-lines.ts'
import { writeJson } from '../output.ts'
import type { RestoreTools } from '../restore-tools.ts'

export const addBackup = (program: Command, { api, write }: Cli, { checkBackup, checkKeys }: RestoreTools): void => {
  program
    .command('backup <file>')
    .description('everything of a running Casebook in one file: log, long texts, queues; see: casebook restore')
    .option('--keys <file>', 'beside it, keys of persons and tombstones; replaces a file that is there')
    .option('--json', 'as JSON')
    .action(async (file: string, options: JsonOption & { readonly keys?: string }) => {
      if (existsSync(file)) throw new WrongUsage(`${file} exists already. Name another file.`)
      const fetched = async <T>(path: string, to: string, check: (part: string) => Promise<T>): Promise<T> => {
        const part = `${to}.part`
        try {
          await download(api(), path, part)
          const checked = await check(part)
          renameSync(part, to)
          return checked
        } finally {
          rmSync(part, { force: true })
        }
      }
      const facts = await fetched('/v1/backup', file, checkBackup)
      // Afterwards: it knows everybody the backup speaks of.
      if (options.keys !== undefined) await fetched('/v1/backup/keys', options.keys, checkKeys)
      if (options.json === true) return writeJson(write, { file, ...facts })
      const { commits, blobs, upTo, sha256 } = facts
      write(`${file}: ${counted(commits, 'commit')} up to ${upTo}, ${counted(blobs, 'long text')}; ${sha256}\n`)
      if (options.keys !== undefined) write(`${options.keys}: keys and tombstones; keep only the newest.\n`)
    })
}

/** It holds everything anybody ever said here: for nobody else to read. */
const download = async ({ baseUrl, headers }: ReturnType<Cli['api']>, path: string, part: string): Promise<void> => {
  const unreachable = (cause: unknown): never => {
    throw new ServerUnreachable(baseUrl, { cause })
  }
  const response = await fetch(new URL(path, baseUrl), { headers }).catch(unreachable)
  if (!response.ok || response.body === null) throw await problemOf(response)
  const file = (await opened(part, 'w')).createWriteStream({ flush: true })
  await pipeline(Readable.fromWeb(response.body), file).catch(unreachable)
}
