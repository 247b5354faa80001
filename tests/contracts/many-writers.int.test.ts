// Two promises about many writers: no projection misses an event of theirs, whenever it starts; and of two that advance one session, one does.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Command, CommandOutcome } from '../../commands/command.ts'
import { createCommandBus } from '../../commands/command-bus.ts'
import { newCommandId } from '../../commands/new-id.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { createJetStreamLogReader } from '../../infra/jetstream/jetstream-log-reader.ts'
import { auditProjection } from '../../projections/audit.ts'
import { type ProjectionSet, startProjections } from '../../projections/projection-set.ts'
import { applied, tally } from '../projections/probes.ts'
import { draft, org, positionOf, start, stream } from '../support/commit-samples.ts'
import { startLogWorld } from '../support/log-world.ts'
import { startReadSide } from '../support/read-side.ts'
import { quiet } from '../support/servers.ts'
import { startSessionCommand } from '../support/strict-world.ts'
import { mustAppend } from './event-log-contract.ts'

const [world, readSide] = await Promise.all([startLogWorld(), startReadSide()])
/** Of runners that a failed test has left at work. */
const ends: (() => Promise<void>)[] = []
test.after(async () => {
  await Promise.allSettled(ends.map((end) => end()))
  await readSide.stop()
  await world.stop()
})

const writers = 16
const each = 50

test('no event of sixteen concurrent writers is missed by a projection that runs meanwhile, nor by one that starts after', async () => {
  const counting = [tally('during'), tally('after')] as const
  const database = await readSide.database([...counting, auditProjection])
  const processes = await Promise.all(
    [1, 2].map(async () => {
      const connection = await world.connect()
      return {
        log: await createJetStreamEventLog(connection),
        reader: await createJetStreamLogReader(connection, quiet),
        database: readSide.connect(database),
      }
    }),
  )
  const run = (which: number): Promise<ProjectionSet[]> =>
    Promise.all(
      processes.map(async ({ reader, database: pool }) => {
        const projections = [counting[which] ?? tally()]
        const set = await startProjections({ database: pool, reader, run: true, projections })
        ends.push(set.stop)
        return set
      }),
    )
  // Two runners of it, which both believe that they lead.
  const during = await run(0)
  const acknowledged = await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      const to = stream()
      const sequences: number[] = []
      for (let at = start; sequences.length < each; ) {
        const { log } = processes[writer % 2] ?? { log: await createJetStreamEventLog(world.connection) }
        const commit = await mustAppend(log, to, at, draft())
        at = positionOf(commit)
        sequences.push(commit.sequence)
      }
      return sequences
    }),
  )
  const all = acknowledged.flat().sort((a, b) => a - b)
  assert.is(all.length, writers * each)
  const after = await run(1)
  for (const [sets, name] of [
    [during, 'during'],
    [after, 'after'],
  ] as const) {
    await Promise.all(sets.map((set) => set.waitFor(name, all.at(-1) ?? 0, 60_000)))
    assert.equal(await applied(database, name), all)
    for (const set of sets) await set.stop()
  }
})

test('of two processes told to advance one session at once, one does each time, and nothing is lost', async () => {
  const buses = await Promise.all(
    [1, 2].map(async () => createCommandBus(await createJetStreamEventLog(await world.connect()))),
  )
  const log = await createJetStreamEventLog(world.connection)
  const session = async (): Promise<void> => {
    const opening = startSessionCommand()
    if (opening.type !== 'StartSession') throw new Error('not a start')
    const { sessionId } = opening.data
    const steps: readonly Pick<Command, 'type' | 'data'>[] = [
      opening,
      ...Array.from({ length: 5 }, () => [
        { type: 'PauseSession' as const, data: { sessionId, reason: '' } },
        { type: 'ResumeSession' as const, data: { sessionId } },
      ]).flat(),
      { type: 'CancelSession', data: { sessionId, reason: 'Enough.' } },
    ]
    const accepted: Extract<CommandOutcome, { kind: 'accepted' }>[] = []
    for (const step of steps) {
      const outcomes = await Promise.all(
        buses.map((bus) =>
          bus.send({ ...step, metadata: { ...opening.metadata, commandId: newCommandId() } } as Command),
        ),
      )
      const winners = outcomes.filter((outcome) => outcome.kind === 'accepted')
      assert.is(winners.length, 1, `${step.type}: ${outcomes.map(({ kind }) => kind).join(', ')}`)
      accepted.push(...winners)
    }
    const commits = await log.read({ org, category: 'session', id: sessionId }, start)
    assert.equal(
      commits.map(({ sequence }) => sequence),
      accepted.map(({ sequence }) => sequence),
    )
    assert.equal(
      commits.flatMap(({ events }) => events.map(({ version }) => version)),
      Array.from({ length: commits.at(-1)?.version ?? 0 }, (_, index) => index + 1),
    )
  }
  await Promise.all(Array.from({ length: 16 }, session))
})

test.run()
