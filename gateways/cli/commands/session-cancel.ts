// `casebook sessions cancel`: ends a session now.
import type { Command } from 'commander'
import { z } from 'zod'
import type { Cli, JsonOption } from '../cli.ts'
import { writeJson } from '../output.ts'

const written = z.looseObject({ id: z.string(), version: z.int(), sequence: z.int() })

export const addSessionCancel = (sessions: Command, { api, write }: Cli): void => {
  sessions
    .command('cancel <id>')
    .description('end a session now; running model and tool calls are aborted')
    .option('--reason <text>', 'kept on the log')
    .option('--json', 'as JSON')
    .action(async (id: string, options: JsonOption & { readonly reason?: string }) => {
      const body = options.reason === undefined ? {} : { reason: options.reason }
      const answer = await api().post(`/v1/sessions/${encodeURIComponent(id)}/cancel`, body, written)
      if (options.json === true) return writeJson(write, answer)
      write(`${answer.id} is cancelled.\n`)
    })
}
