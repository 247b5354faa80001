// `casebook projections rebuild`: fills a read model anew beside the one that serves, and shows how it goes.
import { type Command, Option } from 'commander'
import { z } from 'zod'
import type { Cli, JsonOption } from '../cli.ts'
import { followBuilds } from '../follow-builds.ts'
import { writeJson } from '../output.ts'

const accepted = z.looseObject({ name: z.string(), generation: z.int() })

export const addProjectionsRebuild = (group: Command, cli: Cli): void => {
  group
    .command('rebuild <name>')
    .description('fill a projection anew from the log while the old one serves; on a terminal, with its progress')
    .addOption(new Option('--from <source>', 'what to read').choices(['log', 'archive']))
    .option('--wait', 'wait until it serves, also without a terminal')
    .option('--json', 'as JSON')
    .action(async (name: string, options: JsonOption & { readonly wait?: boolean; readonly from?: string }) => {
      const started = performance.now()
      const from = options.from === undefined ? '' : `?from=${options.from}`
      const answer = await cli.api().post(`/v1/projections/${encodeURIComponent(name)}/rebuild${from}`, {}, accepted)
      if (options.json === true) writeJson(cli.write, answer)
      else if (options.wait !== true && !cli.terminal)
        cli.write(`${name} is being rebuilt; see: casebook projections\n`)
      if (options.wait !== true && (!cli.terminal || options.json === true)) return
      const quiet = options.json === true ? { ...cli, write: () => undefined, terminal: false } : cli
      await followBuilds(quiet, new Map([[name, answer.generation]]))
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      quiet.write(`${name} is rebuilt, in ${seconds} s. The old one is kept: casebook projections drop-old ${name}\n`)
    })
}
