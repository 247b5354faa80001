// The processes that use most of the processor or the memory; their command lines without secrets.
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { bytes, hostTool, needLinux, table } from '../host-tool.ts'
import { type KernelSizes, kernelSizes } from '../kernel-sizes.ts'
import { maskCommandLine } from '../mask-command-line.ts'
import { printable } from '../printable.ts'

const sampleMs = 200
const longestCommand = 120

export const processes = hostTool({
  name: 'processes',
  title: 'Processes',
  description: 'The processes of this machine that use most CPU (sampled over 0.2 s) or most memory.',
  input: {
    by: z.enum(['cpu', 'memory']).default('cpu').describe('What to sort by.'),
    process: z.string().min(1).max(100).optional().describe('Only those whose name contains this.'),
    limit: z.int().min(1).max(50).default(10).describe('How many to list.'),
  },
  run: async ({ by, process: wanted, limit }) => {
    needLinux('The list of processes')
    const sizes = await kernelSizes()
    const began = performance.now()
    const before = await snapshot(sizes)
    await delay(sampleMs)
    const after = await snapshot(sizes)
    const seconds = (performance.now() - began) / 1000
    const named = wanted === undefined ? [...after.values()] : await namedLike(wanted, [...after.values()])
    const rows = named.map((each) => {
      const ticks = each.ticks - (before.get(each.pid)?.ticks ?? each.ticks)
      return { ...each, cpuPercent: Math.round((ticks / sizes.ticksPerSecond / seconds) * 100) }
    })
    rows.sort((a, b) => (by === 'cpu' ? b.cpuPercent - a.cpuPercent || b.rss - a.rss : b.rss - a.rss))
    const top = await Promise.all(
      rows.slice(0, limit).map(async (row) => ({ ...row, command: await commandOf(row.pid, row.name) })),
    )
    const lines = top.map((row) => [String(row.pid), `${row.cpuPercent}%`, bytes(row.rss), row.state, row.command])
    return {
      text: `${wanted === undefined ? '' : `${rows.length} of `}${after.size} processes\n${table([['pid', 'cpu', 'memory', 'state', 'command'], ...lines])}`,
      data: {
        total: after.size,
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

const snapshot = async (sizes: KernelSizes): Promise<ReadonlyMap<number, Sample>> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const samples = await Promise.all(pids.map((pid) => sampleOf(pid, sizes)))
  return new Map(samples.filter((sample) => sample !== null).map((sample) => [sample.pid, sample]))
}

const sampleOf = async (pid: number, { pageBytes }: KernelSizes): Promise<Sample | null> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat === null) return null
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return {
    pid,
    name: printable(stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))),
    state: fields[0] ?? '?',
    ticks: Number(fields[11]) + Number(fields[12]),
    rss: Number(fields[21]) * pageBytes,
  }
}

/** By the kernel's name, which is cut and may be that of a thread, or by the program's file. */
const namedLike = async (wanted: string, samples: readonly Sample[]): Promise<readonly Sample[]> => {
  const sought = wanted.toLowerCase()
  const found = await Promise.all(
    samples.map(async (sample) => {
      const program = (await cmdlineOf(sample.pid)).split(/[\0 ]/, 1)[0] ?? ''
      const names = [sample.name, program.slice(program.lastIndexOf('/') + 1)]
      return names.some((name) => name.toLowerCase().includes(sought)) ? [sample] : []
    }),
  )
  return found.flat()
}

const cmdlineOf = (pid: number): Promise<string> => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')

/** A kernel thread has no command line, and a process of another user may hide it. */
const commandOf = async (pid: number, name: string): Promise<string> => {
  const command = maskCommandLine(await cmdlineOf(pid))
  return printable(command.trim() === '' ? `[${name}]` : command.trim()).slice(0, longestCommand)
}
