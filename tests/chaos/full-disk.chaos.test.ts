// No room for the log: requests are told, sessions wait, nothing is torn, and all goes on when there is room again.
import { execFileSync } from 'node:child_process'
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

const refusalOf = async (title: string): Promise<string> => {
  const { status, json } = await world.ask('POST', '/v1/sessions', { title, input: 'x'.repeat(10_000) })
  if (status === 201) return ''
  assert.is(status, 503, JSON.stringify(json))
  return problem.parse(json).code
}

test('a stream at its limit: 503 log_full, and sessions under way end when it is raised', async () => {
  const connection = await connectNats(world.nats.url, 'test', quiet)
  try {
    const manager = await jetstreamManager(connection)
    const under = Promise.all([1, 2, 3, 4].map((nth) => world.open(`Under way ${nth}`)))
    await under
    const { config, state } = await manager.streams.info(eventsStream)
    // Room for what is appended meanwhile: nats-server cuts the beginning off a stream that is over its limit already.
    await manager.streams.update(eventsStream, { ...config, max_bytes: state.bytes + 200_000 })
    const accepted: string[] = []
    let refusal = ''
    while (refusal === '' && accepted.length < 40) {
      const title = `Perhaps ${accepted.length}`
      refusal = await refusalOf(title)
      if (refusal === '') accepted.push(title)
    }
    assert.is(refusal, 'log_full')
    await manager.streams.update(eventsStream, { ...config, max_bytes: -1 })
    await world.open('Room again')
    await world.adopt(accepted)
    await world.sound()
  } finally {
    await connection.close()
  }
})

test('a full disk: 503, nothing torn, and all goes on by itself when there is room', async () => {
  if (disk === null) return console.log('A full disk is not tested: only root may mount one of its own.')
  const resize = (size: string) => execFileSync('mount', ['-o', `remount,size=${size}`, disk], { stdio: 'ignore' })
  await Promise.all([1, 2].map((nth) => world.open(`At work ${nth}`)))
  resize(`${usedKiB(disk) + 256}k`)
  const accepted: string[] = []
  const code = await eventually(
    async () => {
      const title = `On a full disk ${accepted.length}`
      const refusal = await refusalOf(title)
      if (refusal === '') accepted.push(title)
      return refusal
    },
    { withinMs: 60_000 },
  )
  assert.ok(['log_full', 'log_unavailable'].includes(code), code)
  resize('4g')
  await world.open('Room on the disk')
  await world.adopt(accepted)
  await world.sound()
})

test.run()
