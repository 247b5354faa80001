// The Casebook that is pictured: a real process on its own servers, with alerts, sessions, tasks and a parked message of an invented shop.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jetstream } from '@nats-io/jetstream'
import { stringify } from 'yaml'
import { z } from 'zod'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { alertSubject } from '../../infra/jetstream/subjects.ts'
import { startCasebook } from '../../tests/support/casebook-process.ts'
import { eventually } from '../../tests/support/eventually.ts'
import { quiet, temporaryFolder } from '../../tests/support/servers.ts'
import { startStagedModel } from './staged-model.ts'

const agents = {
  'metrics-analyst': 'Reads what services measure.',
  'log-analyst': 'Reads what services log.',
  'disk-analyst': 'Finds what fills a disk.',
  operator: 'Mends what was found, when a person agrees.',
  questioner: 'Keeps certificates.',
  watcher: 'Compares this hour with others.',
}

const configurationOf = (modelUrl: string) => ({
  'shop.yaml': {
    defaults: {
      provider: 'staged',
      chain: 'watch',
      day_budgets: { each_org: { usd: 5 } },
      model_prices: [{ provider: 'staged', model: '*', input: 2.5, output: 10 }],
    },
    providers: {
      staged: {
        base_url: modelUrl,
        api_key_optional: true,
        model: 'casebook-simulated',
        simulated: true,
        stall_timeout_seconds: 1_800,
        call_timeout_seconds: 1_800,
      },
    },
    mcp_servers: {
      shop: {
        transport: {
          type: 'stdio',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration fills it in.
          command: '${CASEBOOK_NODE}',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the same.
          args: ['${CASEBOOK_ROOT}/scripts/screenshots/shop-tools-server.ts'],
        },
        shared: true,
        instructions: 'Services are named as in the address of their page.',
      },
    },
  },
  'agents.yaml': {
    agents: Object.fromEntries(
      Object.entries(agents).map(([name, description]) => [
        name,
        {
          description,
          instructions: `${description}\n\nYou are the ${name}.`,
          mcp_servers: ['shop'],
          ...(name === 'questioner' ? { built_in_tools: ['ask_person'] } : {}),
        },
      ]),
    ),
  },
  'chains.yaml': {
    chains: {
      latency: {
        description: 'Services that answer slowly.',
        alert_types: ['HighLatency'],
        stages: [
          { name: 'investigation', agents: ['metrics-analyst', 'log-analyst'], policy: 'all', synthesis: false },
          { name: 'remedy', agent: 'operator' },
        ],
        tool_policy: { rules: [{ tool: 'rollback', action: 'ask', reason: 'a rollback changes what customers see' }] },
        budgets: { session: { tokens: 60_000, tool_calls: 12 } },
      },
      disks: { alert_types: ['DiskFull'], stages: [{ name: 'investigation', agent: 'disk-analyst' }] },
      certificates: { stages: [{ name: 'inventory', agent: 'questioner' }] },
      watch: { stages: [{ name: 'comparison', agent: 'watcher' }] },
    },
  },
})

const alertOf = (name: string, severity: string, summary: string, service: string) => ({
  status: 'firing',
  labels: { alertname: name, severity, service, team: service === 'db-3' ? 'data' : 'shop' },
  annotations: { summary, runbook_url: `https://runbooks.example/${name}` },
  startsAt: new Date(Date.now() - 12 * 60_000).toISOString(),
  fingerprint: Buffer.from(summary).toString('hex').slice(-16),
})

const session = z.object({ id: z.string(), title: z.string(), status: z.string(), waitingFor: z.array(z.string()) })
const answer = z.object({ results: z.array(z.object({ alertId: z.string() })) })

