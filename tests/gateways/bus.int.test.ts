// Commands by request/reply on a real NATS: the same validation, keys and refusals as over HTTP.
import { headers } from '@nats-io/transport-node'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createCommandBus } from '../../commands/command-bus.ts'
import { busReply, serveCommands } from '../../gateways/bus/serve-commands.ts'
import { createCheckArguments } from '../../gateways/mcp/check-arguments.ts'
import { createStoreText } from '../../handlers/store-text.ts'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { createJetStreamBlobStore } from '../../infra/jetstream/jetstream-blob-store.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { createRequestKeys } from '../../infra/jetstream/request-keys.ts'
import { createRequestReplies } from '../../infra/jetstream/request-replies.ts'
import { ensureStreams } from '../../infra/jetstream/streams.ts'
import { everyRequest } from '../../infra/jetstream/subjects.ts'
import { orgId, sessionId } from '../../schemas/ids.ts'
import { quiet, startNats } from '../support/servers.ts'
import { restart, startAsking } from './asking.ts'

const world = await (async () => {
  const nats = await startNats()
  const connection = await connectNats(nats.url, 'bus-test', quiet)
  await ensureStreams(connection)
  const bus = createCommandBus(await createJetStreamEventLog(connection))
  const stopServing = serveCommands({
    port: createRequestReplies(connection, everyRequest),
    bus,
    requestKeys: await createRequestKeys(connection),
    storeText: createStoreText(await createJetStreamBlobStore(connection)),
    checkArguments: createCheckArguments(),
    log: quiet,
  })
  const ask = async (subject: string, body: unknown, fields: Readonly<Record<string, string>> = {}) => {
    const header = headers()
    for (const [name, value] of Object.entries(fields)) header.set(name, value)
    const payload = typeof body === 'string' ? body : JSON.stringify(body)
    const message = await connection.request(`casebook.request.${subject}`, payload, {
      timeout: 30_000,
      headers: header,
    })
    return busReply.parse(message.json())
  }
  return {
    ask,
    bus,
    stop: async () => {
      await stopServing()
      await connection.close()
      await nats.stop()
    },
  }
})()
test.after(() => world.stop())

const start = { title: 'From the bus', input: { text: 'password=hunter2secret' } }

test('a public command is decided and answered, its text masked and its correlation kept', async () => {
  const answer = await world.ask('default.StartSession', start, { 'x-correlation-id': 'c-1' })
  assert.ok(answer.ok)
  if (!answer.ok) return
  assert.equal([answer.outcome, answer.version], ['accepted', 1])
  const state = await world.bus.session(orgId.parse('default'), sessionId.parse(answer.id))
  assert.not.match(JSON.stringify(state), 'hunter2secret')
})

test('a repeated key is the same session; with another body it is refused', async () => {
  const fields = { 'Idempotency-Key': 'k-1' }
  const [first, second] = [
    await world.ask('default.StartSession', start, fields),
    await world.ask('default.StartSession', start, fields),
  ]
  assert.ok(first.ok && second.ok)
  assert.is(first.ok && first.id, second.ok && second.id)
  const other = await world.ask('default.StartSession', { ...start, title: 'Other' }, fields)
  assert.is(!other.ok && other.problem.code, 'idempotency_conflict')
})

test('what is wrong is answered as a problem, and nothing dies of it', async () => {
  for (const [subject, body, code] of [
    ['default.StartSession', '{not json', 'malformed_json'],
    ['default.StartSession', { input: { text: 'x' } }, 'invalid_command'],
    ['default.Nonsense', {}, 'unknown_command'],
    ['default.RecordSummary', {}, 'unknown_command'],
    ['Not_An_Org.StartSession', start, 'invalid_request'],
    ['default.CancelSession', { sessionId: 'ses_01UNKNOWN' }, 'session_not_found'],
  ] as const) {
    const answer = await world.ask(subject, body)
    assert.is(!answer.ok && answer.problem.code, code)
  }
  assert.ok((await world.ask('default.StartSession', start)).ok)
})

test('arguments edited in an approval are held to the schema of the tool, and a later answer is told who was first', async () => {
  const asking = await startAsking(world)
  await asking.replies(1, [restart, { unit: 'nginx' }])
  const answer = async (args: unknown) => {
    const approve = { kind: 'approve', arguments: args }
    const data = { sessionId: asking.session, inputId: asking.input(1), answer: approve }
    const said = await world.ask('default.AnswerInput', data)
    return said.ok ? said.outcome : `${said.problem.code}: ${said.problem.detail}`
  }
  assert.match(await answer({ unit: 7 }), /^answer_not_fitting: .* unit must be string/)
  assert.is(await answer({ unit: 'sshd' }), 'accepted')
  assert.is(await answer({ unit: 'sshd' }), 'unchanged')
  assert.is(await answer({ unit: 'other' }), 'input_closed: Already answered by bus.')
})

test.run()
