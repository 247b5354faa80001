// `casebook projections rebuild`: empties a read model, and shows how it fills again.
import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import type { Cli, JsonOption } from '../cli.ts'
import { ApiProblem } from '../cli-errors.ts'
import { writeJson } from '../output.ts'
import { listProjections } from './projections-list.ts'

const accepted = z.looseObject({ name: z.string() })
const barWidth = 30

export const addProjectionsRebuild = (group: Command, cli: Cli): void => {
  group
    .command('rebuild <name>')
    .description('empty a projection and fill it again from the log; on a terminal, with its progress')
    .option('--wait', 'wait until it has caught up, also without a terminal')
    .option('--json', 'as JSON')
    .action(async (name: string, options: JsonOption & { readonly wait?: boolean }) => {
      const answer = await cli.api().post(`/v1/projections/${encodeURIComponent(name)}/rebuild`, {}, accepted)
      if (options.json === true) writeJson(cli.write, answer)
      else if (options.wait !== true && !cli.terminal)
        cli.write(`${name} is being rebuilt; see: casebook projections\n`)
      if (options.wait === true || (cli.terminal && options.json !== true)) await followRebuild(cli, name)
    })
}

const followRebuild = async ({ api, write, terminal }: Cli, name: string): Promise<void> => {
  const started = performance.now()
  for (;;) {
    const found = (await listProjections(api())).find((each) => each.name === name)
    if (found === undefined) throw new ApiProblem(404, 'unknown_projection', [`Projection ${name} is gone.`])
    const { position, head, lag, failure } = found
    if (failure !== null) {
      const lines = [
        `${name} stopped at ${failure.sequence}: ${failure.message}`,
        `Mend the cause, then: casebook projections resume ${name}`,
      ]
      throw new ApiProblem(409, 'projection_paused', lines)
    }
    const seconds = Math.max(0.001, (performance.now() - started) / 1000)
    if (terminal) {
      const share = head === 0 ? 1 : position / head
      const bar = '█'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '░')
      write(`\r\u001b[K${bar} ${Math.floor(share * 100)} % of ${head} (${Math.round(position / seconds)}/s)`)
    }
    if (lag === 0) return write(`${terminal ? '\n' : ''}${name} is rebuilt, in ${seconds.toFixed(1)} s.\n`)
    await delay(200)
  }
}
