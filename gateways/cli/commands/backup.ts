// `casebook backup`: everything of a running Casebook in one file, which is checked before it gets its name.
import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { problemOf } from '../api-client.ts'
import type { Cli, JsonOption } from '../cli.ts'
import { ServerUnreachable, WrongUsage } from '../cli-errors.ts'
import { counted } from '../issue-lines.ts'
import { writeJson } from '../output.ts'
import type { RestoreTools } from '../restore-tools.ts'

export const addBackup = (program: Command, { api, write }: Cli, { checkBackup }: RestoreTools): void => {
  program
    .command('backup <file>')
    .description('everything of a running Casebook in one file: log, long texts, queues; see: casebook restore')
    .option('--json', 'as JSON')
    .action(async (file: string, options: JsonOption) => {
      if (existsSync(file)) throw new WrongUsage(`${file} exists already. Name another file.`)
      const { baseUrl, headers } = api()
      const part = `${file}.part`
      try {
        const response = await fetch(new URL('/v1/backup', baseUrl), { headers }).catch((cause: unknown) => {
          throw new ServerUnreachable(baseUrl, { cause })
        })
        if (!response.ok || response.body === null) throw await problemOf(response)
        // It holds everything anybody ever said here: for nobody else to read.
        await pipeline(Readable.fromWeb(response.body), createWriteStream(part, { mode: 0o600, flush: true })).catch(
          (cause: unknown) => {
            throw new ServerUnreachable(baseUrl, { cause })
          },
        )
        const facts = await checkBackup(part)
        renameSync(part, file)
        if (options.json === true) return writeJson(write, { file, ...facts })
        const { commits, blobs, upTo, sha256 } = facts
        write(`${file}: ${counted(commits, 'commit')} up to ${upTo}, ${counted(blobs, 'long text')}; ${sha256}\n`)
      } finally {
        rmSync(part, { force: true })
      }
    })
}
