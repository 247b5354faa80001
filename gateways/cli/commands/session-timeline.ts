// `casebook sessions timeline`: what happened in a session, line by line.
import type { Command } from 'commander'
import { z } from 'zod'
import { type Cli, everyItem, type JsonOption } from '../cli.ts'
import { cut, oneLine } from '../output.ts'

const page = z.object({
  items: z.array(z.looseObject({ at: z.string(), kind: z.string(), title: z.string(), text: z.string() })),
  next: z.string().nullable(),
})

export const addSessionTimeline = (sessions: Command, { api, write }: Cli): void => {
  sessions
    .command('timeline <id>')
    .description('what happened, line by line')
    .option('--json', 'one JSON object a line')
    .action(async (id: string, options: JsonOption) => {
      const client = api()
      const path = `/v1/sessions/${encodeURIComponent(id)}/timeline?limit=200`
      for await (const item of everyItem((cursor) => client.get(`${path}${cursor}`, page))) {
        if (options.json === true) write(`${JSON.stringify(item)}\n`)
        else write(`${item.at}  ${item.kind.padEnd(17)}  ${oneLine(`${item.title}  ${cut(item.text, 160)}`)}\n`)
      }
    })
}
