// What an acknowledged append survives on the servers as they run: asked at start, said by /health in plain words.
import { jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Sql } from '../projections/database.ts'
import { CasebookError } from '../schemas/casebook-error.ts'
import type { Environment } from '../schemas/environment.ts'
import { eventsStream } from './jetstream/streams.ts'

export interface DurabilityFacts {
  readonly mode: Environment['CASEBOOK_DURABILITY']
  /** Of nats-server. */
  readonly version: string
  readonly replicas: number
  /** nats-server is run by Casebook, with its own configuration. */
  readonly embedded: boolean
  readonly fsync: boolean
  readonly synchronousCommit: string
}

/** A promise that these servers cannot keep is not given. */
export class StrictDurabilityImpossible extends CasebookError {
  readonly code = 'strict_durability_impossible'
  readonly retryable = false

  constructor() {
    super(
      'CASEBOOK_DURABILITY is strict, but Postgres runs with fsync=off and may lose what it has committed. Set fsync=on there, or unset CASEBOOK_DURABILITY.',
    )
  }
}

/** @throws StrictDurabilityImpossible */
export const readDurability = async (
  connection: NatsConnection,
  sql: Sql,
  { mode, embedded }: Pick<DurabilityFacts, 'mode' | 'embedded'>,
): Promise<DurabilityFacts> => {
  const manager = await jetstreamManager(connection, { checkAPI: false })
  const { config } = await manager.streams.info(eventsStream)
  const [row] = await sql.query(
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit`,
  )
  const fsync = row?.['fsync'] === 'on'
  if (mode === 'strict' && !fsync) throw new StrictDurabilityImpossible()
  return {
    mode,
    embedded,
    version: connection.info?.version ?? 'unknown',
    replicas: config.num_replicas,
    fsync,
    synchronousCommit: String(row?.['synchronous_commit']),
  }
}

/** One sentence on the death of processes, one on the power, one on the copy. */
export const durabilityInWords = (facts: DurabilityFacts): string => {
  const { mode, version, replicas } = facts
  const processes =
    replicas > 1
      ? `An acknowledged append is in memory or on disk of most of ${replicas} nats-servers (${version}), and survives the death of any process and the loss of ${Math.floor((replicas - 1) / 2)} of them.`
      : `An acknowledged append is in the file of one nats-server (${version}), and survives the death of any process.`
  return [processes, ...(mode === 'strict' ? [strictly(facts)] : [power(facts), copy(facts)])].join(' ')
}

const strictly = ({ synchronousCommit }: DurabilityFacts): string =>
  `It survives the power, too: it counts only when Postgres (fsync on, synchronous_commit ${waiting(synchronousCommit)}) has its copy on disk.`

const power = ({ version, embedded }: DurabilityFacts): string => {
  if (!knowsSyncInterval(version))
    return 'It may not survive the power: this nats-server syncs its disk every 2 minutes.'
  return embedded
    ? 'It may not survive the power: nats-server syncs its disk every 2 minutes.'
    : 'Whether it survives the power depends on sync_interval, which nats-server does not tell: every 2 minutes unless it is set to always.'
}

const copy = ({ fsync, synchronousCommit }: DurabilityFacts): string =>
  fsync
    ? `The copy in Postgres (fsync on, synchronous_commit ${waiting(synchronousCommit)}) is on disk a moment later.`
    : 'The copy in Postgres may not survive it either: fsync is off.'

/** The copy waits for the disk also where the server's default is not to. */
const waiting = (setting: string): string =>
  setting === 'off' || setting === 'local' ? `${setting}, on for the copy` : setting

const knowsSyncInterval = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 2 || (major === 2 && minor >= 10)
}
