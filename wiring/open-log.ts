// The log, and what stands on it.
import { overrideFaults as faultsOf } from '../domain/plan/apply-overrides.ts'
import { openArchive } from '../gateways/archive/open-archive.ts'
import { createCheckArguments } from '../gateways/mcp/check-arguments.ts'
import { createQueueView } from '../handlers/queue-view.ts'
import { createStoreText } from '../handlers/store-text.ts'
import { startCommitFeed } from '../infra/commit-feed.ts'
import { createAlertIntake } from '../infra/jetstream/alert-intake.ts'
import { connectNats } from '../infra/jetstream/connect.ts'
import { createDeadLetters } from '../infra/jetstream/dead-letters.ts'
import { createJetStreamBlobStore } from '../infra/jetstream/jetstream-blob-store.ts'
import { createJetStreamEventLog } from '../infra/jetstream/jetstream-event-log.ts'
import { createLiveDeltas } from '../infra/jetstream/jetstream-live-channel.ts'
import { createJetStreamLogReader } from '../infra/jetstream/jetstream-log-reader.ts'
import { createJetStreamQueueStore } from '../infra/jetstream/jetstream-queue-store.ts'
import { createOwnEntries } from '../infra/jetstream/own-entries.ts'
import { ensureReplicas, replicasFor } from '../infra/jetstream/replicas.ts'
import { createRequestKeys } from '../infra/jetstream/request-keys.ts'
import { ensureStreams } from '../infra/jetstream/streams.ts'
import { observeAppends } from '../infra/own-commits.ts'
import type { Overrides } from '../schemas/overrides.ts'
import type { Wiring } from './wiring.ts'

export type OpenLog = Awaited<ReturnType<typeof openLog>>

export const openLog = async ({ environment, log, teardown, settings, servers }: Wiring) => {
  const nats = await connectNats(servers.natsUrl, `casebook-${process.pid}`, log)
  // A connection that is away cannot be drained, and would try to come back for as long as the process lives.
  teardown.add('nats', () => nats.drain().finally(() => nats.close()))
  const replicas = await replicasFor(nats, environment.CASEBOOK_REPLICAS)
  await ensureStreams(nats, replicas)
  const ownEntries = environment.CASEBOOK_DURABILITY === 'strict' ? createOwnEntries() : null
  const ownCommits = observeAppends(
    await createJetStreamEventLog(nats, ownEntries === null ? {} : { onStored: ownEntries.add }),
  )
  const reader = await createJetStreamLogReader(nats, log)
  const deadLetters = await createDeadLetters(nats, log, replicas)
  const blobs = await createJetStreamBlobStore(nats, replicas)
  const live = await createLiveDeltas(nats)
  const requestKeys = await createRequestKeys(nats, replicas)
  const queueStore = await createJetStreamQueueStore(nats, replicas)
  await ensureReplicas(nats, replicas)
  const queue = createQueueView(queueStore, settings)
  const archived = environment.EVENTSTORE_URL === undefined ? null : openArchive(environment.EVENTSTORE_URL)
  if (archived !== null) teardown.add('archive', archived.archive.close)
  const intakeQueue = createAlertIntake(nats, deadLetters, log)
  const feed = await startCommitFeed(reader)
  teardown.add('commit feed', feed.stop)
  const storeText = createStoreText(blobs)
  const checkArguments = createCheckArguments()
  const overrideFaults = (overrides: Overrides) => faultsOf(overrides, settings.current().configuration)
  return {
    nats,
    ownCommits,
    reader,
    /** In strict mode what is appended here comes from memory: for one follower. */
    ofOwnEntries: ownEntries?.reader(reader) ?? reader,
    deadLetters,
    blobs,
    live,
    requestKeys,
    queueStore,
    queue,
    archived,
    intakeQueue,
    feed,
    storeText,
    checkArguments,
    overrideFaults,
  }
}
