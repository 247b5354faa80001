// `casebook projections verify`: whether read models are what the log says.
import type { Command } from 'commander'
import { z } from 'zod'
import type { Cli, JsonOption } from '../cli.ts'
import { followBuilds, type verification } from '../follow-builds.ts'
import { oneLine, writeJson } from '../output.ts'
import { listProjections } from './projections-list.ts'

const accepted = z.looseObject({ generation: z.int() })

export const addProjectionsVerify = (group: Command, cli: Cli): void => {
  group
    .command('verify [name]')
    .description('compare every row with a shadow filled from the log; exit code 1 when something differs')
    .option('--json', 'as JSON')
    .action(async (name: string | undefined, options: JsonOption) => {
      const names = name === undefined ? (await listProjections(cli.api())).map((each) => each.name) : [name]
      const wanted = new Map<string, number>()
      for (const each of names) {
        const answer = await cli.api().post(`/v1/projections/${encodeURIComponent(each)}/verify`, {}, accepted)
        wanted.set(each, answer.generation)
      }
      const following = options.json === true ? { ...cli, write: () => undefined, terminal: false } : cli
      const done = await followBuilds(following, wanted)
      const found = names.map((each) => ({ name: each, verification: done.get(each)?.verification ?? null }))
      if (found.some(({ verification }) => verification?.ok !== true)) cli.exitWith(1)
      if (options.json === true) return writeJson(cli.write, found)
      for (const each of found) if (each.verification !== null) cli.write(report(each.name, each.verification))
    })
}

const report = (name: string, { ok, position, rows, differences, first }: z.infer<typeof verification>): string => {
  if (ok) return `${name}: ${rows} rows at ${position} are what the log says.\n`
  const lines = first.map(({ table, kind, key, columns }) => {
    const where = Object.entries(key).map(([column, value]) => `${column}=${oneLine(String(value))}`)
    return `  ${table} ${where.join(' ')}: ${kind}${columns.length > 0 ? ` in ${columns.join(', ')}` : ''}\n`
  })
  const more = differences > first.length ? `  and ${differences - first.length} more\n` : ''
  return `${name}: ${differences} of ${rows} rows at ${position} differ from the log. Mend it: casebook projections rebuild ${name}\n${lines.join('')}${more}`
}
