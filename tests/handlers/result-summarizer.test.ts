// A long result goes to the model whole, comes back short, and the agent goes on with that; a failing model stops nobody.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createCheckArguments } from '../../gateways/mcp/check-arguments.ts'
import { createAgentRunner } from '../../handlers/agent-runner.ts'
import type { ModelRequest } from '../../handlers/ports/language-model.ts'
import { createResultSummarizer } from '../../handlers/result-summarizer.ts'
import { createToolExecutor } from '../../handlers/tool-executor.ts'
import type { StoredText } from '../../schemas/stored-text.ts'
import { eventually } from '../support/eventually.ts'
import {
  answeredWith,
  createHandlerWorld,
  type HandlerWorld,
  type HandlerWorldOptions,
  hangs,
  modelFails,
} from '../support/handler-world.ts'
import { session } from '../support/session-samples.ts'

const summarizeResults = { overTokens: 500, toTokens: 50, provider: 'other', model: 'small' }
const secret = 'password=hunter2-hunter2'
const result = `${secret}\n${'line of log\n'.repeat(1_000)}the last line`

const summarizerOf = ({ abortions, bus, model, dayLedger, storeText, blobs }: HandlerWorld) =>
  createResultSummarizer({ abortions, bus, sessions: bus, model, dayLedger, storeText, blobs })
const start = (world: HandlerWorld) => {
  const { abortions, bus, model, toolBox, live, storeText, blobs, dayLedger } = world
  const sessions = bus
  const checkArguments = createCheckArguments()
  return [
    createAgentRunner({ abortions, bus, sessions, model, dayLedger, toolBox, live, storeText, checkArguments }),
    createToolExecutor({ abortions, bus, sessions, toolBox, blobs, storeText, feed: world.log, worker: 'w1' }),
    summarizerOf(world),
  ].map((reactor) => world.start(reactor))
}

const isSummary = ({ messages }: ModelRequest): boolean => messages[1]?.text.startsWith('Sum up this') === true

const run = async (
  summary: (request: ModelRequest, signal: AbortSignal) => Promise<{ text: string; costMicros?: number }>,
  options?: HandlerWorldOptions,
) => {
  const world = createHandlerWorld(options)
  world.scripts.tool = () => Promise.resolve(answeredWith(result))
  world.scripts.model = (request, signal) => {
    if (isSummary(request)) return summary(request, signal)
    const called = request.messages.some(({ role }) => role === 'tool')
    return Promise.resolve(
      called
        ? { text: 'The end.' }
        : {
            text: 'I read the log.',
            toolCalls: [{ name: 'host__disk', arguments: '{"n":1}' }],
            finishReason: 'tool_calls',
          },
    )
  }
  await world.startSession({ summarizeResults })
  return { world, running: start(world) }
}
const concluded = (world: HandlerWorld) =>
  eventually(() => world.dataOf('session.final_analysis_recorded').length === 1, { withinMs: 30_000 })
const shownTo = (world: HandlerWorld): string => {
  const last = world.asked.findLast((request) => !isSummary(request))
  return last?.messages.find(({ role }) => role === 'tool')?.text ?? ''
}

test('the model of choice reads it whole and masked; the agent reads the summary; the whole is in the blob store', async () => {
  const { world, running } = await run(
    () => Promise.resolve({ text: ` A thousand lines, ${secret}. `, costMicros: 3 }),
    { twice: true },
  )
  await concluded(world)
  await Promise.all(running.map((each) => each.stop(0)))
  const asked = world.asked.filter(isSummary)
  assert.is(asked.length, 1, 'a second delivery finds nothing to do')
  assert.equal([asked[0]?.provider, asked[0]?.model, asked[0]?.tools], ['other', 'small', []])
  const prompt = asked[0]?.messages[1]?.text ?? ''
  assert.match(prompt, /I read the log\./)
  assert.match(prompt, /Tool: host__disk\nArguments: \{"n":1\}/)
  assert.match(prompt, /the last line/)

  const [recorded] = world.dataOf('session.tool_call_recorded')
  const content = recorded?.['content'] as StoredText
  const whole = await world.blobs.get(content.blob?.sha256 ?? '')
  assert.is(new TextDecoder().decode(whole ?? undefined), result.replace('hunter2-hunter2', '__MASKED_PASSWORD__'))
  const [summarized] = world.dataOf('session.result_summarized')
  assert.equal(summarized?.['original'], content.blob)
  assert.equal(summarized?.['text'], { text: 'A thousand lines, password=__MASKED_PASSWORD__.' })
  assert.is(summarized?.['costMicros'], 3)
  assert.match(
    shownTo(world),
    /^\[call \d+\]\n\[This is a summary .*\nA thousand lines, password=__MASKED_PASSWORD__\.$/s,
  )
  assert.not.match(JSON.stringify([world.events(), world.asked, world.deltas]), 'hunter2')
  assert.ok(!world.deltas.some(({ text }) => text.includes('A thousand lines')), 'nothing of it is streamed')
})

test('tried again while that may help; then the agent goes on with the beginning and the end', async () => {
  for (const [summary, attempts] of [
    [() => Promise.reject(modelFails('transient', `away with ${secret}`)), 3],
    [() => Promise.reject(modelFails('auth')), 1],
    [() => Promise.resolve({ text: ' \n' }), 1],
  ] as const) {
    const { world, running } = await run(summary)
    await concluded(world)
    await Promise.all(running.map((each) => each.stop(0)))
    assert.is(world.dataOf('session.result_summary_failed').length, attempts)
    assert.is(world.dataOf('session.result_summarized')[0]?.['how'], 'excerpt')
    assert.match(
      shownTo(world),
      /^\[call \d+\]\n\[This is only the beginning and the end of a result of \d+ bytes.*the last line$/s,
    )
    assert.ok(shownTo(world).length < 500 * 4 + 500)
    assert.not.match(JSON.stringify(world.events()), 'hunter2')
  }
})

test('a cancellation while it is written ends the call, and is no failure', async () => {
  const { world, running } = await run((_, signal) => hangs(signal))
  await eventually(() => world.asked.some(isSummary), { withinMs: 30_000 })
  await world.send('CancelSession', { sessionId: session, reason: '' })
  await Promise.all(running.map((each) => each.stop(5_000)))
  assert.is(world.dataOf('session.result_summary_failed').length, 0)
  assert.equal(world.lines, [])
})

test('what nobody could carry out is given up with the reason, and the agent goes on', async () => {
  const { world, running } = await run((_, signal) => hangs(signal))
  await eventually(() => world.asked.some(isSummary), { withinMs: 30_000 })
  await summarizerOf(world).giveUp?.(world.commitWith('session.result_summary_requested'), 'it was too much')
  await concluded(world)
  assert.match(
    String(world.dataOf('session.result_summarized')[0]?.['reason']),
    /could not have it written: it was too/,
  )
  world.abortions.abortAll(new DOMException('The test is over.', 'AbortError'))
  await Promise.all(running.map((each) => each.stop(0)))
})

test.run()
