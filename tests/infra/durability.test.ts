// What is said of durability, for each kind of server it is said of.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type DurabilityFacts, durabilityInWords } from '../../infra/durability.ts'

const own: DurabilityFacts = {
  mode: 'default',
  version: '2.9.10',
  replicas: 1,
  embedded: true,
  fsync: true,
  synchronousCommit: 'on',
}

test('one server of one’s own says that the power may take two minutes', () => {
  assert.is(
    durabilityInWords(own),
    'An acknowledged append is in the file of one nats-server (2.9.10), and survives the death of any process. ' +
      'It may not survive the power: this nats-server syncs its disk every 2 minutes. ' +
      'The copy in Postgres (fsync on, synchronous_commit on) is on disk a moment later.',
  )
})

test('a newer server elsewhere does not tell how often it syncs, and that is said', () => {
  assert.match(
    durabilityInWords({ ...own, version: '2.15.1', embedded: false }),
    /sync_interval, which nats-server does not tell/,
  )
  assert.match(durabilityInWords({ ...own, version: '2.15.1' }), /nats-server syncs its disk every 2 minutes/)
})

test('a cluster survives the loss of the lesser half', () => {
  for (const [replicas, lost] of [
    [3, 1],
    [5, 2],
  ] as const) {
    assert.match(durabilityInWords({ ...own, replicas }), `of most of ${replicas} nats-servers`)
    assert.match(durabilityInWords({ ...own, replicas }), `the loss of ${lost} of them`)
  }
})

test('strict mode says that the copy is waited for, also where the default of Postgres is not to wait', () => {
  assert.match(durabilityInWords({ ...own, mode: 'strict' }), /survives the power, too: .*synchronous_commit on\)/)
  assert.match(
    durabilityInWords({ ...own, mode: 'strict', synchronousCommit: 'off' }),
    /synchronous_commit off, on for the copy\)/,
  )
})

test('a Postgres that does not sync is told of', () => {
  assert.match(durabilityInWords({ ...own, fsync: false }), /may not survive it either: fsync is off/)
})

test.run()