export const startStagedShop = async () => {
  const folder = temporaryFolder()
  const model = await startStagedModel()
  mkdirSync(join(folder, 'config'))
  for (const [name, content] of Object.entries(configurationOf(model.url)))
    writeFileSync(join(folder, 'config', name), stringify(content))
  const data = join(folder, 'data')
  const casebook = await startCasebook({ CASEBOOK_DATA_DIR: data, CASEBOOK_CONFIG_DIR: join(folder, 'config') })
  const nats = await connectNats(readFileSync(join(data, 'nats.url'), 'utf8').trim(), 'screenshots', quiet)

  const post = async (path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(`${casebook.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
  const sessions = async () => {
    const response = await fetch(`${casebook.url}/v1/sessions?limit=100`)
    return z.object({ items: z.array(session) }).parse(await response.json()).items
  }
  /** The session of this title once it is in this status, or waits for a person. */
  const reached = (title: string, wanted: string): Promise<string> =>
    eventually(
      async () =>
        (await sessions()).find(
          ({ title: its, status, waitingFor }) =>
            its === title && (wanted === 'waiting' ? waitingFor.length > 0 : status === wanted),
        )?.id,
      { withinMs: 60_000, everyMs: 100, describe: `"${title}" is ${wanted}` },
    )
  const alerts = (...all: readonly object[]) =>
    post('/v1/webhooks/alertmanager', { version: '4', groupKey: '{}', status: 'firing', alerts: all })
  const start = (title: string, chain: string, labels: Readonly<Record<string, string>>) =>
    post('/v1/sessions', { title, chain, labels, input: title })

  const slow = 'Checkout answers slowly: p95 is 4.2 s'
  const canary = 'Checkout is slow on the canary hosts'
  const disk = 'Disk /var/log of db-3 is 97 % full'
  const latency = alertOf('HighLatency', 'critical', slow, 'checkout')
  const sent = answer.parse(await alerts(latency, alertOf('DiskFull', 'warning', disk, 'db-3')))
  await reached(disk, 'completed')
  await reached(slow, 'waiting')
  const inputs = z.object({ items: z.array(z.object({ id: z.string() })) })
  const open = inputs.parse(await (await fetch(`${casebook.url}/v1/inputs?status=open`)).json())
  for (const { id } of open.items) await post(`/v1/inputs/${id}/answer`, { kind: 'approve' })
  const ended = await reached(slow, 'completed')
  await post(`/v1/sessions/${ended}/evaluations`, {
    case: 'checkout-slow',
    run: 1,
    tools: 'live',
    tags: ['latency'],
    checks: [
      { kind: 'expected', wanted: 'pool.max', passed: true, found: '`pool.max` 10 of release 4.18.0' },
      { kind: 'must_not', wanted: 'database is slow', passed: true, found: '' },
    ],
  })
  await alerts(latency, alertOf('HighLatency', 'high', canary, 'checkout'))
  await start('Which certificates expire this week?', 'certificates', { team: 'shop' })
  for (const [title, team] of [
    ['Is the new search index complete?', 'search'],
    ['Compare this hour with yesterday', 'shop'],
  ] as const)
    await start(title, 'watch', { team })
  const waiting = await reached(canary, 'waiting')
  const running = await reached('Compare this hour with yesterday', 'running')
  const called = await reached('Is the new search index complete?', 'running')
  await post(`/v1/sessions/${called}/cancel`, { reason: 'Found by hand' })
  await reached('Which certificates expire this week?', 'waiting')

  await post('/v1/tasks', {
    title: 'Are the backups of last night whole?',
    input: 'Look at the disks.',
    chain: 'disks',
    labels: { team: 'data' },
    at: new Date(Date.now() + 11 * 3_600_000).toISOString(),
    repeat: { every_seconds: 86_400, times: 30 },
  })
  await post('/v1/tasks', {
    title: 'Look at the disks before the sale',
    input: 'Look at the disks.',
    chain: 'disks',
    labels: { team: 'data' },
  })
  await reached('Look at the disks before the sale', 'completed')
  await jetstream(nats).publish(alertSubject('default'), '{"title": "Disk is full", "severty": "high"}')
  await eventually(
    async () => (await (await fetch(`${casebook.url}/metrics`)).text()).includes('casebook_dead_letters 1'),
    { withinMs: 60_000, describe: 'the message is parked' },
  )

  return {
    url: casebook.url,
    sessions: { ended, waiting, running },
    alert: sent.results[0]?.alertId ?? '',
    stop: async (): Promise<void> => {
      await nats.close()
      await model.close()
      await casebook.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type StagedShop = Awaited<ReturnType<typeof startStagedShop>>
