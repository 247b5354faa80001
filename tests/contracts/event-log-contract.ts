// What every event log promises; run against memory and JetStream alike, so that the one in memory can stand in for the other.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { EventLog, StreamPosition } from '../../commands/event-log.ts'
import { CommitTooLarge } from '../../commands/log-errors.ts'
import { type Commit, maxCommitBytes } from '../../schemas/commit.ts'
import { chainHash, encodeCommit } from '../../schemas/commit-codec.ts'
import { draft, org, positionOf, start, startedEvent, stream, textOf } from '../support/commit-samples.ts'

/** Appends and returns the commit; anything else fails the test. */
export const mustAppend = async (log: EventLog, ...[to, at, what]: Parameters<EventLog['append']>): Promise<Commit> => {
  const outcome = await log.append(to, at, what)
  if (outcome.kind !== 'appended') throw new Error(`expected an append, got ${outcome.kind}`)
  return outcome.commit
}

export const appendMany = async (log: EventLog, to: ReturnType<typeof stream>, count: number): Promise<Commit[]> => {
  const commits: Commit[] = []
  let at: StreamPosition = start
  for (let index = 0; index < count; index++) {
    const commit = await mustAppend(log, to, at, draft({ events: [startedEvent(`text ${index}`)] }))
    commits.push(commit)
    at = positionOf(commit)
  }
  return commits
}

