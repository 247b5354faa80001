// An erasure that is refused appends nothing: not at work, held, or on a log that cannot erase.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { CommandOutcome } from '../../commands/command.ts'
import { LogUnavailable } from '../../commands/log-errors.ts'
import { sessionId } from '../../schemas/ids.ts'
import { createHandlerWorld, type HandlerWorldOptions } from '../support/handler-world.ts'
import { session } from '../support/session-samples.ts'

const codeOf = (outcome: CommandOutcome): string =>
  outcome.kind === 'rejected' ? outcome.rejection.code : outcome.kind

const ended = async (options: HandlerWorldOptions = {}) => {
  const world = createHandlerWorld(options)
  await world.startSession()
  await world.send('CancelSession', { sessionId: session, reason: '' })
  return { world, erase: () => world.send('EraseSession', { sessionId: session, reason: 'asked' }) }
}

test('a session at work and one under a legal hold are not erased, and their logs stay as they are', async () => {
  const atWork = createHandlerWorld()
  await atWork.startSession()
  const before = atWork.commits().length
  assert.is(codeOf(await atWork.send('EraseSession', { sessionId: session, reason: 'asked' })), 'session_not_ended')
  assert.is(atWork.commits().length, before)

  const { world, erase } = await ended()
  await world.send('HoldSession', { sessionId: session, reason: 'case 7' })
  const held = world.commits().length
  assert.is(codeOf(await erase()), 'legal_hold')
  assert.is(world.commits().length, held)
  await world.send('ReleaseHold', { sessionId: session })
  assert.is(codeOf(await erase()), 'accepted')
})

test('where the log cannot erase nothing is decided, and the same command is taken once it can', async () => {
  let can = false
  const mayErase = (): Promise<void> => (can ? Promise.resolve() : Promise.reject(new LogUnavailable('asking')))
  const { world, erase } = await ended({ mayErase })
  const before = world.commits().length
  const outcome = await erase().catch((error: unknown) => error)
  assert.instance(outcome, LogUnavailable)
  assert.is(world.commits().length, before)
  assert.is((await world.state()).erasing, false)
  can = true
  assert.is(codeOf(await erase()), 'accepted')
})

test('a session that is being erased is forked no more', async () => {
  const { world, erase } = await ended()
  const from = { sessionId: session, at: world.commitWith('session.turn_requested').version }
  const fork = () =>
    world.send('ForkSession', { sessionId: sessionId.parse('ses_01FORK'), kind: 'fork', changes: {}, from })
  await erase()
  assert.is(codeOf(await fork()), 'session_erased')
})

test.run()
