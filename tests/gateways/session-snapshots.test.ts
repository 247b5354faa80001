// What is kept of a watched session is what its log says, is brought up to date by what is new, and does not outlive the session.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createCommandBus } from '../../commands/command-bus.ts'
import { newCommandId } from '../../commands/new-id.ts'
import { RequestRefused } from '../../gateways/http/problem.ts'
import { readSession, viewAt } from '../../gateways/http/read-session.ts'
import { createSessionSnapshots } from '../../gateways/http/session-snapshots.ts'
import { createMemoryEventLog } from '../../infra/memory/memory-event-log.ts'
import type { ErasureCommand, PersonCommand, SessionCommand } from '../../schemas/commands.ts'
import { personId } from '../../schemas/ids.ts'
import { metadata } from '../support/decider-spec.ts'
import { begin, execution, plan, record, reply, session, started, tools, valid } from '../support/session-samples.ts'

const { org } = metadata

const createWorld = () => {
  const log = createMemoryEventLog()
  const read: number[] = []
  const eventLog = {
    read: async (...asked: Parameters<typeof log.read>) => {
      const commits = await log.read(...asked)
      if (asked[0].category === 'session') read.push(commits.length)
      return commits
    },
  }
  const bus = createCommandBus(log)
  return {
    read,
    send: async (...commands: readonly (SessionCommand | ErasureCommand | PersonCommand)[]): Promise<void> => {
      for (const command of commands) {
        const made = { ...metadata, commandId: newCommandId(), actor: { kind: 'handler', id: 'test' } } as const
        assert.is((await bus.send({ ...command, metadata: made })).kind, 'accepted', command.type)
      }
    },
    snapshots: createSessionSnapshots({ eventLog, bus, commitFeed: log }),
    /** Read and folded as a whole. */
    whole: async () => {
      const { commits, last } = await readSession({ eventLog: log, bus }, org, session)
      return { view: viewAt(commits, last.version), version: last.version }
    },
  }
}

const opening: readonly SessionCommand[] = [
  { type: 'StartSession', data: started.type === 'session.started' ? started.data : (undefined as never) },
  { type: 'AdoptPlan', data: { sessionId: session, plan: plan() } },
  { type: 'OfferTools', data: { sessionId: session, executionId: execution(1), tools: [...tools], unavailable: [] } },
  reply(1, 'Look.', [valid('host__disk')]),
]

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no refusal',
    (error: unknown) => (error instanceof RequestRefused ? error.code : String(error)),
  )

test('it is the fold of the whole log, of which only what is new is read again', async () => {
  const world = createWorld()
  await world.send(...opening)
  const first = await world.snapshots.of(org, session)
  assert.equal({ view: first.view, version: first.position.version }, await world.whole())
  assert.is(first.state.status, 'running')
  assert.is(world.read.shift(), opening.length)

  await world.send(begin(1, 1), record(1, 1), reply(2, 'Look again.', [valid('host__disk')]))
  const { view, position } = await world.snapshots.of(org, session)
  assert.equal({ view, version: position.version }, await world.whole())
  assert.is(world.read.shift(), 3)
  assert.equal([first.view?.toolCalls.requested, view?.toolCalls.requested], [1, 2], 'what was given before stays')
})

test('of a session that is not there, or is there no more, nothing is told', async () => {
  const world = createWorld()
  assert.is(await codeOf(world.snapshots.of(org, session)), 'session_not_found')
  await world.send(...opening)
  assert.is(await codeOf(world.snapshots.of(org, session)), 'no refusal')
  await world.send({
    type: 'RecordErasure',
    data: {
      sessionId: session,
      by: { kind: 'user', id: 'ada' },
      reason: 'asked to',
      requestedAt: metadata.at,
      version: 4,
      lastHash: '',
    },
  })
  assert.is(await codeOf(world.snapshots.of(org, session)), 'session_erased')
})

test('when a person is forgotten, what was kept is read anew: it may say what they wrote', async () => {
  const world = createWorld()
  await world.send(...opening)
  await world.snapshots.of(org, session)
  const someone = { personId: personId.parse(`per_${'A'.repeat(22)}`) }
  await world.send({ type: 'ForgetPerson', data: { ...someone, reason: 'asked to' } })
  await world.snapshots.of(org, session)
  await world.send({ type: 'CompleteForgetting', data: someone })
  await world.snapshots.of(org, session)
  assert.equal(world.read, [opening.length, 0, opening.length])
})

test.run()
