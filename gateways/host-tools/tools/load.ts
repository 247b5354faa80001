// Load averages and how busy the processors are, sampled over a moment.
import { availableParallelism, cpus, loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { hostTool } from '../host-tool.ts'

const sampleMs = 200

export const load = hostTool({
  name: 'load',
  title: 'Load',
  description: 'CPU load of this machine: load averages, number of CPUs, CPU usage sampled over 0.2 s.',
  input: {},
  run: async () => {
    const before = times()
    await delay(sampleMs)
    const after = times()
    const busy = after.total === before.total ? 0 : 1 - (after.idle - before.idle) / (after.total - before.total)
    const [one = 0, five = 0, fifteen = 0] = loadavg()
    const count = availableParallelism()
    const percent = Math.round(busy * 100)
    return {
      text: `load average: ${one.toFixed(2)} (1 min), ${five.toFixed(2)} (5 min), ${fifteen.toFixed(2)} (15 min)\nCPUs: ${count}\nCPU usage now: ${percent}%\nload per CPU: ${(one / count).toFixed(2)}`,
      data: { load1: one, load5: five, load15: fifteen, cpus: count, cpuPercent: percent },
    }
  },
})

const times = (): { readonly idle: number; readonly total: number } => {
  const all = cpus().map(({ times: each }) => each)
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
  return {
    idle: sum(all.map(({ idle }) => idle)),
    total: sum(all.map((each) => sum(Object.values(each)))),
  }
}
