// How long the machine has been up, and what it runs.
import { hostname, release, uptime as seconds, type } from 'node:os'
import { hostTool } from '../host-tool.ts'

export const uptime = hostTool({
  name: 'uptime',
  title: 'Uptime',
  description: 'How long this machine has been up, since when, its host name and kernel.',
  input: {},
  run: () => {
    const up = Math.round(seconds())
    const since = new Date(Date.now() - up * 1000).toISOString()
    const days = Math.floor(up / 86_400)
    const clock = new Date(up * 1000).toISOString().slice(11, 19)
    return Promise.resolve({
      text: `up ${days} days ${clock}, since ${since}\nhost ${hostname()}, ${type()} ${release()}`,
      data: { uptimeSeconds: up, since, hostname: hostname(), kernel: `${type()} ${release()}` },
    })
  },
})
