// `casebook projections resume`: lets a paused read model try again.
import type { Command } from 'commander'
import { z } from 'zod'
import type { Cli, JsonOption } from '../cli.ts'
import { writeJson } from '../output.ts'

const answer = z.looseObject({ resumed: z.boolean() })

export const addProjectionsResume = (group: Command, { api, write }: Cli): void => {
  group
    .command('resume <name>')
    .description('let a paused projection try again from where it stopped')
    .option('--json', 'as JSON')
    .action(async (name: string, options: JsonOption) => {
      const told = await api().post(`/v1/projections/${encodeURIComponent(name)}/resume`, {}, answer)
      if (options.json === true) return writeJson(write, told)
      write(told.resumed ? `${name} tries again.\n` : `${name} was not paused.\n`)
    })
}
