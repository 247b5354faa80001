// Whoever shares the history of a session is found, through forks of forks; nobody else is.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { auditProjection } from '../../projections/audit.ts'
import { forksOf } from '../../projections/forks-of.ts'
import { orgId, sessionId } from '../../schemas/ids.ts'
import { createHandlerWorld, org } from '../support/handler-world.ts'
import { applyTo, startReadSide } from '../support/read-side.ts'
import { session } from '../support/session-samples.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

test('forks come after what they were forked from', async () => {
  const world = createHandlerWorld()
  await world.startSession()
  const at = world.commitWith('session.turn_requested').version
  const [atWork, ended, ofEnded, other] = ['1', '2', '3', '4'].map((nth) => sessionId.parse(`ses_01FORK${nth}`))
  assert.ok(atWork && ended && ofEnded && other)
  const fork = (id: typeof atWork, source: typeof atWork, from: number) =>
    world.send('ForkSession', { sessionId: id, kind: 'fork', changes: {}, from: { sessionId: source, at: from } })
  for (const id of [ended, atWork]) assert.is((await fork(id, session, at)).kind, 'accepted')
  assert.is((await fork(ofEnded, ended, 1)).kind, 'accepted')
  await world.send('CancelSession', { sessionId: ended, reason: '' })
  // It speaks of the session, and is no fork of it.
  await world.open(other, { title: `Like ${session}` })

  const database = await readSide.database([auditProjection])
  await applyTo(database, auditProjection, world.log.entries)
  assert.equal(await forksOf(database, org, session), [
    { id: ended, ended: true },
    { id: atWork, ended: false },
    { id: ofEnded, ended: false },
  ])
  assert.equal(await forksOf(database, org, ended), [{ id: ofEnded, ended: false }])
  assert.equal(await forksOf(database, org, other), [])
  assert.equal(await forksOf(database, orgId.parse('other'), session), [])
})

test.run()
