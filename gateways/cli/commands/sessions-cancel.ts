// `casebook sessions cancel-all`: ends all sessions that are like that, asked with their number.
import type { Command } from 'commander'
import { z } from 'zod'
import { type Cli, countOf, type JsonOption, pairOf } from '../cli.ts'
import { WrongUsage } from '../cli-errors.ts'
import { writeJson } from '../output.ts'

const counted = z.looseObject({ total: z.int() })
const cancelled = z.looseObject({
  cancelled: z.int(),
  over: z.int(),
  refused: z.array(z.looseObject({ id: z.string(), message: z.string() })),
})

const passedOn = ['status', 'chain', 'severity', 'text', 'from', 'to'] as const

interface Options extends JsonOption, Readonly<Partial<Record<(typeof passedOn)[number], string>>> {
  readonly label?: Readonly<Record<string, string>>
  readonly count?: number
  readonly reason?: string
}

export const addSessionsCancel = (sessions: Command, { api, write, exitWith }: Cli): void => {
  sessions
    .command('cancel-all')
    .description('end all sessions that are like that; without --count it says how many they are')
    .option('--status <status,…>', 'queued, running, summarizing; all of them without it')
    .option('--chain <name>', 'only of this chain')
    .option('--severity <severity,…>', 'only of alerts like that')
    .option('--label <name=value>', 'only with this label; repeatable', pairOf)
    .option('--text <words>', 'only with these words')
    .option('--from <time>', 'started then or later, such as 2026-01-31T12:00:00Z')
    .option('--to <time>', 'started before')
    .option('--count <n>', 'how many you mean: nothing is done when they are not as many', countOf)
    .option('--reason <text>', 'kept on the log')
    .option('--json', 'as JSON')
    .action(async (options: Options) => {
      const label = Object.entries(options.label ?? {}).map(([name, value]) => `${name}=${value}`)
      const named = passedOn.flatMap((name) => {
        const value = options[name]
        return value === undefined ? [] : [[name, value] as const]
      })
      if (named.length === 0 && label.length === 0)
        throw new WrongUsage('Say which: such as --chain thorough or --label team=infra.')
      if (options.count === undefined) {
        const query = new URLSearchParams({ status: 'queued,running,summarizing', ...Object.fromEntries(named) })
        for (const each of label) query.append('label', each)
        const { total } = await api().get(`/v1/sessions/facets?${query}`, counted)
        if (options.json === true) return writeJson(write, { total })
        return write(
          `${total} sessions under way are like that.${total > 0 ? ` To end them, add --count ${total}` : ''}\n`,
        )
      }
      const filter = { ...Object.fromEntries(named), ...(label.length > 0 && { label }) }
      const { count, reason } = options
      const answer = await api().post(
        '/v1/sessions/cancel',
        { filter, count, ...(reason !== undefined && { reason }) },
        cancelled,
      )
      if (answer.refused.length > 0) exitWith(1)
      if (options.json === true) return writeJson(write, answer)
      write(
        `${answer.cancelled} sessions are cancelled${answer.over > 0 ? `, ${answer.over} had ended by themselves` : ''}.\n`,
      )
      for (const { id, message } of answer.refused) write(`${id}: ${message}\n`)
    })
}
