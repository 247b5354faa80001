// What the conversation shows of a turn beside what the model was really asked, in a session that has everything happen to it.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { viewAt } from '../../gateways/http/read-session.ts'
import { createCheckArguments } from '../../gateways/mcp/check-arguments.ts'
import { createAgentRunner } from '../../handlers/agent-runner.ts'
import { createToolExecutor } from '../../handlers/tool-executor.ts'
import { conversationOverview, conversationTurn } from '../../projections/conversation.ts'
import { conversationTurn as turnShape } from '../../projections/conversation-view.ts'
import { eventually } from '../support/eventually.ts'
import { answeredWith, createHandlerWorld, modelFails } from '../support/handler-world.ts'
import { execution } from '../support/session-samples.ts'

const asksForSummary = 'It has grown too long to be shown to you again.'

/** Eight long results for an agent of a small window: older turns are condensed, and its third turn fails once. */
const run = async () => {
  const world = createHandlerWorld()
  let calls = 0
  let failed = false
  world.scripts.tool = () => Promise.resolve(answeredWith(`result ${++calls}: ${'x'.repeat(4_000)}`))
  world.scripts.model = ({ messages }) => {
    if (messages.some(({ text }) => text.includes(asksForSummary))) {
      return Promise.resolve({ text: 'I read three results; nothing yet.' })
    }
    if (calls === 2 && !failed) {
      failed = true
      return Promise.reject(modelFails('transient', 'it broke off', 'The disk is'))
    }
    return Promise.resolve(
      calls < 8
        ? { toolCalls: [{ name: 'host__disk', arguments: `{"n":${calls}}` }], finishReason: 'tool_calls' }
        : { text: 'The end.' },
    )
  }
  await world.startSession({ contextTokens: 4_000, maxIterations: 20 }, false)
  const { abortions, bus, model, dayLedger, toolBox, live, storeText, blobs } = world
  const shared = { abortions, bus, sessions: bus, toolBox, storeText }
  const running = [
    createAgentRunner({ ...shared, model, dayLedger, live, checkArguments: createCheckArguments() }),
    createToolExecutor({ ...shared, blobs, feed: world.log, worker: 'w1' }),
  ].map((reactor) => world.start(reactor))
  await eventually(() => world.dataOf('session.final_analysis_recorded').length === 1, { withinMs: 30_000 })
  await Promise.all(running.map((each) => each.stop(0)))
  return world
}

test('every turn shows the messages and the tools that the model was sent, and what it answered', async () => {
  const world = await run()
  const view = viewAt(world.commits(), Number.POSITIVE_INFINITY)
  if (view === null) throw new Error('there is no session')
  const [agent] = conversationOverview(view, world.commits()).executions
  const turns = agent?.turns ?? []
  const sent = world.asked.filter(({ messages }) => !messages.some(({ text }) => text.includes(asksForSummary)))
  assert.is(turns.length, sent.length)
  assert.ok(turns.some(({ compactedThrough }) => compactedThrough !== null))
  for (const [index, { turn, attempt, status }] of turns.entries()) {
    const shown = conversationTurn(world.commits(), execution(1), turn, attempt)
    assert.equal(shown?.messages, sent[index]?.messages, `turn ${turn}, attempt ${attempt}`)
    assert.equal(shown?.tools, sent[index]?.tools)
    assert.is(shown?.status, status)
    turnShape.parse(shown)
  }
  assert.equal(
    turns.slice(0, 4).map(({ turn, attempt, status }) => [turn, attempt, status]),
    [
      [1, 1, 'answered'],
      [2, 1, 'answered'],
      [3, 1, 'failed'],
      [3, 2, 'answered'],
    ],
  )
  assert.is(conversationTurn(world.commits(), execution(1), 3, 1)?.failure?.partialText, 'The disk is')
  assert.is(conversationTurn(world.commits(), execution(1), 3)?.attempt, 2, 'the last attempt, when none is named')
  assert.is(conversationTurn(world.commits(), execution(1), turns.at(-1)?.turn ?? 0)?.reply?.text.text, 'The end.')
  assert.is(conversationTurn(world.commits(), execution(1), 99), null)
})

test('a turn that waits for its answer is shown as it was asked', async () => {
  const world = createHandlerWorld()
  await world.startSession()
  const shown = conversationTurn(world.commits(), execution(1), 1)
  assert.is(shown?.status, 'open')
  assert.is(shown?.reply, null)
  assert.equal(
    shown?.messages.map(({ role }) => role),
    ['system', 'user'],
  )
  assert.ok((shown?.promptTokens ?? 0) > 0)
})

test.run()
