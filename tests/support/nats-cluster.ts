// Three nats-servers on loopback that keep every stream together; any of them can be killed and started again.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { findNatsServer } from '../../infra/embedded/find-nats-server.ts'
import { freePort } from '../../infra/embedded/free-port.ts'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { eventually } from './eventually.ts'
import { quiet, temporaryFolder } from './servers.ts'

/** Of `NATS_SERVER_BIN`, else of the one that is installed. */
export const natsServerForCluster = async (): Promise<{
  readonly binary: string
  readonly version: string
  readonly fit: boolean
}> => {
  const folder = temporaryFolder()
  const binary = await findNatsServer(process.env['NATS_SERVER_BIN'], folder, quiet)
  rmSync(folder, { recursive: true, force: true })
  const version = /v?(\d+\.\d+\.\d+\S*)/.exec(execFileSync(binary, ['--version'], { encoding: 'utf8' }))?.[1] ?? '0.0'
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return { binary, version, fit: major > 2 || (major === 2 && minor >= 10) }
}

export const startNatsCluster = async (binary: string) => {
  const folder = temporaryFolder()
  const names = ['n1', 'n2', 'n3'] as const
  type Name = (typeof names)[number]
  const ports = new Map<Name, { readonly client: number; readonly route: number }>()
  const free = new Set<number>()
  while (free.size < 2 * names.length) free.add(await freePort())
  const [...numbers] = free
  for (const name of names) ports.set(name, { client: numbers.pop() ?? 0, route: numbers.pop() ?? 0 })
  const portsOf = (name: Name) => ports.get(name) ?? { client: 0, route: 0 }
  const routes = names.map((name) => `nats://127.0.0.1:${portsOf(name).route}`).join(', ')
  const running = new Map<Name, ChildProcess>()

  const start = (name: Name): void => {
    const { client, route } = portsOf(name)
    const home = join(folder, name)
    mkdirSync(home, { recursive: true })
    writeFileSync(
      join(home, 'nats.conf'),
      `server_name: ${name}
listen: "127.0.0.1:${client}"
max_payload: 2097152
jetstream { store_dir: ${JSON.stringify(join(home, 'jetstream'))} }
cluster { name: casebook, listen: "127.0.0.1:${route}", routes: [${routes}] }
`,
    )
    const child = spawn(binary, ['-c', join(home, 'nats.conf'), '-l', join(home, 'log')], { stdio: 'ignore' })
    const kill = (): boolean => child.kill('SIGKILL')
    process.once('exit', kill)
    child.once('exit', () => process.off('exit', kill))
    running.set(name, child)
  }
  const kill = async (name: Name): Promise<void> => {
    const child = running.get(name)
    running.delete(name)
    if (child === undefined) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  for (const name of names) start(name)
  const url = `nats://127.0.0.1:${portsOf('n1').client}`
  const connection = await connectNats(url, 'test', quiet)
  /** A leader of the cluster's own, and all three at hand. */
  const complete = async () => {
    const manager = await eventually(() => jetstreamManager(connection), { withinMs: 60_000, everyMs: 200 })
    await eventually(() => (connection.info?.connect_urls ?? []).length === 3, { withinMs: 60_000 })
    await eventually(
      async () => {
        await manager.streams.add({ name: 'PROBE', subjects: ['probe'], num_replicas: 3 })
        return manager.streams.delete('PROBE')
      },
      { withinMs: 60_000, everyMs: 250 },
    )
    return manager
  }
  // Of 2.10 one start in ten of all three at once ends with a leader that holds the others to be away for as long as it
  // lives ("no suitable peers for placement"), or with none. Started again, it knows them.
  const again = async (error: unknown) => {
    for (const name of names) {
      console.log(
        `${name}, started again because of ${error}:\n${readFileSync(join(folder, name, 'log'), 'utf8').slice(-2_000)}`,
      )
      await kill(name)
    }
    for (const name of names) start(name)
    return complete()
  }
  const manager = await complete().catch(again).catch(again)
  return {
    url,
    connection,
    manager,
    /** @returns the name of the server that was killed. */
    killLeader: async (stream: string): Promise<Name> => {
      const leader = await eventually(
        async () => {
          const { cluster } = await manager.streams.info(stream)
          return names.find((name) => name === cluster?.leader)
        },
        { describe: `${stream} has a leader` },
      )
      await kill(leader)
      return leader
    },
    start,
    /** Every replica of the stream is there and current. */
    whole: (stream: string) =>
      eventually(
        async () => {
          const { cluster } = await manager.streams.info(stream)
          return cluster?.replicas?.length === 2 && cluster.replicas.every(({ current }) => current)
        },
        { withinMs: 120_000, everyMs: 200, describe: `${stream} is whole again` },
      ),
    stop: async (): Promise<void> => {
      await connection.close()
      await Promise.all(names.map(kill))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
