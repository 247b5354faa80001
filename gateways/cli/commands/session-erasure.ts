// `casebook sessions erase|hold|release`: what becomes of a session's data.
import type { Command } from 'commander'
import { z } from 'zod'
import type { Cli, JsonOption } from '../cli.ts'
import { writeJson } from '../output.ts'

const written = z.looseObject({ id: z.string(), version: z.int(), sequence: z.int() })

interface Reasoned extends JsonOption {
  readonly reason: string
}

export const addSessionErasure = (sessions: Command, { api, write }: Cli): void => {
  const tell = (answer: z.infer<typeof written>, { json }: JsonOption, done: string): void =>
    json === true ? writeJson(write, answer) : write(`${done}\n`)
  const path = (id: string, rest = ''): string => `/v1/sessions/${encodeURIComponent(id)}${rest}`

  sessions
    .command('erase <id>')
    .description('remove everything of an ended session, for good; a tombstone says by whom, when and why')
    .requiredOption('--reason <text>', 'kept in the tombstone')
    .option('--json', 'as JSON')
    .action(async (id: string, options: Reasoned) => {
      tell(await api().delete(path(id), { reason: options.reason }, written), options, `${id} is being erased.`)
    })
  sessions
    .command('hold <id>')
    .description('legal hold: nothing erases the session until it is released')
    .requiredOption('--reason <text>', 'kept on the log')
    .option('--json', 'as JSON')
    .action(async (id: string, options: Reasoned) => {
      tell(await api().post(path(id, '/hold'), { reason: options.reason }, written), options, `${id} is held.`)
    })
  sessions
    .command('release <id>')
    .description('end the legal hold')
    .option('--json', 'as JSON')
    .action(async (id: string, options: JsonOption) => {
      tell(await api().post(path(id, '/release'), {}, written), options, `${id} is held no more.`)
    })
}
