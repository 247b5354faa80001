// `casebook projections as-of`: fills a read model as it was then, and says how to read it.
import type { Command } from 'commander'
import { z } from 'zod'
import { type Cli, type JsonOption, momentOf, positionOf } from '../cli.ts'
import { WrongUsage } from '../cli-errors.ts'
import { followBuilds } from '../follow-builds.ts'
import { writeJson } from '../output.ts'

const asked = z.looseObject({ generation: z.int(), sequence: z.int() })

interface Options extends JsonOption {
  readonly sequence?: number
  readonly time?: string
}

/** The command that lists from it; the others are read by HTTP alone. */
const lists: Readonly<Record<string, string>> = {
  sessions: 'casebook sessions list',
  inputs: 'casebook inputs list --status all',
  tasks: 'casebook tasks list',
  costs: 'casebook costs',
}

export const addProjectionsAsOf = (group: Command, cli: Cli): void => {
  group
    .command('as-of <name>')
    .description('fill a projection as it was then, beside the one that serves; dropped when it is read no more')
    .option('--sequence <n>', 'after this message of the log', positionOf)
    .option('--time <time>', 'at this moment, such as 2026-01-31T12:00:00Z', momentOf)
    .option('--json', 'as JSON')
    .action(async (name: string, { sequence, time, json = false }: Options) => {
      if ((sequence === undefined) === (time === undefined)) throw new WrongUsage('Give --sequence or --time.')
      const path = `/v1/projections/${encodeURIComponent(name)}/as-of`
      const at = sequence === undefined ? { time } : { sequence }
      const quiet = json ? { ...cli, write: () => undefined, terminal: false } : cli
      const { generation } = await cli.api().post(path, at, asked)
      const done = await followBuilds(quiet, new Map([[name, generation]]))
      const made = done.get(name)?.asOf.find((each) => each.generation === generation)
      if (json) return writeJson(cli.write, { name, ...made })
      if (made === undefined) return
      const list = lists[name]
      const how = list === undefined ? `?at=${made.sequence}` : `${list} --at ${made.sequence}`
      cli.write(`${name} as of ${made.sequence} is there until ${made.until}, and longer while it is read: ${how}\n`)
    })
}
