// Memory and swap, as the kernel counts what is available.
import { readFile } from 'node:fs/promises'
import { freemem, totalmem } from 'node:os'
import { bytes, hostTool } from '../host-tool.ts'

export const memory = hostTool({
  name: 'memory',
  title: 'Memory',
  description: 'Memory of this machine: total, available, used, swap.',
  input: {},
  run: async () => {
    const info = await meminfo()
    const total = info.get('MemTotal') ?? totalmem()
    const available = info.get('MemAvailable') ?? freemem()
    const swapTotal = info.get('SwapTotal') ?? 0
    const swapUsed = swapTotal - (info.get('SwapFree') ?? swapTotal)
    const percent = Math.round((1 - available / total) * 100)
    return {
      text: `memory: ${bytes(total)} total, ${bytes(available)} available, ${percent}% used\nswap: ${bytes(swapTotal)} total, ${bytes(swapUsed)} used`,
      data: { total, available, usedPercent: percent, swapTotal, swapUsed },
    }
  },
})

const meminfo = async (): Promise<ReadonlyMap<string, number>> => {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '')
  return new Map([...text.matchAll(/^(\w+):\s+(\d+) kB$/gm)].map((match) => [match[1] ?? '', Number(match[2]) * 1024]))
}
