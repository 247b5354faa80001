// `casebook tasks cancel|rerun`: what is ahead is called off, or one more run is asked for.
import type { Command } from 'commander'
import { z } from 'zod'
import type { Cli, JsonOption } from '../cli.ts'
import { writeJson } from '../output.ts'

const written = z.looseObject({ id: z.string(), version: z.int(), sequence: z.int() })

export const addTasksControl = (tasks: Command, { api, write }: Cli): void => {
  const post = async (id: string, what: string, body: object, options: JsonOption, said: string): Promise<void> => {
    const done = await api().post(`/v1/tasks/${encodeURIComponent(id)}/${what}`, body, written)
    if (options.json === true) writeJson(write, done)
    else write(`${done.id} ${said}\n`)
  }
  tasks
    .command('cancel <id>')
    .description('call off what is ahead; a session under way goes on')
    .option('--reason <text>', 'kept on the log')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption & { readonly reason?: string }) =>
      post(id, 'cancel', options.reason === undefined ? {} : { reason: options.reason }, options, 'is cancelled.'),
    )
  tasks
    .command('rerun <id>')
    .description('run it once more, at once')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) => post(id, 'rerun', {}, options, 'runs once more.'))
}