/** `sealed`: what is hashed is not what was handed in. */
export const eventLogContract = (name: string, open: () => Promise<EventLog>, { sealed = false } = {}): void => {
  const test = suite(name)
  let log: EventLog
  test.before(async () => {
    log = await open()
  })

  test('a stream nobody wrote to is empty', async () => {
    assert.equal(await log.read(stream(), start), [])
  })

  test('what is appended is what is read, field by field', async () => {
    const to = stream()
    const what = draft({
      events: [startedEvent('a'), startedEvent('b')],
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    })
    const commit = await mustAppend(log, to, start, what)
    assert.is(commit.version, 2)
    assert.equal(
      commit.events.map(({ id, version }) => [id, version]),
      [
        [`${what.commandId}.0`, 1],
        [`${what.commandId}.1`, 2],
      ],
    )
    assert.equal(await log.read(stream(to.id), start), [commit])
  })

  test('the same position taken twice is a conflict, and the loser writes nothing', async () => {
    const to = stream()
    const first = await mustAppend(log, to, start, draft())
    assert.equal(await log.append(to, start, draft()), { kind: 'conflict' })
    assert.equal(await log.read(to, start), [first])
  })

  test('a position beyond the end is a conflict', async () => {
    const other = await mustAppend(log, stream(), start, draft())
    assert.equal(await log.append(stream(), positionOf(other), draft()), { kind: 'conflict' })
  })

  test('a command id already stored is a duplicate', async () => {
    const to = stream()
    const what = draft()
    const first = await mustAppend(log, to, start, what)
    assert.equal(await log.append(to, positionOf(first), what), { kind: 'duplicate', sequence: first.sequence })
    assert.is((await log.read(to, start)).length, 1)
  })

  test('a command id already stored, from a position of before, is stored no second time', async () => {
    const to = stream()
    const what = draft()
    await mustAppend(log, to, start, what)
    // Servers differ in what they look at first; the answer to both is to read on.
    assert.is.not((await log.append(to, start, what)).kind, 'appended')
    assert.is((await log.read(to, start)).length, 1)
  })

  test('a conflict does not use up the command id', async () => {
    const to = stream()
    const first = await mustAppend(log, to, start, draft())
    const what = draft()
    assert.equal(await log.append(to, start, what), { kind: 'conflict' })
    await mustAppend(log, to, positionOf(first), what)
  })

  test('appends that lose a race at the same moment are stored when they are sent again, as the commands they are', async () => {
    const to = stream()
    let losers = Array.from({ length: 6 }, () => draft())
    for (let at = start; losers.length > 0; ) {
      const outcomes = await Promise.all(losers.map((what) => log.append(to, at, what)))
      const won = outcomes.flatMap((outcome) => (outcome.kind === 'appended' ? [outcome.commit] : []))
      assert.ok(won.length <= 1)
      losers = losers.filter(({ commandId }) => commandId !== won[0]?.commandId)
      const [last] = (await log.read(to, at)).slice(-1)
      if (last !== undefined) at = positionOf(last)
      assert.is(last?.commandId, won[0]?.commandId)
    }
    assert.is(new Set((await log.read(to, start)).map(({ commandId }) => commandId)).size, 6)
  })

  test('reading after a position gives what came later, however much that is', async () => {
    const to = stream()
    const commits = await appendMany(log, to, 40)
    for (const known of [0, 1, 4, 11, 26, 27, 28, 39, 40]) {
      const before = commits[known - 1]
      const read = await log.read(to, before === undefined ? start : positionOf(before))
      assert.equal(read, commits.slice(known), `after ${known} commits`)
    }
  })

  test('streams whose ids begin alike do not mix', async () => {
    const to = stream()
    const commit = await mustAppend(log, to, start, draft())
    await mustAppend(log, { ...to, id: `${to.id}x` }, start, draft())
    await mustAppend(log, { ...to, category: 'alert' }, start, draft())
    await mustAppend(log, { ...to, org: `${org}2` as typeof org }, start, draft())
    assert.equal(await log.read(to, start), [commit])
  })

  const testUnlessSealed = sealed ? test.skip : test
  testUnlessSealed('each commit carries the hash over the one before and its own payload', async () => {
    const to = stream()
    const [one, two] = [draft(), draft()]
    const first = await mustAppend(log, to, start, one)
    const second = await mustAppend(log, to, positionOf(first), two)
    assert.is(first.hash, chainHash('', encodeCommit(to, start, one).payload))
    assert.is(second.hash, chainHash(first.hash, encodeCommit(to, first, two).payload))
  })

  test('any text comes back as it was, and its size is counted in bytes', async () => {
    for (const text of ['', '"\\\n\r\t\u0000', 'žluťoučký 漢字 👩‍👩‍👧', '\u2028\u2029\ufeff', 'x'.repeat(100_000)]) {
      const to = stream()
      const outcome = await log.append(to, start, draft({ events: [startedEvent(text)] }))
      assert.is(outcome.kind, 'appended')
      if (outcome.kind !== 'appended') return
      assert.ok(outcome.bytes >= Buffer.byteLength(JSON.stringify(text)), `${outcome.bytes} bytes`)
      const [read] = await log.read(to, start)
      assert.is(read === undefined ? null : textOf(read), text)
    }
  })

  test('a commit up to the limit is stored; a larger one is refused before it is sent', async () => {
    const to = stream()
    await mustAppend(log, to, start, draft({ events: [startedEvent('x'.repeat(maxCommitBytes - 1_000))] }))
    const tooLarge = stream()
    for (const text of ['x'.repeat(maxCommitBytes), 'é'.repeat(maxCommitBytes / 2)]) {
      const error = await log.append(tooLarge, start, draft({ events: [startedEvent(text)] })).catch((thrown) => thrown)
      assert.instance(error, CommitTooLarge)
    }
    assert.equal(await log.read(tooLarge, start), [])
  })

  test('of sixteen writers at once each position has one winner, and nothing is lost', async () => {
    const to = stream()
    const rounds = 5
    const write = async (writer: number): Promise<void> => {
      for (let round = 0; round < rounds; round++) {
        const what = draft({ events: [startedEvent(`${writer}.${round}`)] })
        for (;;) {
          const known = await log.read(to, start)
          const last = known.at(-1)
          const outcome = await log.append(to, last === undefined ? start : positionOf(last), what)
          if (outcome.kind === 'appended') break
          assert.is(outcome.kind, 'conflict')
        }
      }
    }
    await Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)))
    const commits = await log.read(to, start)
    assert.equal(
      commits.map(({ version }) => version),
      Array.from({ length: 16 * rounds }, (_, index) => index + 1),
    )
    assert.is(new Set(commits.map(textOf)).size, 16 * rounds)
  })

  test.run()
}
