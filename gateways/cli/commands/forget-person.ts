// `casebook forget person`: destroys the key that a person is stored under.
import type { Command } from 'commander'
import { z } from 'zod'
import type { Cli, JsonOption } from '../cli.ts'
import { writeJson } from '../output.ts'

const written = z.looseObject({ id: z.string(), version: z.int(), sequence: z.int() })

export const addForgetPerson = (forget: Command, { api, write }: Cli): void => {
  forget
    .command('person <name>')
    .description('destroy the key of a person: what they wrote is read as "forgotten", for good')
    .requiredOption('--reason <text>', 'kept on the log')
    .option('--json', 'as JSON')
    .action(async (name: string, { reason, json }: JsonOption & { readonly reason: string }) => {
      const answer = await api().post('/v1/people/forget', { person: name, reason }, written)
      if (json === true) return writeJson(write, answer)
      write(`${answer.id} is being forgotten.\n`)
    })
}
