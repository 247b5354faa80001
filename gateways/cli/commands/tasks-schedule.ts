// `casebook tasks schedule`: a session at a moment, at once, or again and again.
import { type Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { type Cli, countOf, type JsonOption, jsonOf, momentOf, pairOf, textOfFile } from '../cli.ts'
import { WrongUsage } from '../cli-errors.ts'
import { writeJson } from '../output.ts'

const written = z.looseObject({ id: z.string(), version: z.int(), sequence: z.int() })

interface Options extends JsonOption {
  readonly input?: string
  readonly file?: string
  readonly at?: string
  /** Seconds from now. */
  readonly in?: number
  readonly every?: number
  readonly times?: number
  readonly chain?: string
  readonly priority?: string
  readonly overrides?: string
  readonly label?: Readonly<Record<string, string>>
}

export const addTasksSchedule = (tasks: Command, { api, write }: Cli): void => {
  tasks
    .command('schedule <title>')
    .description('open a session at a moment; without --at or --in, at once')
    .option('--input <text>', 'what to look into')
    .option('--file <path>', 'the text of a file instead; - is standard input')
    .option('--at <time>', 'when, such as 2026-01-31T12:00:00Z', momentOf)
    .option('--in <duration>', 'how long from now, such as 90s, 15m, 6h, 2d', secondsOf)
    .option('--every <duration>', 'again and again, at least a minute apart', secondsOf)
    .option('--times <n>', 'with --every: how often in all, at most 1000', countOf)
    .option('--chain <name>', 'the chain to run')
    .option('--priority <priority>', 'critical, high, normal, low')
    .option('--overrides <json>', 'what holds for its sessions alone, such as {"tools": ["host__disk"]}')
    .option('--label <name=value>', 'a label; repeatable', pairOf)
    .option('--json', 'as JSON')
    .action(async (title: string, options: Options) => {
      const done = await api().post('/v1/tasks', await bodyOf(title, options), written)
      if (options.json === true) return writeJson(write, done)
      write(`${done.id} is scheduled.\n`)
    })
}

const bodyOf = async (title: string, options: Options): Promise<object> => {
  const { input, file, at, in: wait, every, times, chain, label, priority, overrides } = options
  if (input !== undefined && file !== undefined) throw new WrongUsage('Give --input or --file, not both.')
  if (at !== undefined && wait !== undefined) throw new WrongUsage('Give --at or --in, not both.')
  if ((every === undefined) !== (times === undefined)) throw new WrongUsage('--every and --times go together.')
  const text = file === undefined ? input : await textOfFile(file)
  const due = wait === undefined ? at : new Date(Date.now() + wait * 1000).toISOString()
  return {
    title,
    ...(text !== undefined && { input: text }),
    ...(due !== undefined && { at: due }),
    ...(every !== undefined && { repeat: { every_seconds: every, times } }),
    ...(chain !== undefined && { chain }),
    ...(label !== undefined && { labels: label }),
    ...(priority !== undefined && { priority }),
    ...(overrides !== undefined && { overrides: jsonOf(overrides, '--overrides') }),
  }
}

const secondsPer = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

const secondsOf = (text: string): number => {
  const [, amount = '', unit = ''] = /^([1-9]\d{0,7})([smhd])$/.exec(text) ?? []
  const [, each] = Object.entries(secondsPer).find(([name]) => name === unit) ?? []
  if (each === undefined) throw new InvalidArgumentError('It must be such as 90s, 15m, 6h or 2d.')
  return Number(amount) * each
}
