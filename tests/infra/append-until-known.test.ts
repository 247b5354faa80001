// Answers of servers that cannot be made to give them at will: whatever is said, only what the log holds is believed.
import { headers } from '@nats-io/transport-node'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LogUnavailable } from '../../commands/log-errors.ts'
import type { Acknowledgement } from '../../infra/jetstream/acknowledged-publish.ts'
import { appendUntilKnown, type Publishing } from '../../infra/jetstream/append-until-known.ts'
import type { MessageHeaders } from '../../infra/jetstream/message-headers.ts'
import { commitHeaders } from '../../schemas/commit.ts'
import { commitOf, decodeCommit, encodeCommit } from '../../schemas/commit-codec.ts'
import { draft, start, stream } from '../support/commit-samples.ts'

const stored = (sequence: number, duplicate = false): Acknowledgement => ({ kind: 'stored', sequence, duplicate })
const refused = (code: number): Acknowledgement => ({ kind: 'refused', code, status: 400, message: `refused ${code}` })
const unanswered: Acknowledgement = { kind: 'unknown', reason: 'no acknowledgement in time' }

interface Held {
  readonly seq: number
  readonly id?: string
  readonly hash?: string
}

const to = stream()
const what = draft()
const encoded = encodeCommit(to, start, what)
const subject = `casebook.events.${to.org}.${to.category}.${to.id}`
const ownHash = { hash: encoded.hash, id: what.commandId }

/** A server that gives these answers in turn, and holds these messages; the last of them is the last of its subject. */
const append = async (
  answers: readonly Acknowledgement[],
  held: readonly Held[] = [],
  { readable = true, withinMs = 30_000 } = {},
) => {
  const ids: string[] = []
  const sent: MessageHeaders[] = []
  const publishing: Publishing = {
    publish: (_subject, _payload, header) => {
      ids.push(header[commitHeaders.commandId] ?? '')
      sent.push(header)
      return Promise.resolve(answers[ids.length - 1] ?? unanswered)
    },
    messageAt: (query) => {
      if (!readable) return Promise.reject(new Error('no leader'))
      const found = 'seq' in query ? held.find(({ seq }) => seq === query.seq) : held.at(-1)
      if (found === undefined) return Promise.resolve(null)
      const header = headers()
      header.set(commitHeaders.commandId, found.id ?? 'cmd-other')
      header.set(commitHeaders.hash, found.hash ?? 'f'.repeat(64))
      return Promise.resolve({ seq: found.seq, subject, header })
    },
    timeoutMs: 100,
  }
  const commit = {
    subject,
    expected: start,
    encoded,
    body: Buffer.from(encoded.payload),
    at: (sequence: Parameters<typeof commitOf>[1]) => commitOf(to, sequence, what, encoded),
  }
  const outcome = await appendUntilKnown(publishing, commit, performance.now() + withinMs).catch(
    (error: unknown) => error,
  )
  return { outcome, ids, sent }
}

const appendedAt = (outcome: unknown): unknown =>
  outcome instanceof Object && 'commit' in outcome && outcome.commit instanceof Object && 'sequence' in outcome.commit
    ? outcome.commit.sequence
    : outcome

test('a repetition of message 0 is none: it is sent under an id of its own, and still read as the same command', async () => {
  const { outcome, ids, sent } = await append([stored(0, true), stored(7)])
  assert.is(appendedAt(outcome), 7)
  assert.is(ids[0], what.commandId)
  assert.is.not(ids[1], ids[0])
  const read = decodeCommit(to, 7, encoded.payload, (name) => sent[1]?.[name] ?? '')
  assert.is(read.commandId, what.commandId)
})

test('a repetition of a message that is another command is none either', async () => {
  const { outcome, ids } = await append([stored(3, true), stored(7)], [{ seq: 3 }])
  assert.is(appendedAt(outcome), 7)
  assert.is(new Set(ids).size, 2)
})

test('a repetition is believed when the log holds the command', async () => {
  const { outcome, ids } = await append([stored(3, true)], [{ seq: 3, id: what.commandId }])
  assert.equal(outcome, { kind: 'duplicate', sequence: 3 })
  assert.is(ids.length, 1)
})

test('a repetition of what was erased since is one: nobody brings it back', async () => {
  assert.equal((await append([stored(3, true)])).outcome, { kind: 'duplicate', sequence: 3 })
})

test('what was sent without an answer and is stored is ours; the same command by another hand is not', async () => {
  assert.is(appendedAt((await append([unanswered, stored(3, true)], [{ seq: 3, ...ownHash }])).outcome), 3)
  const theirs = await append([unanswered, stored(3, true)], [{ seq: 3, id: what.commandId }])
  assert.equal(theirs.outcome, { kind: 'duplicate', sequence: 3 })
})

test('a position taken after an unanswered attempt may be taken by that very attempt', async () => {
  assert.is(appendedAt((await append([unanswered, refused(10071)], [{ seq: 4, ...ownHash }])).outcome), 4)
  assert.equal((await append([unanswered, refused(10071)], [{ seq: 4 }])).outcome, { kind: 'conflict' })
})

test('what was in flight when it was answered as a repetition of message 0 is found, not stored twice', async () => {
  const { outcome } = await append([unanswered, stored(0, true), refused(10071)], [{ seq: 4, ...ownHash }])
  assert.is(appendedAt(outcome), 4)
})

test('"another write is in flight" is a conflict at first, and asked again when it may be our own', async () => {
  assert.equal((await append([refused(10164)])).outcome, { kind: 'conflict' })
  const { outcome } = await append([unanswered, refused(10164), refused(10071)], [{ seq: 4, ...ownHash }])
  assert.is(appendedAt(outcome), 4)
})

test('an id that stays in process is given up', async () => {
  const { outcome, ids } = await append([refused(10158), refused(10158), refused(10158), stored(9)])
  assert.is(appendedAt(outcome), 9)
  assert.is(new Set(ids).size, 2)
})

test('what cannot be proven is asked again, and in the end not known', async () => {
  for (const answer of [stored(3, true), refused(10071)]) {
    const { outcome } = await append([unanswered, ...Array.from({ length: 20 }, () => answer)], [], {
      readable: false,
      withinMs: 300,
    })
    assert.instance(outcome, LogUnavailable)
  }
})

test.run()
