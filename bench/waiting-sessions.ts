// Memory of the real process while a thousand sessions wait on a model that takes a second.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { temporaryFolder } from '../tests/support/servers.ts'
import { type Figure, inFlight } from './measure.ts'

const counts = z.object({ items: z.array(z.object({ status: z.string() })), next: z.string().nullable() })

/** A chain without tools: a tool server of each session's own would be measured instead of Casebook. */
export const waitingConfiguration = (): string => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'agents'))
  writeFileSync(
    join(folder, 'chains.yaml'),
    'chains:\n  waiting:\n    stages:\n      - name: waiting\n        agent: waiter\n',
  )
  writeFileSync(
    join(folder, 'agents', 'waiter.md'),
    '---\nname: waiter\ndescription: Waits.\ncontroller: single_shot\n---\nSay what you know.\n',
  )
  return folder
}

export const benchWaitingSessions = async (url: string, pid: number, sessions: number): Promise<readonly Figure[]> => {
  const resident = (): number =>
    Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  const idle = resident()
  let peak = idle
  const sampling = setInterval(() => {
    peak = Math.max(peak, resident())
  }, 100)
  try {
    return await wait(url, sessions, idle, () => peak)
  } finally {
    clearInterval(sampling)
  }
}

const wait = async (url: string, sessions: number, idle: number, peak: () => number): Promise<readonly Figure[]> => {
  const started = performance.now()
  await inFlight(sessions, 32, async (index) => {
    const response = await fetch(`${url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'casebook-org': 'waiting' },
      body: JSON.stringify({ title: `Waiting ${index}`, input: 'Look at the load.', chain: 'waiting' }),
    })
    const answer = await response.text()
    if (response.status !== 201) throw new Error(`Session ${index} was not created: ${response.status} ${answer}`)
  })
  const submitted = (performance.now() - started) / 1000
  for (;;) {
    const open = await Promise.all(
      ['queued', 'running', 'summarizing'].map(async (status) => {
        const response = await fetch(`${url}/v1/sessions?status=${status}&limit=1`, {
          headers: { 'casebook-org': 'waiting' },
        })
        return counts.parse(await response.json()).items.length
      }),
    )
    const done = await fetch(`${url}/v1/sessions?status=completed&limit=1`, { headers: { 'casebook-org': 'waiting' } })
    if (open.every((count) => count === 0) && counts.parse(await done.json()).items.length > 0) break
    if (performance.now() - started > 120_000)
      throw new Error(`After two minutes not all of ${sessions} sessions were done.`)
    await delay(250)
  }
  const seconds = (performance.now() - started) / 1000
  return [
    {
      what: `resident memory, ${sessions} sessions on a 1 s model`,
      value: `${Math.round(peak())} MB at most`,
      beside: `${Math.round(idle)} MB idle`,
    },
    { what: '  all of them submitted / completed', value: `${submitted.toFixed(1)} s / ${seconds.toFixed(1)} s` },
  ]
}
