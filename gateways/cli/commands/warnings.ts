// `casebook warnings`: what somebody should look at; exit code 1 when there is anything.
import type { Command } from 'commander'
import { z } from 'zod'
import { warning } from '../../../schemas/warning.ts'
import type { Cli, JsonOption } from '../cli.ts'
import { oneLine, writeJson } from '../output.ts'

export const addWarnings = (program: Command, { api, write, exitWith }: Cli): void => {
  program
    .command('warnings')
    .description('what goes on without being as it should; exit code 1 when there is anything')
    .option('--json', 'as JSON')
    .action(async (options: JsonOption) => {
      const found = await api().get('/v1/warnings', z.object({ items: z.array(warning) }))
      if (found.items.length > 0) exitWith(1)
      if (options.json === true) return writeJson(write, found)
      if (found.items.length === 0) return write('Nothing to look at.\n')
      for (const { code, message, nextStep } of found.items)
        write(`${code}: ${oneLine(message)}\n  ${oneLine(nextStep)}\n`)
    })
}
