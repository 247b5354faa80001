// `casebook export` and `casebook import`: a session, or all of an org, as lines of JSON, one CloudEvent each.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { problemOf } from '../api-client.ts'
import { type Cli, type JsonOption, opened } from '../cli.ts'
import { ServerUnreachable, WrongUsage } from '../cli-errors.ts'
import { counted } from '../issue-lines.ts'
import { writeJson } from '../output.ts'

const report = z.looseObject({
  streams: z.int(),
  commits: z.int(),
  written: z.int(),
  blobs: z.int(),
  erased: z.int().default(0),
})

interface ExportOptions {
  readonly session?: string
  readonly org?: string | true
  readonly out?: string
}

export const addExport = (program: Command, { api, write }: Cli): void => {
  program
    .command('export')
    .description('a session, or all sessions, alerts and tasks of an org, one stored CloudEvent a line')
    .option('--session <id>', 'this session')
    .option('--org [name]', 'the org; without a name the default one')
    .option('--out <file>', 'into a file; else to standard output')
    .option('--json', 'as it is anyway')
    .action(async ({ session, org, out }: ExportOptions) => {
      if (session === undefined && org === undefined) throw new WrongUsage('Give --session <id> or --org.')
      const path = session === undefined ? '/v1/export' : `/v1/sessions/${encodeURIComponent(session)}/export`
      const response = await asked(api(), path, {}, org)
      if (response.body === null) return
      const lines = Readable.fromWeb(response.body)
      if (out !== undefined) return pipeline(lines, (await opened(out, 'w')).createWriteStream())
      lines.setEncoding('utf8')
      for await (const text of lines) write(String(text))
    })
  program
    .command('import <file>')
    .description('what "casebook export" wrote, as history of this Casebook; nothing that exists otherwise is touched')
    .option('--org <name>', 'the org it belongs to; without it the default one')
    .option('--json', 'as JSON')
    .action(async (file: string, options: JsonOption & { readonly org?: string }) => {
      const body = Readable.toWeb((await opened(file, 'r')).createReadStream())
      const response = await asked(
        api(),
        '/v1/import',
        { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/x-ndjson' } },
        options.org,
      )
      const found = report.parse(await response.json())
      if (options.json === true) return writeJson(write, found)
      const { streams, commits, written, blobs, erased } = found
      write(
        `${counted(streams, 'stream')}, ${counted(commits, 'commit')}: ${written} written, ${commits - written} were here; ${counted(blobs, 'long text')}.\n`,
      )
      if (erased > 0) write(`${counted(erased, 'session')} left out: erased here.\n`)
    })
}

const asked = async (
  { baseUrl, headers }: ReturnType<Cli['api']>,
  path: string,
  init: RequestInit,
  org: string | true | undefined,
): Promise<Response> => {
  const named: Readonly<Record<string, string>> = typeof org === 'string' ? { 'casebook-org': org } : {}
  const all = new Headers({ ...headers, ...named })
  for (const [name, value] of new Headers(init.headers)) all.set(name, value)
  const response = await fetch(new URL(path, baseUrl), { ...init, headers: all }).catch((cause: unknown) => {
    throw new ServerUnreachable(baseUrl, { cause })
  })
  if (!response.ok) throw await problemOf(response)
  return response
}
