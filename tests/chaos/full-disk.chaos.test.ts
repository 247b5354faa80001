// No room for the log: requests are told, sessions wait, nothing is torn, and all goes on when there is room again.
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, rmdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { problem } from '../../gateways/http/problem.ts'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { eventsStream } from '../../infra/jetstream/streams.ts'
import { startChaosWorld } from '../support/chaos-world.ts'
import { eventually } from '../support/eventually.ts'
import { quiet, temporaryFolder } from '../support/servers.ts'

/** Root may have a disk of its own for a moment. Large at first: nats-server reserves what streams may grow to. */
const ownDisk = (): string | null => {
  if (process.getuid?.() !== 0) return null
  const folder = temporaryFolder()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4g,mode=0755', 'tmpfs', folder], { stdio: 'ignore' })
    return folder
  } catch {
    return null
  }
}

const usedKiB = (disk: string): number => {
  const { blocks, bfree, bsize } = statfsSync(disk)
  return Math.ceil(((blocks - bfree) * bsize) / 1024)
}

const disk = ownDisk()
const natsFolder = disk === null ? temporaryFolder() : join(disk, 'server')
mkdirSync(natsFolder, { recursive: true, mode: 0o755 })
const world = await startChaosWorld({ natsFolder, natsSilentForMs: 3_000, latencyMs: 500 })
test.after(async () => {
  await world.stop()
  if (disk === null) return
  execFileSync('umount', ['-l', disk], { stdio: 'ignore' })
  rmdirSync(disk)
})

const input = 'x'.repeat(10_000)

/** Asks for sessions until one is refused so. @returns asks for each of them once more, until it is there. */
const askUntil = async (expected: readonly string[]): Promise<() => Promise<unknown>> => {
  const asked = new Map<string, string>()
  await eventually(
    async () => {
      const title = `${expected.join()} ${asked.size}`
      const key = randomUUID()
      asked.set(title, key)
      const { status, json } = await world.ask('POST', '/v1/sessions', { title, input }, key)
      assert.ok([201, 503].includes(status), JSON.stringify(json))
      return status === 503 && expected.includes(problem.parse(json).code)
    },
    { describe: `refused with ${expected.join(' or ')}` },
  )
  return () => Promise.all(Array.from(asked, ([title, key]) => world.open(title, key, input)))
}

test('a stream at its limit: 503 log_full, and sessions under way end when it is raised', async () => {
  const connection = await connectNats(world.nats.url, 'test', quiet)
  try {
    const manager = await jetstreamManager(connection)
    await Promise.all([1, 2, 3, 4].map((nth) => world.open(`Under way ${nth}`)))
    const { config, state } = await manager.streams.info(eventsStream)
    // Room for what is appended meanwhile: nats-server cuts the beginning off a stream that is over its limit already.
    await manager.streams.update(eventsStream, { ...config, max_bytes: state.bytes + 200_000 })
    const again = await askUntil(['log_full'])
    await manager.streams.update(eventsStream, { ...config, max_bytes: -1 })
    await world.open('Room again')
    await again()
    await world.sound()
  } finally {
    await connection.close()
  }
})

test('a full disk: 503, nothing torn, and all goes on by itself when there is room', async () => {
  if (disk === null) return console.log('A full disk is not tested: only root may mount one of its own.')
  const resize = (size: string) => execFileSync('mount', ['-o', `remount,size=${size}`, disk], { stdio: 'ignore' })
  await Promise.all([1, 2].map((nth) => world.open(`At work ${nth}`)))
  // Refused while more than that is used already.
  await eventually(() => {
    resize(`${usedKiB(disk) + 256}k`)
    return true
  })
  const again = await askUntil(['log_full', 'log_unavailable'])
  resize('4g')
  await world.open('Room on the disk')
  await again()
  await world.sound()
})

test.run()
