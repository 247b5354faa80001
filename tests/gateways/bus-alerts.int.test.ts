// Alerts sent as NATS messages: what is good becomes sessions, what is bad is parked with its reason, nothing goes round for ever.
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createCommandBus } from '../../commands/command-bus.ts'
import { alertIdOf } from '../../commands/new-id.ts'
import { readAlerts } from '../../gateways/alerts/read-alerts.ts'
import { startIntake } from '../../handlers/intake.ts'
import { createAlertIntake } from '../../infra/jetstream/alert-intake.ts'
import { createDeadLetters } from '../../infra/jetstream/dead-letters.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { intakeStream } from '../../infra/jetstream/streams.ts'
import { alertSubject } from '../../infra/jetstream/subjects.ts'
import { orgId } from '../../schemas/ids.ts'
import { eventually } from '../support/eventually.ts'
import { startLogWorld } from '../support/log-world.ts'
import { quiet } from '../support/servers.ts'

const org = orgId.parse('default')
const world = await (async () => {
  const servers = await startLogWorld()
  const { connection } = servers
  const deadLetters = await createDeadLetters(connection)
  const bus = createCommandBus(await createJetStreamEventLog(connection))
  const queue = createAlertIntake(connection, deadLetters, quiet)
  const intake = startIntake({ bus, queue, readAlerts, log: quiet })
  const client = jetstream(connection)
  const manager = await jetstreamManager(connection)
  return {
    deadLetters,
    /** In the queue when it resolves. */
    publish: (payload: unknown) =>
      client.publish(alertSubject(org), typeof payload === 'string' ? payload : JSON.stringify(payload)),
    /** Recorded under its fingerprint, and a session started for it. */
    isTaken: async (fingerprint: string): Promise<boolean> => {
      const alert = await bus.alert(org, alertIdOf(org, fingerprint))
      if (alert.status === 'absent' || alert.sessionId === null) return false
      return (await bus.session(org, alert.sessionId)).status !== 'absent'
    },
    /** The work queue forgets what is settled. */
    unsettled: async () => (await manager.streams.info(intakeStream)).state.messages,
    stop: async () => {
      await intake.stop(1_000)
      await servers.stop()
    },
  }
})()
test.after(() => world.stop())

const settled = () => eventually(async () => (await world.unsettled()) === 0, { withinMs: 180_000 })

test('of an array with one bad alert the good ones are taken, and the bad one is parked alone', async () => {
  await world.publish([
    { title: 'One', fingerprint: 'one' },
    { titel: 'Two', fingerprint: 'two' },
    { title: 'Three', fingerprint: 'three' },
  ])
  await settled()
  assert.equal(await Promise.all(['one', 'two', 'three'].map(world.isTaken)), [true, false, true])
  const [letter, ...others] = await world.deadLetters.list(10)
  assert.is(others.length, 0)
  assert.equal([letter?.entry, letter?.payload], [1, '{"titel":"Two","fingerprint":"two"}'])
  assert.is(letter?.error.code, 'unreadable_alert')
  assert.match(letter?.error.message ?? '', 'titel')
})

test('a message without any alert in it is parked whole', async () => {
  const before = await world.deadLetters.count()
  for (const payload of ['not json', '[]', [{ titel: 'a' }, 7], { version: '4', alerts: 'none' }])
    await world.publish(payload)
  await settled()
  const letters = await world.deadLetters.list(10)
  assert.is(letters.length, before + 4)
  assert.ok(letters.slice(0, 4).every(({ entry }) => entry === undefined))
  assert.ok(letters.some(({ payload }) => payload === '[{"titel":"a"},7]'))
})

test('a message that is longer under way than the queue waits for a word is taken once', async () => {
  const alerts = Array.from({ length: 600 }, (_, index) => ({ title: `Many ${index}`, fingerprint: `many-${index}` }))
  await world.publish(alerts)
  await settled()
  assert.ok(await world.isTaken('many-599'))
  assert.is((await world.deadLetters.list(1))[0]?.payload.includes('many'), false)
})

test.run()
