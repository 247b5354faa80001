// `casebook projections list`: where each read model stands.
import type { Command } from 'commander'
import { z } from 'zod'
import type { ApiClient } from '../api-client.ts'
import type { Cli, JsonOption } from '../cli.ts'
import { writeJson, writeTable } from '../output.ts'

const projection = z.looseObject({
  name: z.string(),
  version: z.int(),
  state: z.string(),
  position: z.int(),
  head: z.int(),
  lag: z.int(),
  failure: z.looseObject({ sequence: z.int(), message: z.string() }).nullable(),
  builds: z.array(z.looseObject({ kind: z.string(), state: z.string(), position: z.int(), head: z.int() })).default([]),
})
type ListedProjection = z.infer<typeof projection>
const projections = z.object({ items: z.array(projection) })

export const listProjections = async (api: ApiClient): Promise<readonly ListedProjection[]> =>
  (await api.get('/v1/projections', projections)).items

export const addProjectionsList = (group: Command, { api, write }: Cli): void => {
  group
    .command('list', { isDefault: true })
    .description('state, position, lag and failure of each')
    .option('--json', 'as JSON')
    .action(async (options: JsonOption) => {
      const items = await listProjections(api())
      if (options.json === true) return writeJson(write, items)
      const rows = items.map(({ name, version, state, position, lag, failure, builds }) => [
        name,
        `v${version}`,
        state,
        String(position),
        String(lag),
        builds.map((each) => `${each.kind} ${each.state} at ${each.position} of ${each.head}`).join(', '),
        failure === null ? '' : `stopped at ${failure.sequence}: ${failure.message}`,
      ])
      writeTable(write, ['name', 'version', 'state', 'position', 'lag', 'being filled', 'failure'], rows)
      const [paused] = items.filter(({ failure }) => failure !== null)
      if (paused !== undefined) write(`Mend the cause, then: casebook projections resume ${paused.name}\n`)
    })
}
