// Whoever shares the history of a session and has not ended is found, through forks of forks; nobody else is.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { auditProjection } from '../../projections/audit.ts'
import { forksAtWork } from '../../projections/forks-at-work.ts'
import { orgId, sessionId } from '../../schemas/ids.ts'
import { createHandlerWorld, org } from '../support/handler-world.ts'
import { applyTo, startReadSide } from '../support/read-side.ts'
import { session } from '../support/session-samples.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

test('forks that have not ended are found through those that have', async () => {
  const world = createHandlerWorld()
  await world.startSession()
  const at = world.commitWith('session.turn_requested').version
  const [atWork, ended, ofEnded, other] = ['1', '2', '3', '4'].map((nth) => sessionId.parse(`ses_01FORK${nth}`))
  assert.ok(atWork && ended && ofEnded && other)
  const fork = (id: typeof atWork, source: typeof atWork, from: number) =>
    world.send('ForkSession', { sessionId: id, kind: 'fork', changes: {}, from: { sessionId: source, at: from } })
  for (const id of [atWork, ended]) assert.is((await fork(id, session, at)).kind, 'accepted')
  assert.is((await fork(ofEnded, ended, 1)).kind, 'accepted')
  await world.send('CancelSession', { sessionId: ended, reason: '' })
  // It speaks of the session, and is no fork of it.
  await world.open(other, { title: `Like ${session}` })

  const database = await readSide.database([auditProjection])
  await applyTo(database, auditProjection, world.log.entries)
  assert.equal(await forksAtWork(database, org, session), [atWork, ofEnded])
  assert.equal(await forksAtWork(database, org, ended), [ofEnded])
  assert.equal(await forksAtWork(database, org, other), [])
  assert.equal(await forksAtWork(database, orgId.parse('other'), session), [])
})

test.run()
