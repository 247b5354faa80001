// The switch from reading the log to following it loses nothing and doubles nothing, wherever commits land.
import { setImmediate as turn } from 'node:timers/promises'
import * as fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { tailCommits } from '../../gateways/http/tail-commits.ts'
import type { Commit } from '../../schemas/commit.ts'
import { type LogSequence, logSequence } from '../../schemas/ids.ts'
import { eventually } from '../support/eventually.ts'

const commitAt = (sequence: number): Commit => ({ sequence, version: sequence, events: [{}] }) as never

/** A log whose feed shows each commit some turns of the event loop later, as a real one does. */
const createLog = () => {
  const commits: Commit[] = []
  const listeners = new Set<(commit: Commit) => void>()
  return {
    commits,
    append: async (lag: number) => {
      const commit = commitAt(commits.length + 1)
      commits.push(commit)
      for (let index = 0; index < lag; index++) await turn()
      for (const listener of listeners) listener(commit)
    },
    feed: {
      subscribe: (listener: (commit: Commit) => void) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    read: async function* (after: LogSequence) {
      await turn()
      for (const commit of commits.filter(({ sequence }) => sequence > after)) {
        await turn()
        yield commit
      }
    },
  }
}

test('every commit after the position comes once and in order, whatever the timing', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(3), { maxLength: 30 }),
      fc.nat(20),
      fc.nat(20),
      fc.array(fc.nat(5), { maxLength: 40 }),
      async (before, skipped, waits, after) => {
        const log = createLog()
        for (const lag of before) await log.append(lag)
        const from = logSequence.parse(Math.min(skipped, log.commits.length))
        const heard: number[] = []
        const stop = new AbortController()
        const tailing = tailCommits(
          from,
          {
            feed: log.feed,
            wanted: () => true,
            read: (position) => log.read(position),
            follows: ({ sequence }) => sequence === (heard.at(-1) ?? from) + 1,
            emit: ({ sequence }) => heard.push(sequence),
            drained: () => turn(),
          },
          stop.signal,
        )
        for (let index = 0; index < waits; index++) await turn()
        for (const lag of after) {
          await log.append(0)
          for (let index = 0; index < lag; index++) await turn()
        }
        await eventually(() => (heard.at(-1) ?? from) >= log.commits.length, { everyMs: 1 })
        stop.abort()
        await tailing
        assert.equal(
          heard,
          log.commits.map(({ sequence }) => sequence).filter((sequence) => sequence > from),
        )
      },
    ),
    { numRuns: 60 },
  ))

test('a commit the feed skipped is read from the log', async () => {
  const log = createLog()
  const heard: number[] = []
  const stop = new AbortController()
  let silent = false
  const tailing = tailCommits(
    logSequence.parse(0),
    {
      feed: { subscribe: (listener) => log.feed.subscribe((commit) => !silent && listener(commit)) },
      wanted: () => true,
      read: (position) => log.read(position),
      follows: ({ sequence }) => sequence === (heard.at(-1) ?? 0) + 1,
      emit: ({ sequence }) => heard.push(sequence),
      drained: async () => undefined,
    },
    stop.signal,
  )
  await log.append(0)
  await eventually(() => heard.length === 1)
  silent = true
  await log.append(0)
  silent = false
  await log.append(0)
  await eventually(() => heard.length === 3)
  stop.abort()
  await tailing
  assert.equal(heard, [1, 2, 3])
})

test.run()
