// `casebook retention preview`: what the policies would erase, without erasing anything.
import { type Command, Option } from 'commander'
import { retentionKind, retentionPreview } from '../../../schemas/retention.ts'
import { type Cli, countOf, type JsonOption } from '../cli.ts'
import { cut, writeJson, writeTable } from '../output.ts'

interface Options extends JsonOption {
  readonly at?: string
  readonly keepDays?: string
  readonly kind?: string
  readonly limit: number
}

export const addRetentionPreview = (retention: Command, { api, write }: Cli): void => {
  retention
    .command('preview')
    .description('a dry run: how many sessions go by each policy, which, and when; nothing is erased')
    .option('--at <time>', 'what has expired by then, such as 2027-01-01T00:00:00Z; now when left out')
    .option('--keep-days <n>', 'as if this were the only policy')
    .addOption(new Option('--kind <kind>', 'of the policy tried with --keep-days').choices(retentionKind.options))
    .option('--limit <n>', 'sessions listed, at most 1000', countOf, 100)
    .option('--json', 'as JSON')
    .action(async ({ at, keepDays, kind, limit, json }: Options) => {
      const query = new URLSearchParams({
        limit: String(limit),
        ...(at !== undefined && { at }),
        ...(keepDays !== undefined && { keep_days: keepDays }),
        ...(kind !== undefined && { kind }),
      })
      const found = await api().get(`/v1/retention/preview?${query}`, retentionPreview)
      if (json === true) return writeJson(write, found)
      const { policies, items } = found
      if (policies.length === 0) return write('No policy: sessions are kept for ever. See docs/retention.md.\n')
      writeTable(
        write,
        ['policy', 'of', 'keeps', 'erases', 'held'],
        policies.map(({ name, org, kind: of, keepDays: days, expired, held }) => [
          name,
          [org ?? 'any org', of ?? 'any kind'].join(', '),
          days === 'forever' ? 'for ever' : `${days} days`,
          String(expired),
          String(held),
        ]),
      )
      if (items.length === 0) return write(`Nothing has expired by ${found.at}.\n`)
      write('\n')
      writeTable(
        write,
        ['session', 'policy', 'ended', 'expires', 'held', 'title'],
        items.map(({ id, policy, endedAt, expiresAt, held, title }) => [
          id,
          policy,
          endedAt,
          expiresAt,
          cut(held ?? '', 30),
          cut(title, 40),
        ]),
      )
      const all = policies.reduce((sum, each) => sum + each.expired + each.held, 0)
      if (all > items.length) write(`And ${all - items.length} more.\n`)
    })
}
