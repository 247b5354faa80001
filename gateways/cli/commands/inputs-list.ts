// `casebook inputs list`: what people are asked, the open ones unless said otherwise.
import type { Command } from 'commander'
import { z } from 'zod'
import { inputView } from '../../../projections/inputs.ts'
import { atOf, type Cli, countOf, type JsonOption } from '../cli.ts'
import { cut, writeJson, writeTable } from '../output.ts'
import { questionLine } from '../question-lines.ts'

const page = z.object({ items: z.array(inputView), next: z.string().nullable() })

const passedOn = ['session', 'kind', 'cursor', 'at'] as const

interface Options extends JsonOption, Readonly<Partial<Record<(typeof passedOn)[number], string>>> {
  readonly status: string
  readonly limit: number
}

export const addInputsList = (inputs: Command, { api, write }: Cli): void => {
  inputs
    .command('list', { isDefault: true })
    .description('what waits for a person')
    .option('--status <status,…>', 'open, answered, expired, withdrawn, or all', 'open')
    .option('--session <id>', 'only of this session')
    .option('--kind <kind,…>', 'tool_approval, question, budget')
    .option('--limit <n>', 'how many, at most 200', countOf, 20)
    .option('--cursor <cursor>', 'go on where a page ended')
    .option('--at <sequence>', 'as it was then; see: casebook projections as-of', atOf)
    .option('--json', 'as JSON')
    .action(async (options: Options) => {
      const query = new URLSearchParams({ limit: String(options.limit) })
      if (options.status !== 'all') query.set('status', options.status)
      for (const name of passedOn) {
        const value = options[name]
        if (value !== undefined) query.set(name, value)
      }
      const found = await api().get(`/v1/inputs?${query}`, page)
      if (options.json === true) return writeJson(write, found)
      if (found.items.length === 0)
        return write(options.status === 'open' ? 'Nothing waits for a person.\n' : 'None.\n')
      const rows = found.items.map(({ id, kind, status, expiresAt, question }) => [
        id,
        kind,
        status,
        expiresAt,
        cut(questionLine(question), 80),
      ])
      writeTable(write, ['id', 'kind', 'status', 'expires', 'question'], rows)
      if (found.next !== null) write(`More: --cursor ${found.next}\n`)
    })
}
