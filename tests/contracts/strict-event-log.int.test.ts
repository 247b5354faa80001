// The log in strict mode keeps the contract, and what it has acknowledged is in Postgres, whoever writes and whatever is away.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createCommandBus } from '../../commands/command-bus.ts'
import { CopyBehind } from '../../commands/log-errors.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { eventsStream } from '../../infra/jetstream/streams.ts'
import { verifyAudit } from '../../projections/audit-verify.ts'
import { logSequence } from '../../schemas/ids.ts'
import { draft, positionOf, start, stream } from '../support/commit-samples.ts'
import { eventually } from '../support/eventually.ts'
import { startSessionCommand, startStrictWorld } from '../support/strict-world.ts'
import { eventLogContract, mustAppend } from './event-log-contract.ts'

const world = await startStrictWorld()
eventLogContract('JetStream, strict', async () => (await world.startProcess()).log)

const test = suite('strict')
const stored = async (): Promise<number> => (await world.manager.streams.info(eventsStream)).state.messages

test('when an append is acknowledged, Postgres holds it and everything before it', async () => {
  const { log } = await world.startProcess()
  for (let round = 0; round < 20; round++) {
    const commits = await Promise.all(Array.from({ length: 8 }, () => mustAppend(log, stream(), start, draft())))
    assert.equal(await world.missing(commits.map(({ sequence }) => sequence)), [])
  }
})

test('while Postgres is away an append fails as retryable; the command sent again finds its commit, and waits for its copy', async () => {
  const { log } = await world.startProcess({ journalWaitMs: 500 })
  const bus = createCommandBus(log)
  const first = startSessionCommand()
  await eventually(() => bus.send(first), { describe: 'what waits so short for its copy has it' })
  const command = startSessionCommand('Once')
  const before = await stored()
  world.proxy.cut()
  for (let attempt = 0; attempt < 2; attempt++) {
    const refusal: unknown = await bus.send(command).catch((thrown: unknown) => thrown)
    assert.instance(refusal, CopyBehind)
    assert.is(refusal instanceof CopyBehind && refusal.retryable, true)
  }
  assert.is(await stored(), before + 1)
  world.proxy.heal()
  const patient = createCommandBus((await world.startProcess()).log)
  const answer = await patient.send(command)
  assert.is(answer.kind, 'unchanged')
  assert.equal(await world.missing(answer.kind === 'unchanged' ? [answer.sequence] : [0]), [])
  assert.is(await stored(), before + 1)
})

test('two processes that append at once wait for one journal, which holds what each was told', async () => {
  const processes = await Promise.all([world.startProcess(), world.startProcess()])
  const before = await stored()
  const began = performance.now()
  const write = async ({ log }: (typeof processes)[number]): Promise<readonly number[]> => {
    const to = stream()
    const sequences: number[] = []
    for (let at = start; sequences.length < 25; ) {
      const commit = await mustAppend(log, to, at, draft())
      at = positionOf(commit)
      sequences.push(commit.sequence)
      assert.equal(await world.missing([commit.sequence]), [])
    }
    return sequences
  }
  const written = await Promise.all(processes.flatMap((each) => Array.from({ length: 8 }, () => write(each))))
  assert.is(new Set(written.flat()).size, 400)
  assert.is(await stored(), before + 400)
  // One keeps the journal, the other stands back: its statements would only be refused, and hold up the first.
  const missed = processes.reduce((sum, { sent }) => sum + sent.missed, 0)
  // It goes on when the first has stood still for a while, as on a busy machine: then as many are refused as are on their way.
  const stills = (performance.now() - began) / 300
  assert.ok(missed <= 12 + 2 * stills, `${missed} statements were too late`)
})

test('under load the journal follows from memory, also when another process appends in between', async () => {
  const { log, reader } = await world.startProcess()
  const other = await createJetStreamEventLog(await world.connect())
  const sequences: number[] = []
  const write = async (rounds: number): Promise<void> => {
    const to = stream()
    for (let at = start, round = 0; round < rounds; round++) {
      const commit = await mustAppend(log, to, at, draft())
      at = positionOf(commit)
      sequences.push(commit.sequence)
      if (round % 25 === 24) sequences.push((await mustAppend(other, stream(), start, draft())).sequence)
    }
  }
  await Promise.all(Array.from({ length: 32 }, () => write(50)))
  await world.rowsUpTo(Math.max(...sequences))
  assert.equal(await world.missing(sequences), [])
  const { sequence } = await reader.head()
  const report = await verifyAudit(world.direct, reader, sequence, null, new AbortController().signal)
  assert.equal(report.problems, [])
})

test('Postgres killed under sixteen writers costs time and nothing else', async () => {
  const { log, reader } = await world.startProcess()
  const acknowledged: number[] = []
  await Promise.all(
    Array.from({ length: 16 }, async (_, writer) => {
      const to = stream()
      for (let at = start, round = 0; round < 20; round++) {
        if (writer === 0 && round === 5) world.postgres.kill()
        const commit = await mustAppend(log, to, at, draft())
        at = positionOf(commit)
        acknowledged.push(commit.sequence)
      }
    }),
  )
  assert.equal(await world.missing(acknowledged), [])
  const { sequence } = await reader.head()
  await world.rowsUpTo(sequence)
  const report = await verifyAudit(
    world.direct,
    reader,
    logSequence.parse(sequence),
    null,
    new AbortController().signal,
  )
  assert.equal(report.problems, [])
})

test.after(world.stop)
test.run()
