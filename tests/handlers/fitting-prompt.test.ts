// A conversation that outgrows its model is summed up by the agent itself, once per stretch, and goes on from the summary.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createCheckArguments } from '../../gateways/mcp/check-arguments.ts'
import { createAgentRunner } from '../../handlers/agent-runner.ts'
import { createToolExecutor } from '../../handlers/tool-executor.ts'
import { eventually } from '../support/eventually.ts'
import { answeredWith, createHandlerWorld, type HandlerWorld, modelFails } from '../support/handler-world.ts'

const start = (world: HandlerWorld) => {
  const { abortions, bus, model, dayLedger, toolBox, live, storeText, blobs } = world
  const sessions = bus
  return [
    createAgentRunner({
      abortions,
      bus,
      sessions,
      model,
      dayLedger,
      toolBox,
      live,
      storeText,
      checkArguments: createCheckArguments(),
    }),
    createToolExecutor({ abortions, bus, sessions, toolBox, blobs, storeText, feed: world.log, worker: 'w1' }),
  ].map((reactor) => world.start(reactor))
}

const asksForSummary = 'It has grown too long to be shown to you again.'

/** An agent of 4,000 tokens that reads eight results of 4,000 characters each. */
const run = async (summary: () => Promise<{ text: string }>) => {
  const world = createHandlerWorld()
  let calls = 0
  world.scripts.tool = () => Promise.resolve(answeredWith(`result ${++calls}: ${'x'.repeat(4_000)}`))
  world.scripts.model = ({ messages }) => {
    if (messages.some(({ text }) => text.includes(asksForSummary))) return summary()
    return Promise.resolve(
      calls < 8
        ? { toolCalls: [{ name: 'host__disk', arguments: `{"n":${calls}}` }], finishReason: 'tool_calls' }
        : { text: 'The end.' },
    )
  }
  await world.startSession({ contextTokens: 4_000, maxIterations: 20 })
  const running = start(world)
  await eventually(() => world.dataOf('session.final_analysis_recorded').length === 1, { withinMs: 30_000 })
  await Promise.all(running.map((each) => each.stop(0)))
  return world
}

test('older turns give way to the summary; the latest stay, and every prompt fits', async () => {
  const world = await run(() => Promise.resolve({ text: 'I read three results; nothing yet.' }))
  const compactions = world.dataOf('session.context_compacted')
  assert.ok(compactions.length >= 2, `${compactions.length} compactions`)
  const through = compactions.map((data) => Number(data['throughTurn']))
  assert.equal(
    through,
    [...through].sort((a, b) => a - b),
  )
  const turns = world.asked.filter(({ messages }) => !messages.some(({ text }) => text.includes(asksForSummary)))
  const last = turns.at(-1)?.messages.map(({ text }) => text) ?? []
  assert.ok(last.some((text) => text.includes('I read three results; nothing yet.')))
  assert.ok(last.some((text) => text.includes('result 8:')))
  assert.not(last.some((text) => text.includes('result 1:')))
  for (const { messages } of turns) {
    const size = messages.reduce((sum, { text }) => sum + text.length, 0)
    assert.ok(size <= 16_000, `${size} characters`)
  }
})

test('an agent that cannot sum up goes on all the same, with its oldest results shortened', async () => {
  const world = await run(() => Promise.reject(modelFails('transient')))
  assert.is(world.dataOf('session.context_compacted').length, 0)
  assert.is(world.dataOf('session.model_failed').length, 0)
  assert.is(world.dataOf('session.execution_ended')[0]?.['status'], 'completed')
})

test.run()
