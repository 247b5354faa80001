// `casebook projections` and `casebook audit`: what an operator checks and mends.
import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import { type Write, writeTable } from './output.ts'

const projection = z.object({
  name: z.string(),
  version: z.int(),
  state: z.string(),
  position: z.int(),
  head: z.int(),
  lag: z.int(),
  failure: z.object({ sequence: z.int(), message: z.string() }).nullable(),
})
const projections = z.object({ items: z.array(projection) })
const report = z.object({
  ok: z.boolean(),
  checked: z.int(),
  upTo: z.int(),
  problems: z.array(z.object({ kind: z.string(), sequence: z.int(), subject: z.string(), detail: z.string() })),
})
const anything = z.looseObject({})

export const addOperatorCommands = (program: Command, api: () => ApiClient, write: Write): void => {
  const group = program.command('projections').description('the read models: how they are, and how to mend one')
  group
    .command('list', { isDefault: true })
    .option('--json', 'as JSON')
    .action(async (options: { readonly json?: boolean }) => {
      const { items } = await api().get('/v1/projections', projections)
      if (options.json === true) return write(`${JSON.stringify(items, null, 2)}\n`)
      const rows = items.map((each) => [
        each.name,
        `v${each.version}`,
        each.state,
        String(each.position),
        String(each.lag),
        each.failure === null ? '' : `stopped at ${each.failure.sequence}: ${each.failure.message}`,
      ])
      return writeTable(write, ['name', 'version', 'state', 'position', 'lag', 'failure'], rows)
    })
  group
    .command('rebuild <name>')
    .description('empty a projection and fill it again from the log')
    .action(async (name: string) => {
      await api().post(`/v1/projections/${name}/rebuild`, {}, anything)
      await followRebuild(api(), name, write)
    })
  group
    .command('resume <name>')
    .description('let a paused projection try again')
    .action(async (name: string) => {
      const { resumed } = await api().post(`/v1/projections/${name}/resume`, {}, z.object({ resumed: z.boolean() }))
      write(resumed ? `${name} tries again.\n` : `${name} was not paused.\n`)
    })

  program
    .command('audit')
    .description('the integrity of the log')
    .command('verify')
    .description('walk the hash chains of the log and of the Postgres copy; exit code 1 when something does not fit')
    .option('--session <id>', 'only this session')
    .action(async (options: { readonly session?: string }) => {
      const query = options.session === undefined ? '' : `?session=${options.session}`
      const { ok, checked, upTo, problems } = await api().get(`/v1/audit/verify${query}`, report)
      for (const { kind, sequence, subject, detail } of problems) write(`${sequence} ${kind} ${subject}: ${detail}\n`)
      write(ok ? `${checked} commits up to ${upTo} are sound.\n` : `${problems.length} of ${checked} commits do not fit.\n`)
      if (!ok) process.exitCode = 1
    })
}

const barWidth = 30

const followRebuild = async (api: ApiClient, name: string, write: Write): Promise<void> => {
  const started = performance.now()
  for (;;) {
    const { items } = await api.get('/v1/projections', projections)
    const found = items.find((each) => each.name === name)
    if (found === undefined) throw new Error(`Projection ${name} is gone.`)
    if (found.failure !== null) throw new Error(`It stopped at ${found.failure.sequence}: ${found.failure.message}`)
    const share = found.head === 0 ? 1 : found.position / found.head
    const bar = '█'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '░')
    const rate = Math.round(found.position / Math.max(0.001, (performance.now() - started) / 1000))
    write(`\r${bar} ${Math.floor(share * 100)}% ${found.position} of ${found.head} (${rate}/s) `)
    if (found.lag === 0) return write(`\n${name} is rebuilt.\n`)
    await delay(200)
  }
}
