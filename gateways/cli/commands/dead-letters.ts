// `casebook dead-letters list|show|retry|drop`: what was parked, and what is to become of it.
import type { Command } from 'commander'
import { z } from 'zod'
import { type DeadLetterView, deadLetterView } from '../../../schemas/dead-letter.ts'
import { type Cli, countOf, everyItem, type JsonOption } from '../cli.ts'
import { WrongUsage } from '../cli-errors.ts'
import { cut, oneLine, plain, writeJson, writeTable } from '../output.ts'

const page = z.object({ count: z.int(), items: z.array(deadLetterView), next: z.string().nullable() })

interface Filter {
  readonly consumer?: string
  readonly code?: string
}
interface ListOptions extends Filter, JsonOption {
  readonly status?: string
  readonly limit: number
}
interface ManyOptions extends Filter, JsonOption {
  readonly all?: boolean
  readonly yes?: boolean
}

export const addDeadLetters = (group: Command, { api, write }: Cli): void => {
  const pathOf = (id: string, what = ''): string => `/v1/dead-letters/${encodeURIComponent(id)}${what}`

  const matching = async ({ consumer, code }: Filter): Promise<readonly string[]> => {
    const query = new URLSearchParams({ limit: '200' })
    if (consumer !== undefined) query.set('consumer', consumer)
    if (code !== undefined) query.set('code', code)
    const ids: string[] = []
    for await (const { id } of everyItem((cursor) => api().get(`/v1/dead-letters?${query}${cursor}`, page)))
      ids.push(id)
    return ids
  }

  /** Those named, or all that match once somebody has seen how many they are. */
  const chosen = async (ids: readonly string[], options: ManyOptions, verb: string): Promise<readonly string[]> => {
    if (ids.length > 0 === (options.all === true)) throw new WrongUsage('Name dead letters, or give --all.')
    if (ids.length > 0) return ids
    const found = await matching(options)
    if (options.yes === true || found.length === 0) return found
    throw new WrongUsage(`${found.length} open dead letters match. To ${verb} them all, give --yes as well.`)
  }

  const settle = async (ids: readonly string[], verb: 'retry' | 'drop', body: object, json: boolean): Promise<void> => {
    const settled: DeadLetterView[] = []
    for (const id of ids) {
      const letter = await api().post(pathOf(id, `/${verb}`), body, deadLetterView)
      settled.push(letter)
      if (!json) write(verb === 'retry' ? `${id} goes back to ${oneLine(letter.consumer)}.\n` : `${id} is dropped.\n`)
    }
    if (json) writeJson(write, { items: settled })
    else if (ids.length === 0) write('No open dead letter matches.\n')
  }

  const withFilter = (command: Command): Command =>
    command
      .option('--consumer <name>', 'only those parked by this handler')
      .option('--code <code>', 'only those with this error')

  withFilter(group.command('list', { isDefault: true }))
    .description('messages that were parked, the newest first')
    .option('--status <status>', 'open, retried, dropped or all', 'open')
    .option('--limit <n>', 'how many, at most 200', countOf, 20)
    .option('--json', 'as JSON')
    .action(async ({ status = 'open', limit, consumer, code, json }: ListOptions) => {
      const query = new URLSearchParams({ limit: String(limit), status })
      if (consumer !== undefined) query.set('consumer', consumer)
      if (code !== undefined) query.set('code', code)
      const found = await api().get(`/v1/dead-letters?${query}`, page)
      if (json === true) return writeJson(write, found)
      if (found.items.length === 0) return write(`No dead letters are ${status === 'all' ? 'kept' : status}.\n`)
      const rows = found.items.map((letter) => [
        letter.id,
        letter.status,
        letter.parkedAt,
        letter.consumer,
        letter.error.code,
        cut(oneLine(letter.error.message), 60),
      ])
      writeTable(write, ['id', 'status', 'parked', 'by', 'code', 'why'], rows)
      if (found.next !== null) write(`There are more: --limit ${Math.min(200, limit * 2)}\n`)
    })

  group
    .command('show <id>')
    .description('one of them: where it comes from, why it was parked, and what it says')
    .option('--json', 'as JSON')
    .action(async (id: string, options: JsonOption) => {
      const letter = await api().get(pathOf(id), deadLetterView)
      if (options.json === true) return writeJson(write, letter)
      write(`${letter.id}  ${letter.status}\n`)
      const place = letter.sequence === undefined ? '' : ` ${letter.sequence}`
      write(`from ${letter.stream ?? 'a stream'}${place}, ${oneLine(letter.subject)}\n`)
      write(`parked by ${oneLine(letter.consumer)} at ${letter.parkedAt}, after ${letter.attempts} attempts\n`)
      write(`${letter.error.code}: ${oneLine(letter.error.message)}\n`)
      if (letter.decision !== null) {
        const { what, by, at, reason } = letter.decision
        write(`${what} by ${oneLine(by.id)} at ${at}${reason === undefined ? '' : `: ${oneLine(reason)}`}\n`)
      }
      for (const [name, value] of Object.entries(letter.headers)) write(`  ${oneLine(name)}: ${oneLine(value)}\n`)
      write(`\n${plain(letter.payload)}\n`)
    })

  withFilter(group.command('retry [id...]'))
    .description('give them back to the handlers that parked them')
    .option('--all', 'all that are open and match')
    .option('--yes', 'with --all: do it, and not only count them')
    .option('--json', 'as JSON')
    .action(async (ids: readonly string[], options: ManyOptions) =>
      settle(await chosen(ids, options, 'retry'), 'retry', {}, options.json === true),
    )

  withFilter(group.command('drop [id...]'))
    .description('leave them for good; who did so and why is kept')
    .requiredOption('--reason <text>', 'why')
    .option('--all', 'all that are open and match')
    .option('--yes', 'with --all: do it, and not only count them')
    .option('--json', 'as JSON')
    .action(async (ids: readonly string[], { reason, ...options }: ManyOptions & { readonly reason: string }) =>
      settle(await chosen(ids, options, 'drop'), 'drop', { reason }, options.json === true),
    )
}
