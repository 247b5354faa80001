// `casebook costs`: what a session, or the org's days, cost.
import type { Command } from 'commander'
import { type CostFigures, type CostLine, costs, sessionCosts } from '../../../projections/cost-view.ts'
import { atOf, type Cli, type JsonOption } from '../cli.ts'
import { writeJson, writeTable } from '../output.ts'

const passedOn = ['from', 'to', 'by', 'at'] as const

interface Options extends JsonOption, Readonly<Partial<Record<(typeof passedOn)[number], string>>> {
  readonly session?: string
}

export const addCosts = (program: Command, { api, write }: Cli): void => {
  const table = (title: string, lines: readonly CostLine[]): void => {
    if (lines.length === 0) return
    writeTable(
      write,
      [title, 'cost', 'replies', 'tokens in', 'tokens out', 'unpriced'],
      lines.map((line) => [line.key, ...cells(line)]),
    )
    write('\n')
  }

  program
    .command('costs')
    .description('what calls to models cost, today unless said otherwise')
    .option('--session <id>', 'of this session, by stage, agent, helper and model')
    .option('--from <day>', 'the first day in UTC, such as 2026-01-31')
    .option('--to <day>', 'the last day')
    .option('--by <what>', 'day, org, chain, agent or model')
    .option('--at <sequence>', 'as it was then; see: casebook projections as-of', atOf)
    .option('--json', 'as JSON')
    .action(async (options: Options) => {
      if (options.session !== undefined) {
        const found = await api().get(`/v1/sessions/${encodeURIComponent(options.session)}/costs`, sessionCosts)
        if (options.json === true) return writeJson(write, found)
        table('stage', found.byStage)
        table('agent', found.byAgent)
        table('helper', found.byHelper)
        table('model', found.byModel)
        return table('', [{ key: 'total', ...found.total }])
      }
      const query = new URLSearchParams()
      for (const name of passedOn) {
        const value = options[name]
        if (value !== undefined) query.set(name, value)
      }
      const found = await api().get(`/v1/costs?${query}`, costs)
      if (options.json === true) return writeJson(write, found)
      table(found.by, [...found.items, { key: 'total', ...found.total }])
    })
}

const cells = ({ priced, unpriced }: CostFigures): readonly string[] => [
  priced.usd === null ? (unpriced.replies === 0 ? '$0.000' : 'unknown') : `$${priced.usd.toFixed(3)}`,
  String(priced.replies + unpriced.replies),
  String(priced.inputTokens + unpriced.inputTokens),
  String(priced.outputTokens + unpriced.outputTokens),
  unpriced.replies === 0 ? '' : `${unpriced.replies} replies, ${unpriced.inputTokens + unpriced.outputTokens} tokens`,
]
