// The processes that use most of the processor or the memory; their command lines without secrets.
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { maskText } from '../../../domain/masking/mask.ts'
import { bytes, hostTool, needLinux, table } from '../host-tool.ts'

const sampleMs = 200
/** Clock ticks a second: 100 on every Linux that Node supports. */
const ticksPerSecond = 100
const pageBytes = 4096

export const processes = hostTool({
  name: 'processes',
  title: 'Processes',
  description: 'The processes of this machine that use most CPU (sampled over 0.2 s) or most memory.',
  input: {
    by: z.enum(['cpu', 'memory']).default('cpu').describe('What to sort by.'),
    limit: z.int().min(1).max(50).default(10).describe('How many to list.'),
  },
  run: async ({ by, limit }) => {
    needLinux('The list of processes')
    const before = await snapshot()
    await delay(sampleMs)
    const after = await snapshot()
    const rows = [...after.values()].map((each) => {
      const ticks = each.ticks - (before.get(each.pid)?.ticks ?? each.ticks)
      return { ...each, cpuPercent: Math.round((ticks / ticksPerSecond / (sampleMs / 1000)) * 100) }
    })
    rows.sort((a, b) => (by === 'cpu' ? b.cpuPercent - a.cpuPercent || b.rss - a.rss : b.rss - a.rss))
    const top = await Promise.all(
      rows.slice(0, limit).map(async (row) => ({ ...row, command: await commandOf(row.pid, row.name) })),
    )
    const lines = top.map((row) => [String(row.pid), `${row.cpuPercent}%`, bytes(row.rss), row.state, row.command])
    return {
      text: `${rows.length} processes\n${table([['pid', 'cpu', 'memory', 'state', 'command'], ...lines])}`,
      data: {
        total: rows.length,
        processes: top.map(({ pid, cpuPercent, rss, state, command }) => ({ pid, cpuPercent, rss, state, command })),
      },
    }
  },
})

interface Sample {
  readonly pid: number
  readonly name: string
  readonly state: string
  readonly ticks: number
  readonly rss: number
}

const snapshot = async (): Promise<ReadonlyMap<number, Sample>> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const samples = await Promise.all(pids.map(sampleOf))
  return new Map(samples.filter((sample) => sample !== null).map((sample) => [sample.pid, sample]))
}

const sampleOf = async (pid: number): Promise<Sample | null> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat === null) return null
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return {
    pid,
    name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
    state: fields[0] ?? '?',
    ticks: Number(fields[11]) + Number(fields[12]),
    rss: Number(fields[21]) * pageBytes,
  }
}

const commandOf = async (pid: number, name: string): Promise<string> => {
  const line = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim()
  return maskText(line === '' ? `[${name}]` : line, { groups: ['secrets'] }).text.slice(0, 120)
}
