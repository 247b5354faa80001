// A nats-server of our own: JetStream on disk, loopback only, behind a token that only this user can read.
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '@nats-io/transport-node'
import type { Log } from '../../handlers/ports/log.ts'
import { refuseToDropCompressed } from './compressed-log.ts'
import { findNatsServer } from './find-nats-server.ts'
import { endLeftover } from './leftover-server.ts'
import { watchNatsServer } from './nats-server-watch.ts'
import { onRememberedPort } from './remembered-port.ts'
import { ownerIdentity } from './server-identity.ts'
import { type Supervised, supervise } from './supervised-process.ts'

export interface EmbeddedServer {
  /** With credentials; never logged. */
  readonly url: string
  readonly process: Supervised
}

/** @throws NatsServerNotFound, NatsServerTooOld, EmbeddedServerFailed */
export const startNatsServer = async (
  folder: string,
  wanted: string | undefined,
  log: Log,
  silentForMs?: number,
): Promise<EmbeddedServer> => {
  const home = join(folder, 'nats')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const identity = await ownerIdentity(home)
  const binary = await findNatsServer(wanted, folder, log, identity)
  const token = keptToken(join(home, 'token'))
  const config = join(home, 'nats.conf')
  const trace = { proof: config, pidFile: join(home, 'nats-server.pid'), stopSignal: 'SIGTERM' } as const
  const ended = await endLeftover(trace)
  if (ended !== null) log.warn({ pid: ended }, 'A nats-server of an earlier run was still there; ended it.')
  const store = join(home, 'jetstream')
  await refuseToDropCompressed(store, binary, identity)
  const logFile = join(folder, 'nats-server.log')
  return onRememberedPort(folder, 'nats', async (port) => {
    writeFileSync(config, configuration(port, token, store), { mode: 0o600 })
    if (identity !== undefined) chownSync(config, identity.uid, identity.gid)
    const probe = () => jetStreamAnswers(port, token)
    const supervised = await supervise({
      ...trace,
      name: 'nats-server',
      command: binary,
      args: ['-c', config],
      identity,
      logFile,
      probe,
      watch: () => watchNatsServer({ probe, logFile, store, ...(silentForMs !== undefined && { silentForMs }) }),
      log,
    })
    return { url: `nats://${token}@127.0.0.1:${port}`, process: supervised }
  })
}

/** Kept, so that other processes of this user that know the address can come back after a restart. */
const keptToken = (file: string): string => {
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  if (kept !== '') return kept
  const token = randomBytes(24).toString('base64url')
  writeFileSync(file, `${token}\n`, { mode: 0o600 })
  return token
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

/** Through the token, so that another NATS on this port never passes for ours. */
const jetStreamAnswers = async (port: number, token: string): Promise<void> => {
  const connection = await connect({ servers: `127.0.0.1:${port}`, token, timeout: 1_000, reconnect: false })
  try {
    const answer = await connection.request('$JS.API.INFO', '', { timeout: 1_000 })
    if (answer.string().includes('"error"')) throw new Error(`JetStream is not up: ${answer.string()}`)
  } finally {
    await connection.close()
  }
}
