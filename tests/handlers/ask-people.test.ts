// A tool call that waits for a person: asked on the log, answered from it, refused where people should not be asked.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ToolAnswer, ToolQuestion } from '../../handlers/ports/tool-box.ts'
import { createToolExecutor } from '../../handlers/tool-executor.ts'
import { inputId } from '../../schemas/ids.ts'
import type { InputAnswer } from '../../schemas/session-inputs.ts'
import { eventually } from '../support/eventually.ts'
import { answeredWith, createHandlerWorld, type HandlerWorld } from '../support/handler-world.ts'
import { call, session } from '../support/session-samples.ts'

const region: ToolQuestion = {
  mode: 'form',
  message: 'Which region? password=hunter2hunter2',
  requestedSchema: { type: 'object', properties: { region: { type: 'string' } }, required: ['region'] },
}

const until = (condition: () => unknown, describe: string) => eventually(condition, { withinMs: 30_000, describe })

/** An executor whose tool asks these in turn, and returns what was answered. */
const start = (world: HandlerWorld, ...questions: readonly ToolQuestion[]) => {
  const { abortions, bus, blobs, storeText, log: feed } = world
  const toolBox = {
    ...world.toolBox,
    call: async (...[request, signal, listener]: Parameters<typeof world.toolBox.call>) => {
      world.called.push(request)
      signal.throwIfAborted()
      const answers: (ToolAnswer | undefined)[] = []
      for (const question of questions) answers.push(await listener?.ask?.(question))
      return answeredWith(JSON.stringify(answers))
    },
  }
  return world.start(
    createToolExecutor({ abortions, bus, sessions: bus, toolBox, blobs, storeText, feed, worker: 'w1' }),
  )
}

const worldAsking = async (tool = 'disk') => {
  const world = createHandlerWorld()
  await world.startSession()
  await world.propose(1, tool)
  return world
}

const asked = (world: HandlerWorld, count = 1) =>
  eventually(() => world.dataOf('session.input_requested')[count - 1]?.['inputId'] ?? false, {
    withinMs: 30_000,
    describe: `question ${count} stands`,
  }).then((id) => inputId.parse(id))

const answer = async (world: HandlerWorld, id: unknown, given: InputAnswer) =>
  world.send('AnswerInput', { sessionId: session, inputId: inputId.parse(id), answer: given })

const resultOf = async (world: HandlerWorld): Promise<string> => {
  await until(() => world.dataOf('session.tool_call_recorded').length > 0, 'the call is recorded')
  return String(Reflect.get(Object(world.dataOf('session.tool_call_recorded')[0]?.['content']), 'text'))
}

test('what a tool asks waits on the log, masked, and the answer of a person reaches it as typed', async () => {
  const world = await worldAsking()
  const running = start(world, region)
  const id = await asked(world)
  assert.not.match(JSON.stringify(world.dataOf('session.input_requested')), 'hunter2')
  await answer(world, id, { kind: 'accept', content: { region: 'eu' } })
  assert.is(await resultOf(world), '[{"action":"accept","content":{"region":"eu"}}]')
  await running.stop(0)
})

test('no is no, silence and a word of neither are "cancel", and a pause declines', async () => {
  const cases = [
    [(world: HandlerWorld, id: unknown) => answer(world, id, { kind: 'decline' }), 'decline'],
    [(world: HandlerWorld, id: unknown) => answer(world, id, { kind: 'cancel' }), 'cancel'],
    [(world: HandlerWorld) => world.send('PauseSession', { sessionId: session, reason: '' }), 'decline'],
  ] as const
  for (const [close, expected] of cases) {
    const world = await worldAsking()
    const running = start(world, region)
    await close(world, await asked(world))
    assert.is(await resultOf(world), `[{"action":"${expected}"}]`)
    await running.stop(0)
  }
})

test('a form for a password, a nested form and a link that is none are declined without asking anybody, and the model is told', async () => {
  const world = await worldAsking()
  const field = (name: string, schema: object): ToolQuestion => ({
    ...region,
    requestedSchema: { type: 'object', properties: { [name]: schema } },
  })
  const running = start(
    world,
    field('password', { type: 'string' }),
    field('where', { type: 'object', properties: {} }),
    { mode: 'url', message: 'Go there.', url: 'javascript:alert(1)' },
    { mode: 'url', message: 'Go there.', url: 'https://example.org/?access_token=abcdef0123456789abcdef' },
  )
  const text = await resultOf(world)
  assert.match(text, /^\[\{"action":"decline"\}(?:,\{"action":"decline"\}){3}\]\n/)
  assert.match(
    text,
    /declined: the field "password" looks like a secret, and MCP servers must not ask for one in a form/,
  )
  assert.match(text, /its form is not a flat one/)
  assert.match(text, /its link is not an http\(s\) address/)
  assert.match(text, /its link holds what looks like a secret/)
  assert.equal(world.dataOf('session.input_requested'), [])
  await running.stop(0)
})

test('a call begun again by another process gets the answer that was given to the first, and no other twice', async () => {
  const world = await worldAsking('set')
  const begin = { sessionId: session, toolCallId: call(1, 1), attempt: 1, worker: 'dead' }
  await world.send('BeginToolCall', begin)
  const { message: _, ...form } = region
  await world.send('RequestElicitation', {
    sessionId: session,
    toolCallId: call(1, 1),
    attempt: 1,
    message: 'Which region?',
    request: { mode: 'form', requestedSchema: JSON.parse(JSON.stringify(form.requestedSchema)) },
  })
  await answer(world, await asked(world), { kind: 'accept', content: { region: 'eu' } })
  const question = { ...region, message: 'Which region?' }
  const running = start(world, question, question)
  const second = await asked(world, 2)
  assert.is(world.dataOf('session.tool_call_begun').length, 2)
  await answer(world, second, { kind: 'accept', content: { region: 'us' } })
  assert.is(
    await resultOf(world),
    '[{"action":"accept","content":{"region":"eu"}},{"action":"accept","content":{"region":"us"}}]',
  )
  await running.stop(0)
})

test('what nobody has answered when its process dies is taken back: asked anew where the call may be repeated, else not', async () => {
  for (const [tool, expected] of [
    ['set', 2],
    ['restart', 1],
  ] as const) {
    const world = await worldAsking(tool)
    await world.send('BeginToolCall', { sessionId: session, toolCallId: call(1, 1), attempt: 1, worker: 'dead' })
    await world.send('RequestElicitation', {
      sessionId: session,
      toolCallId: call(1, 1),
      attempt: 1,
      message: 'Which region?',
      request: { mode: 'url', url: 'https://example.org' },
    })
    const running = start(world, { mode: 'url', message: 'Which region?', url: 'https://example.org' })
    await until(() => world.dataOf('session.input_withdrawn').length === 1, 'the first is taken back')
    if (expected === 2) await answer(world, await asked(world, 2), { kind: 'accept' })
    assert.match(await resultOf(world), expected === 2 ? /accept/ : /Outcome unknown/)
    assert.is(world.dataOf('session.input_requested').length, expected)
    await running.stop(0)
  }
})

test('a session that ends takes its question with it, and the call', async () => {
  const world = await worldAsking()
  const running = start(world, region)
  await asked(world)
  await world.send('CancelSession', { sessionId: session, reason: '' })
  assert.match(await resultOf(world), /^Aborted/)
  assert.is(world.dataOf('session.input_withdrawn').length, 1)
  await running.stop(0)
})

test.run()
