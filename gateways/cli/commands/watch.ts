// `casebook watch`: one session live, until it ends.
import type { Command } from 'commander'
import type { Cli, JsonOption } from '../cli.ts'
import { exitCodeOf, followSession } from '../follow-session.ts'

export const addWatch = (program: Command, { api, write, exitWith }: Cli): void => {
  program
    .command('watch <id>')
    .description('follow a session live until it ends; exit code 1 unless it completes')
    .option('--json', 'one JSON object a line: commits and deltas')
    .action(async (id: string, options: JsonOption) => {
      exitWith(exitCodeOf(await followSession(api(), id, write, options)))
    })
}
