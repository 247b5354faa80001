// A session is erased after its forks, and those of forks before them; one that is found without its source is ended by what it did itself.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ForkHeld } from '../../commands/erasure-errors.ts'
import { createSendFrom } from '../../handlers/handler-command.ts'
import { createJanitor } from '../../handlers/janitor.ts'
import { done, later } from '../../handlers/reactor.ts'
import { type SessionId, sessionId } from '../../schemas/ids.ts'
import { createHandlerWorld, type HandlerWorld, type HandlerWorldOptions } from '../support/handler-world.ts'
import { session } from '../support/session-samples.ts'

const fork = sessionId.parse('ses_01FORK')
const itsFork = sessionId.parse('ses_01FORK2')

/** The fork has ended, its own fork is at work. */
const forked = async (options?: HandlerWorldOptions): Promise<HandlerWorld> => {
  const world = createHandlerWorld(options)
  await world.startSession()
  const at = world.commitWith('session.turn_requested').version
  const forkOf = (id: SessionId, from: SessionId, version: number) =>
    world.send('ForkSession', { sessionId: id, kind: 'fork', changes: {}, from: { sessionId: from, at: version } })
  await forkOf(fork, session, at)
  await forkOf(itsFork, fork, 1)
  await world.send('CancelSession', { sessionId: fork, reason: '' })
  return world
}
const newsOf = (world: HandlerWorld, from: number): readonly string[] =>
  world
    .commits()
    .slice(from)
    .flatMap(({ stream, events }) => events.map(({ type }) => `${stream.id} ${type}`))

/** Its tombstone is recorded; what there still is of its forks is told. */
const erasing = async (world: HandlerWorld, forks: Parameters<typeof createJanitor>[0]['forksOf']) => {
  const erased: string[] = []
  const janitor = createJanitor({
    bus: world.bus,
    keys: { destroy: () => Promise.resolve() },
    forksOf: forks,
    eraser: {
      erase: (_, id) => {
        erased.push(id)
        return Promise.resolve({ commits: 1, blobs: 0, blobsKept: 0 })
      },
    },
  })
  await world.send('CancelSession', { sessionId: session, reason: '' })
  await world.send('EraseSession', { sessionId: session, reason: 'asked' })
  const react = (commit: ReturnType<HandlerWorld['commitWith']>) => janitor.react(commit, new AbortController().signal)
  await react(world.commitWith('session.erasure_requested'))
  const tombstone = world.commitWith('erasure.recorded')
  return { erased, from: world.commits().length, react: () => react(tombstone) }
}

test('forks are cancelled and erased from the deepest up, and the session when none is left', async () => {
  const world = await forked()
  let left = [
    { id: fork, ended: true },
    { id: itsFork, ended: false },
  ]
  const { erased, from, react } = await erasing(world, () => Promise.resolve(left))
  assert.equal(await react(), later(500))
  const news = [
    `${itsFork} session.execution_ended`,
    `${itsFork} session.stage_ended`,
    `${itsFork} session.ended`,
    `${itsFork} session.erasure_requested`,
    `${fork} session.erasure_requested`,
  ]
  assert.equal(newsOf(world, from), news)
  assert.equal(await react(), later(500))
  assert.equal(newsOf(world, from), news, 'asked again it changes nothing')
  assert.equal(erased, [])
  left = []
  assert.equal(await react(), done)
  assert.equal(erased, [session])
  assert.equal(newsOf(world, from).slice(news.length), [`${session} erasure.completed`])
})

test('a fork that was put under a legal hold meanwhile keeps what it shares', async () => {
  const world = await forked()
  await world.send('HoldSession', { sessionId: fork, reason: 'case 7' })
  const { erased, react } = await erasing(world, () => Promise.resolve([{ id: fork, ended: true }]))
  const failure = await react().catch((error: unknown) => error)
  assert.instance(failure, ForkHeld)
  assert.equal(erased, [])
  await world.send('ReleaseHold', { sessionId: fork })
  assert.equal(await react(), later(500))
})

test('a fork without its source is cancelled, held to its own hold, and erased', async () => {
  let gone = false
  const world = await forked({
    through: (log) => ({
      ...log,
      read: (stream, after) => (gone && stream.id === session ? Promise.resolve([]) : log.read(stream, after)),
    }),
  })
  const orphan = sessionId.parse('ses_01FORK3')
  const from = { sessionId: session, at: world.commitWith('session.turn_requested').version }
  await world.send('ForkSession', { sessionId: orphan, kind: 'fork', changes: {}, from })
  await world.send('HoldSession', { sessionId: orphan, reason: 'case 7' })
  gone = true
  const send = createSendFrom(world.bus, 'test')
  const by = world.commitWith('session.started')
  const reason = 'alone'
  const outcomeOf = async (type: 'CancelSession' | 'EraseSession', work: string): Promise<string> => {
    const outcome = await send(by, 'x', work, type, { sessionId: orphan, reason })
    return outcome.kind === 'rejected' ? outcome.rejection.code : outcome.kind
  }
  assert.is(await outcomeOf('EraseSession', 'held'), 'legal_hold')
  await world.send('ReleaseHold', { sessionId: orphan })
  assert.is(await outcomeOf('EraseSession', 'early'), 'session_not_ended')
  assert.is(await outcomeOf('CancelSession', 'cancel'), 'accepted')
  assert.is(await outcomeOf('CancelSession', 'cancel'), 'unchanged')
  assert.is(await outcomeOf('CancelSession', 'again'), 'session_ended')
  assert.is(await outcomeOf('EraseSession', 'erase'), 'accepted')
  assert.is(await outcomeOf('EraseSession', 'erase-again'), 'unchanged')
  assert.is(await outcomeOf('CancelSession', 'late'), 'session_erased')
  assert.equal(newsOf(world, world.commits().length - 2), [
    `${orphan} session.ended`,
    `${orphan} session.erasure_requested`,
  ])
})

test.run()
