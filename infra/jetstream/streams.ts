// The JetStream assets Casebook needs, and the check that the server really gave what was asked for.
import {
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { nanos } from '@nats-io/transport-node'
import { CasebookError } from '../../schemas/casebook-error.ts'
import { maxCommitBytes } from '../../schemas/commit.ts'
import { RestoreUnfinished } from './restore-errors.ts'
import { markerOf } from './restore-marker.ts'
import {
  everyAlert,
  everyCommand,
  everyDead,
  everyDecided,
  everyEvent,
  everyLive,
  maxDeliveriesSubject,
} from './subjects.ts'

export const eventsStream = 'CASEBOOK_EVENTS'
export const intakeStream = 'CASEBOOK_INTAKE'
export const liveStream = 'CASEBOOK_LIVE'
export const deadStream = 'CASEBOOK_DEAD'
export const advisoriesStream = 'CASEBOOK_ADVISORIES'

/** The durable consumers of the intake's two queues. */
export const intakeConsumer = 'intake'
export const commandConsumer = 'commands'

const minute = 60_000

type Wanted = Partial<StreamConfig> & { readonly name: string; readonly subjects: string[] }

/** Whether the server is of 2.`minor` or newer. */
const isSince = (connection: NatsConnection, minor: number): boolean => {
  const [major = 0, itsMinor = 0] = (connection.info?.version ?? '0').split('.').map(Number)
  return major > 2 || (major === 2 && itsMinor >= minor)
}

/** What a server of 2.10 or newer does to a block of messages when it is full; 2.9 could not read it. */
export const compressionOf = (connection: NatsConnection): Pick<Wanted, 'compression'> =>
  isSince(connection, 10) ? { compression: 's2' } : {}

export const wantedEventsStream = (replicas: number, compression: Pick<Wanted, 'compression'>) =>
  ({
    name: eventsStream,
    subjects: [everyEvent],
    storage: 'file',
    retention: 'limits',
    // The server's default, `old`, would eat history at the limit.
    discard: 'new',
    num_replicas: replicas,
    ...compression,
    max_age: 0,
    max_msgs: -1,
    max_bytes: -1,
    max_msg_size: maxCommitBytes + 16_384,
    duplicate_window: nanos(2 * minute),
    allow_direct: true,
    // Erasing takes messages one by one: see delete-messages.ts.
    deny_delete: false,
    deny_purge: false,
  }) satisfies Wanted

export const wantedStreams = (replicas: number, compression: Pick<Wanted, 'compression'> = {}): readonly Wanted[] => [
  wantedEventsStream(replicas, compression),
  {
    name: intakeStream,
    subjects: [everyAlert, everyCommand],
    storage: 'file',
    retention: 'workqueue',
    discard: 'new',
    num_replicas: replicas,
    max_msgs: 1_000_000,
    max_msg_size: 1024 * 1024,
    duplicate_window: nanos(10 * minute),
  },
  {
    name: liveStream,
    subjects: [everyLive],
    storage: 'memory',
    retention: 'limits',
    discard: 'old',
    num_replicas: replicas,
    max_age: nanos(10 * minute),
    max_bytes: 128 * 1024 * 1024,
    no_ack: true,
  },
  {
    name: deadStream,
    subjects: [everyDead, everyDecided],
    storage: 'file',
    retention: 'limits',
    discard: 'old',
    num_replicas: replicas,
    max_bytes: 1024 * 1024 * 1024,
  },
  {
    // The server says once that it gives a message up; this hears it while no process of ours lives.
    name: advisoriesStream,
    subjects: [maxDeliveriesSubject(eventsStream), maxDeliveriesSubject(intakeStream)],
    storage: 'file',
    retention: 'workqueue',
    discard: 'old',
    num_replicas: replicas,
    max_msgs: 100_000,
  },
]

export class UnsupportedServer extends CasebookError {
  readonly code = 'unsupported_server'
  readonly retryable = false

  constructor(version: string) {
    super(`nats-server ${version} is too old: Casebook needs 2.9 or newer. Upgrade it, or set NATS_SERVER_BIN.`)
  }
}

export class StreamMisconfigured extends CasebookError {
  readonly code = 'stream_misconfigured'
  readonly retryable = false

  constructor(stream: string, differences: readonly string[]) {
    super(
      `Stream ${stream} is not as Casebook needs it: ${differences.join('; ')}. Mend it with "nats stream edit", or use an empty server.`,
    )
  }
}

/** Creates what is missing and checks what is there. @returns the log's creation time, its epoch. */
export const ensureStreams = async (connection: NatsConnection, replicas = 1): Promise<{ readonly epoch: string }> => {
  if (!isSince(connection, 9)) throw new UnsupportedServer(connection.info?.version ?? '0')
  const manager = await jetstreamManager(connection)
  let epoch = ''
  for (const wanted of wantedStreams(replicas, compressionOf(connection))) {
    const info = await asOfNow(manager, wanted, await addOrGet(manager, wanted))
    const restore = markerOf(info)
    if (restore !== null) throw new RestoreUnfinished(restore.restore)
    const differences = differing(wanted, info.config)
    if (differences.length > 0) throw new StreamMisconfigured(wanted.name, differences)
    if (wanted.name === eventsStream) epoch = info.created
  }
  return { epoch }
}

const streamNameInUse = 10058

export const addOrGet = async (manager: JetStreamManager, wanted: Wanted) => {
  try {
    return await manager.streams.info(wanted.name)
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.status !== 404) throw error
  }
  try {
    return await manager.streams.add({ ...wanted })
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === streamNameInUse) return manager.streams.info(wanted.name)
    throw error
  }
}

/**
 * A stream made by an older version learns the subjects that came later, and to compress what it stores from the server's next
 * start on; subjects that are not ours are left to be told.
 */
const asOfNow = async (manager: JetStreamManager, wanted: Wanted, info: StreamInfo): Promise<StreamInfo> => {
  const { subjects, compression = 'none' } = info.config
  const older = subjects.length < wanted.subjects.length && subjects.every((each) => wanted.subjects.includes(each))
  const changes = {
    ...(older && { subjects: wanted.subjects }),
    ...(wanted.compression !== undefined && compression === 'none' && { compression: wanted.compression }),
  }
  return Object.keys(changes).length > 0 ? manager.streams.update(wanted.name, { ...info.config, ...changes }) : info
}

/** 2.9 silently drops options it does not know, so the echo is compared with what was asked. */
const differing = (wanted: Wanted, got: StreamConfig): readonly string[] =>
  Object.entries(wanted).flatMap(([field, value]) => {
    // Another number serves as well, and may be wanted: see replicas.ts.
    if (field === 'num_replicas') return []
    // A log made before 0029 denies deletes for good; erasing knows what to do about it.
    if (field === 'deny_delete') return []
    const echoed = Object.entries(got).find(([name]) => name === field)?.[1]
    const same =
      JSON.stringify(echoed ?? false) === JSON.stringify(value ?? false) || (value === 0 && echoed === undefined)
    return same ? [] : [`${field} is ${JSON.stringify(echoed)}, not ${JSON.stringify(value)}`]
  })
