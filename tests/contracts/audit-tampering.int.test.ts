// A log that somebody changed on the server itself: the verification names the first commit that is not what was copied.
import { jetstreamManager } from '@nats-io/jetstream'
import { headers } from '@nats-io/transport-node'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { createJetStreamLogReader } from '../../infra/jetstream/jetstream-log-reader.ts'
import { ensureStreams, eventsStream } from '../../infra/jetstream/streams.ts'
import { auditProjection } from '../../projections/audit.ts'
import { verifyAudit } from '../../projections/audit-verify.ts'
import type { StoredCommit } from '../../projections/log-copy.ts'
import { logSequence, startOfLog } from '../../schemas/ids.ts'
import { stream } from '../support/commit-samples.ts'
import { eventually } from '../support/eventually.ts'
import { startLogWorld } from '../support/log-world.ts'
import { applyTo, startReadSide } from '../support/read-side.ts'
import { quiet } from '../support/servers.ts'
import { storedMessages } from '../support/stored-messages.ts'
import { appendMany } from './event-log-contract.ts'

const test = suite('a log changed by hand')
const [world, readSide] = await Promise.all([startLogWorld(), startReadSide()])
test.after(async () => {
  await Promise.all([world.stop(), readSide.stop()])
})
const manager = await jetstreamManager(world.connection)
const database = await readSide.database()

const log = await createJetStreamEventLog(world.connection)
for (const to of [stream(), stream()]) await appendMany(log, to, 5)
const original = await storedMessages(manager)
const reader = await createJetStreamLogReader(world.connection, quiet)
for await (const { entries, last } of reader.follow(startOfLog, { maxBatch: 100 }, AbortSignal.timeout(60_000))) {
  await applyTo(database, auditProjection, entries)
  if (last >= original.length) break
}

/** Another stream under the same name, with these messages. */
const forge = async (commits: readonly StoredCommit[]) => {
  await manager.streams.delete(eventsStream)
  await ensureStreams(world.connection)
  await manager.streams.update(eventsStream, { duplicate_window: 100_000_000 })
  for (const { subject, payload, headers: stored } of commits) {
    const header = headers()
    for (const [name, value] of Object.entries(stored)) {
      if (!name.startsWith('Nats-')) header.set(name, value)
      else if (name === 'Nats-Msg-Id') header.set(name, value)
    }
    world.connection.publish(subject, payload, { headers: header })
  }
  await world.connection.flush()
  // The server has them all by now, and stores them in its time.
  await eventually(async () => (await manager.streams.info(eventsStream)).state.messages === commits.length)
  const fresh = await createJetStreamLogReader(await world.connect(), quiet)
  return verifyAudit(database, fresh, logSequence.parse(original.length), null, AbortSignal.timeout(60_000))
}

const at = (index: number): StoredCommit => original[index] ?? { sequence: 0, subject: '', headers: {}, payload: '' }

test('as it was, it is whole', async () => {
  assert.equal((await forge(original)).problems, [])
})

test('a commit changed, removed, swapped with the next, or added is the first that is named', async () => {
  const added = { ...at(3), headers: { ...at(3).headers, 'Nats-Msg-Id': 'cmd-forged' } }
  const forgeries: Readonly<Record<string, readonly StoredCommit[]>> = {
    changed: original.with(3, { ...at(3), payload: at(3).payload.replace('text 3', 'text x') }),
    removed: original.toSpliced(3, 1),
    reordered: original.with(3, at(4)).with(4, at(3)),
    added: original.toSpliced(3, 0, added),
  }
  for (const [what, commits] of Object.entries(forgeries)) {
    const { ok, problems } = await forge(commits)
    assert.is(ok, false, what)
    assert.is(problems[0]?.sequence, 4, `${what}: ${JSON.stringify(problems[0])}`)
  }
})

test.run()
