// A legal hold on a fork is found from every session whose history it shares.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { heldFork } from '../../projections/held-fork.ts'
import { sessionsProjection } from '../../projections/sessions.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { sessionId } from '../../schemas/ids.ts'
import { acme, createHistory, other, sessionStream, startedOnly, timeAt } from '../support/histories.ts'
import { applyTo, startReadSide } from '../support/read-side.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

const history = createHistory()
const by = { kind: 'user', id: 'jo' } as const
const forkOf = (id: string, source: string): SessionEvent => ({
  type: 'session.forked',
  data: {
    sessionId: sessionId.parse(id),
    at: timeAt(0),
    from: { sessionId: sessionId.parse(source), at: 1, sequence: 1, hash: 'ab'.repeat(32) },
    kind: 'fork',
    title: 'Forked',
    changes: {},
  },
})
history.commit(sessionStream('ses_SOURCE'), startedOnly('ses_SOURCE', 'Why?', {}))
for (const [id, source] of [
  ['ses_FORK', 'ses_SOURCE'],
  ['ses_FREE', 'ses_SOURCE'],
  ['ses_DEEP', 'ses_FORK'],
] as const) {
  history.commit(sessionStream(id), startedOnly(id, id, {}), forkOf(id, source))
  history.commit(sessionStream(id), { type: 'session.held', data: { by, reason: 'case 7' } })
}
for (const id of ['ses_FORK', 'ses_FREE'])
  history.commit(sessionStream(id), { type: 'session.hold_released', data: { by } })

test('however deep it is, and not its own', async () => {
  const database = await readSide.database([sessionsProjection])
  await applyTo(database, sessionsProjection, history.entries)
  const found = (id: string, org = acme) => heldFork(database, org, sessionId.parse(id))
  assert.is(await found('ses_SOURCE'), 'ses_DEEP')
  assert.is(await found('ses_FORK'), 'ses_DEEP')
  assert.is(await found('ses_DEEP'), null)
  assert.is(await found('ses_FREE'), null)
  assert.is(await found('ses_SOURCE', other), null)
})

test.run()
