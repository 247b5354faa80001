// A nats-server of our own: JetStream on disk, loopback only, behind a token that only this user can read.
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect as connectSocket } from 'node:net'
import { join } from 'node:path'
import type { Log } from '../../handlers/ports/log.ts'
import { findNatsServer } from './find-nats-server.ts'
import { freePort } from './free-port.ts'
import { type Supervised, supervise } from './supervised-process.ts'

export interface EmbeddedServer {
  /** With credentials; never logged. */
  readonly url: string
  readonly process: Supervised
}

export const startNatsServer = async (
  folder: string,
  wanted: string | undefined,
  log: Log,
): Promise<EmbeddedServer> => {
  const binary = await findNatsServer(wanted, log)
  const home = join(folder, 'nats')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const port = await freePort()
  const token = randomBytes(24).toString('base64url')
  const config = join(home, 'nats.conf')
  writeFileSync(config, configuration(port, token, join(home, 'jetstream')), { mode: 0o600 })
  const supervised = await supervise({
    name: 'nats-server',
    command: binary,
    args: ['-c', config],
    proof: config,
    pidFile: join(home, 'nats-server.pid'),
    logFile: join(home, 'nats-server.log'),
    stopSignal: 'SIGTERM',
    probe: () => answers(port),
    log,
  })
  return { url: `nats://${token}@127.0.0.1:${port}`, process: supervised }
}

// `sync_interval: always` is unknown to 2.9, which would refuse to start; an acknowledgement survives the process, not the power.
const configuration = (port: number, token: string, store: string): string => `
listen: "127.0.0.1:${port}"
server_name: "casebook-${port}"
jetstream { store_dir: ${JSON.stringify(store)} }
authorization { token: "${token}" }
max_payload: 2097152
write_deadline: "10s"
`

/** The server greets with INFO as soon as it takes clients. */
const answers = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connectSocket(port, '127.0.0.1')
    socket.setTimeout(1_000, () => socket.destroy(new Error('no greeting')))
    socket.once('error', reject)
    socket.once('data', (greeting) => {
      socket.destroy()
      if (greeting.toString().startsWith('INFO')) resolve()
      else reject(new Error('not a NATS server'))
    })
  })
