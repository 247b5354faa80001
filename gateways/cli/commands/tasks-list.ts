// `casebook tasks list`: the latest tasks, with the filters of the API.
import type { Command } from 'commander'
import { z } from 'zod'
import { taskView } from '../../../projections/task-view.ts'
import { atOf, type Cli, countOf, type JsonOption, pairOf } from '../cli.ts'
import { cut, writeJson, writeTable } from '../output.ts'

const page = z.object({ items: z.array(taskView), next: z.string().nullable() })

interface Options extends JsonOption {
  readonly status?: string
  readonly label?: Readonly<Record<string, string>>
  readonly limit: number
  readonly cursor?: string
  readonly at?: string
}

export const addTasksList = (tasks: Command, { api, write }: Cli): void => {
  tasks
    .command('list', { isDefault: true })
    .description('the latest tasks')
    .option('--status <status,…>', 'scheduled, running, ended, cancelled')
    .option('--label <name=value>', 'only with this label; repeatable', pairOf)
    .option('--limit <n>', 'how many, at most 200', countOf, 20)
    .option('--cursor <cursor>', 'go on where a page ended')
    .option('--at <sequence>', 'as it was then; see: casebook projections as-of', atOf)
    .option('--json', 'as JSON')
    .action(async ({ status, label = {}, limit, cursor, at, json }: Options) => {
      const query = new URLSearchParams({ limit: String(limit) })
      if (status !== undefined) query.set('status', status)
      if (cursor !== undefined) query.set('cursor', cursor)
      if (at !== undefined) query.set('at', at)
      for (const [name, value] of Object.entries(label)) query.append('label', `${name}=${value}`)
      const found = await api().get(`/v1/tasks?${query}`, page)
      if (json === true) return writeJson(write, found)
      if (found.items.length === 0)
        return write('No tasks. Schedule one: casebook tasks schedule "Check the backups"\n')
      const rows = found.items.map(({ id, status: is, nextAt, runCount, title }) => [
        id,
        is,
        nextAt ?? '',
        String(runCount),
        cut(title, 60),
      ])
      writeTable(write, ['id', 'status', 'next', 'runs', 'title'], rows)
      if (found.next !== null) write(`More: --cursor ${found.next}\n`)
    })
}
