// Runs every bench on servers of its own and prints figures beside their limits: `npm run bench -- --quick`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { startSimulator } from '../gateways/simulator/simulator.ts'
import { connectNats } from '../infra/jetstream/connect.ts'
import { ensureStreams } from '../infra/jetstream/streams.ts'
import { startCasebook } from '../tests/support/casebook-process.ts'
import { quiet, startNats, startPostgres, temporaryFolder } from '../tests/support/servers.ts'
import { benchAgents } from './agents.ts'
import { benchCommands } from './commands.ts'
import { benchDashboard } from './dashboard.ts'
import { benchFailover } from './failover.ts'
import { benchGrowth } from './growth.ts'
import { benchLiveLatency } from './live-latency.ts'
import { benchLog } from './log.ts'
import { type Figure, printTable } from './measure.ts'
import { benchNthCommand } from './nth-command.ts'
import { benchProjections } from './projections.ts'
import { benchRebuild } from './rebuild.ts'
import { benchStorage } from './storage.ts'
import { benchStrict } from './strict.ts'
import { benchWaitingSessions, waitingConfiguration } from './waiting-sessions.ts'
import { benchWorkflows } from './workflows.ts'

const quick = process.argv.includes('--quick')
const only = process.argv.slice(2).filter((arg) => !arg.startsWith('--'))
const wanted = (name: string): boolean => only.length === 0 || only.includes(name)

const started = performance.now()
const results: Record<string, readonly Figure[]> = {}
const section = async (name: string, title: string, work: () => Promise<readonly Figure[]>): Promise<void> => {
  if (!wanted(name)) return
  process.stderr.write(`${title} …\n`)
  results[name] = await work()
  printTable(title, results[name])
}

/** Each section on a server of its own, so that none measures the other's leftovers. */
const withNats = async (
  work: (
    connection: Awaited<ReturnType<typeof connectNats>>,
    url: string,
    folder: string,
    restart: (signal: 'SIGTERM') => Promise<void>,
  ) => Promise<readonly Figure[]>,
) => {
  const nats = await startNats()
  const connection = await connectNats(nats.url, 'bench', quiet)
  await ensureStreams(connection)
  try {
    return await work(connection, nats.url, nats.folder, nats.restart)
  } finally {
    await connection.close()
    await nats.stop()
  }
}

await section('commands', 'Commands, beside raw JetStream publishes of the same bytes', () =>
  withNats(async (connection) => [...(await benchCommands(connection, quick)), ...(await benchNthCommand(connection))]),
)
await section('log', 'The log, beside raw publishes of the same bytes', () =>
  withNats((connection, url) => benchLog(connection, url, quick)),
)
await section('strict', 'Strict mode, on a Postgres that syncs its disk', () =>
  withNats(async (connection) => {
    const postgres = await startPostgres({ durable: true })
    try {
      return await benchStrict(connection, await postgres.createDatabase(), quick)
    } finally {
      await postgres.stop()
    }
  }),
)
await withNats(async (connection) => {
  await section('workflows', 'Durable workflows, beside bare compare-and-set publishes of the same bytes', () =>
    benchWorkflows(connection, quick),
  )
  await section('projections', 'Read models, beside multi-row inserts of the same bytes', async () => {
    if (!wanted('workflows')) await benchWorkflows(connection, true)
    const postgres = await startPostgres()
    try {
      return await benchProjections(connection, postgres, quick)
    } finally {
      await postgres.stop()
    }
  })
  return []
})
await section('rebuild', 'Rebuilds, verifications, and reads meanwhile', () =>
  withNats(async (connection, url) => {
    const postgres = await startPostgres()
    try {
      return await benchRebuild(connection, url, postgres, quick)
    } finally {
      await postgres.stop()
    }
  }),
)
await section('storage', 'Storage of a session of 200 steps, beside what was said in it', () =>
  withNats(async (connection, _, folder) => {
    const postgres = await startPostgres()
    try {
      return await benchStorage(connection, folder, postgres)
    } finally {
      await postgres.stop()
    }
  }),
)
await section('growth', 'Growth: the same figures on longer and longer logs', () =>
  withNats(async (connection, url, _, restart) => {
    const postgres = await startPostgres()
    try {
      return await benchGrowth(connection, { url, restart }, postgres, quick)
    } finally {
      await postgres.stop()
    }
  }),
)
await section('agents', 'Many agents at once, beside the time of their model alone', () =>
  withNats((connection) => benchAgents(connection, quick)),
)
await section('failover', 'A process killed, and another alive', () =>
  withNats(async (_, url) => {
    const postgres = await startPostgres()
    try {
      return await benchFailover(url, postgres.url, quick)
    } finally {
      await postgres.stop()
    }
  }),
)
await section('dashboard', 'The dashboard, in a real Chromium', () => benchDashboard(quick))
if (wanted('live') || wanted('memory')) {
  await withNats(async (connection, url) => {
    const [postgres, model] = await Promise.all([startPostgres(), startSimulator({ latencyMs: 1_000 })])
    const casebook = await startCasebook({
      NATS_URL: url,
      DATABASE_URL: postgres.url,
      CASEBOOK_DATA_DIR: join(temporaryFolder(), 'data'),
      OPENAI_BASE_URL: model.url,
      OPENAI_API_KEY: 'not-a-real-key',
      CASEBOOK_CONFIG_DIR: waitingConfiguration(),
    })
    try {
      await section('live', 'Live streams', () => benchLiveLatency(connection, url, casebook.url, quick))
      await section('memory', 'Waiting sessions', () =>
        benchWaitingSessions(casebook.url, casebook.pid, quick ? 1_000 : 1_000),
      )
    } finally {
      await casebook.stop()
      await model.close()
      await postgres.stop()
    }
    return []
  })
}

mkdirSync('bench/results', { recursive: true })
const file = join('bench', 'results', `${new Date().toISOString().replaceAll(':', '-')}.json`)
const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version, quick }
writeFileSync(file, `${JSON.stringify({ machine, results }, null, 2)}\n`)
console.log(`\n${((performance.now() - started) / 1000).toFixed(0)} s; written to ${file}`)
