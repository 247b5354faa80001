// `casebook send`: any public command by its name.
import type { Command } from 'commander'
import { z } from 'zod'
import { publicCommands } from '../../../schemas/commands.ts'
import { type Cli, jsonOf } from '../cli.ts'
import { writeJson } from '../output.ts'

export const addSend = (program: Command, { api, write }: Cli): void => {
  program
    .command('send <command> <data>')
    .description(`send a public command (${publicCommands.join(', ')}) with its data as JSON`)
    .option('--key <key>', 'idempotency key: the same key with the same data is done once')
    .option('--json', 'as it is anyway')
    .action(async (name: string, data: string, options: { readonly key?: string }) => {
      const headers = options.key === undefined ? {} : { 'idempotency-key': options.key }
      const path = `/v1/commands/${encodeURIComponent(name)}`
      writeJson(write, await api().post(path, jsonOf(data, 'The data'), z.looseObject({}), headers))
    })
}
