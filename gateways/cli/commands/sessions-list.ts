// `casebook sessions list`: the latest sessions, with the filters of the API.
import type { Command } from 'commander'
import { z } from 'zod'
import { listedSession } from '../../../projections/session-view.ts'
import { atOf, type Cli, countOf, type JsonOption, pairOf } from '../cli.ts'
import { cut, writeJson, writeTable } from '../output.ts'

const page = z.object({ items: z.array(listedSession), next: z.string().nullable() })

const passedOn = ['status', 'outcome', 'chain', 'text', 'alert', 'from', 'to', 'cursor', 'at'] as const

interface Options extends JsonOption, Readonly<Partial<Record<(typeof passedOn)[number], string>>> {
  readonly label?: Readonly<Record<string, string>>
  readonly limit: number
}

export const addSessionsList = (sessions: Command, { api, write }: Cli): void => {
  sessions
    .command('list', { isDefault: true })
    .description('the latest sessions')
    .option('--status <status,…>', 'queued, running, summarizing, completed, failed, cancelled')
    .option('--outcome <outcome>', 'conclusive or inconclusive, as the final analysis says')
    .option('--chain <name>', 'only of this chain')
    .option('--label <name=value>', 'only with this label; repeatable', pairOf)
    .option('--text <words>', 'only with these words')
    .option('--alert <id>', 'only of this alert')
    .option('--from <time>', 'started then or later, such as 2026-01-31T12:00:00Z')
    .option('--to <time>', 'started before')
    .option('--limit <n>', 'how many, at most 200', countOf, 20)
    .option('--cursor <cursor>', 'go on where a page ended')
    .option('--at <sequence>', 'as it was then; see: casebook projections as-of', atOf)
    .option('--json', 'as JSON')
    .action(async (options: Options) => {
      const query = new URLSearchParams({ limit: String(options.limit) })
      for (const name of passedOn) {
        const value = options[name]
        if (value !== undefined) query.set(name, value)
      }
      for (const [name, value] of Object.entries(options.label ?? {})) query.append('label', `${name}=${value}`)
      const found = await api().get(`/v1/sessions?${query}`, page)
      if (options.json === true) return writeJson(write, found)
      if (found.items.length === 0) return write('No sessions. Send an alert: casebook alert send "Disk is full"\n')
      const rows = found.items.map(({ id, status, queue, startedAt, chain, title, simulated }) => [
        id,
        `${status}${queue?.position ? ` (number ${queue.position})` : ''}${simulated ? ' (simulated)' : ''}`,
        startedAt,
        chain ?? '',
        cut(title, 60),
      ])
      writeTable(write, ['id', 'status', 'started', 'chain', 'title'], rows)
      if (found.next !== null) write(`More: --cursor ${found.next}\n`)
    })
}
