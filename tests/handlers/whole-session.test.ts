// All handlers together in memory: deliveries that come twice and a log that fails at random change no session's end.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EventLog } from '../../commands/event-log.ts'
import { LogUnavailable } from '../../commands/log-errors.ts'
import { valuesOf } from '../../domain/persistent-map.ts'
import { questionsOf } from '../../domain/session/chat.ts'
import { createCheckArguments } from '../../gateways/mcp/check-arguments.ts'
import { createAgentRunner } from '../../handlers/agent-runner.ts'
import { createAlertFollower } from '../../handlers/alert-follower.ts'
import { createPlanner } from '../../handlers/planner.ts'
import type { ModelReply } from '../../handlers/ports/language-model.ts'
import { createSummarizer } from '../../handlers/summarizer.ts'
import { createToolExecutor } from '../../handlers/tool-executor.ts'
import { configuration } from '../../schemas/agent-definition.ts'
import { alertId } from '../../schemas/ids.ts'
import type { ModelMessage } from '../../schemas/model.ts'
import { eventually } from '../support/eventually.ts'
import { answeredWith, createHandlerWorld, type HandlerWorldOptions } from '../support/handler-world.ts'
import { session } from '../support/session-samples.ts'

const settings = configuration.parse({
  defaults: {
    provider: 'fake',
    chain: 'both',
    summary_agent: 'writer',
    model_backoff_seconds: 0,
    tool_policy: { otherwise: { unsafe: 'allow' } },
  },
  providers: { fake: { base_url: 'http://127.0.0.1:9/v1', model: 'fake' } },
  mcp_servers: { host: { transport: { type: 'stdio', command: 'never-started' } } },
  agents: { worker: { mcp_servers: ['host'] }, writer: { controller: 'single_shot' } },
  chains: {
    both: {
      stages: [
        { name: 'looking', agent: 'worker' },
        { name: 'weighing', agent: 'writer' },
      ],
    },
  },
})
const alert = alertId.parse('alr_SAMPLE')

/** Looks once more, then repeats the question. */
const answer = ([question, ...since]: readonly ModelMessage[]): Promise<Partial<ModelReply>> =>
  since.some(({ role }) => role === 'tool')
    ? Promise.resolve({ text: `On ${question?.text.split('\n').at(-1)}` })
    : Promise.resolve({ toolCalls: [{ name: 'host__disk', arguments: '{}' }], finishReason: 'tool_calls' })

/** Runs one session of two stages and three tool calls to its end. */
const runSession = async (options: HandlerWorldOptions = {}, questions: readonly string[] = []) => {
  const world = createHandlerWorld(options)
  const { abortions, bus, model, dayLedger, toolBox, live, storeText, blobs } = world
  const effects: string[] = []
  world.scripts.tool = ({ tool }) => {
    effects.push(tool)
    return Promise.resolve(answeredWith(`${tool} answered`))
  }
  world.scripts.model = ({ tools, messages }) => {
    const question = messages.findLastIndex(({ role, text }) => role === 'user' && text.startsWith('Question from'))
    if (question !== -1) return answer(messages.slice(question))
    if (tools.length === 0) return Promise.resolve({ text: 'Weighed.' })
    if (messages.some(({ role }) => role === 'tool')) return Promise.resolve({ text: 'Looked.' })
    const toolCalls = ['disk', 'restart', 'set'].map((tool) => ({ name: `host__${tool}`, arguments: '{}' }))
    return Promise.resolve({ toolCalls, finishReason: 'tool_calls' })
  }
  const sessions = bus
  const running = [
    createPlanner({
      bus,
      sessions,
      settings: { current: () => ({ configuration: settings, hash: 'c0ffee' }) },
      line: { join: () => Promise.resolve() },
    }),
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
    createSummarizer({ bus, sessions, model }),
    createAlertFollower({ bus, sessions }),
  ].map((reactor) => world.start(reactor))
  await world.send('RecordAlert', {
    alertId: alert,
    sessionId: session,
    occurrenceKey: 'first',
    receivedAt: '2026-01-01T00:00:00Z',
    alert: {
      source: 'generic',
      fingerprint: 'f',
      status: 'firing',
      severity: 'high',
      title: 'Disk full',
      description: '',
      labels: {},
      annotations: {},
      startsAt: '2026-01-01T00:00:00Z',
      links: [],
    },
  })
  await world.open(session, { origin: { kind: 'alert', alertId: alert } })
  await eventually(
    () => world.dataOf('alert.investigated').length === 1 && running.every((each) => each.inFlight() === 0),
    {
      withinMs: 60_000,
      describe: 'everything has come to rest',
    },
  )
  await Promise.all(questions.map((text) => world.send('AskSession', { sessionId: session, text })))
  await eventually(
    async () =>
      questionsOf(await world.state()).filter(({ conclusion }) => conclusion !== null).length === questions.length &&
      running.every((each) => each.inFlight() === 0),
    { withinMs: 60_000, describe: 'every question is answered' },
  )
  await Promise.all(running.map((each) => each.stop(0)))
  return { world, effects, state: await world.state() }
}

const countOf = (types: readonly string[], type: string): number => types.filter((each) => each === type).length

test('an undisturbed session: two stages, three calls, one summary, one end', async () => {
  const { world, effects, state } = await runSession()
  assert.is(state.status, 'completed')
  assert.is(state.finalAnalysis?.text, 'Weighed.')
  assert.equal([...effects].sort(), ['disk', 'restart', 'set'])
  assert.is(world.asked.length, 4)
})

test('with every delivery coming twice, not one event more is written and nothing runs twice', async () => {
  const once = await runSession()
  const twice = await runSession({ twice: true })
  const typesOf = ({ world }: typeof once) =>
    world
      .events()
      .map(({ type }) => type)
      .sort()
  assert.equal(typesOf(twice), typesOf(once))
  assert.equal([...twice.effects].sort(), ['disk', 'restart', 'set'])
  assert.is(twice.world.asked.length, 4)
})

/** Fails one append in five: half of these were stored all the same, and nobody was told. */
const failingLog = (seed: number) => {
  let state = seed
  const random = (): number => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
  return (log: EventLog): EventLog => ({
    read: (stream, after) => log.read(stream, after),
    append: async (stream, expected, draft) => {
      const luck = random()
      if (luck < 0.1) throw new LogUnavailable('testing')
      const outcome = await log.append(stream, expected, draft)
      if (luck < 0.2) throw new LogUnavailable('testing')
      return outcome
    },
  })
}

test('questions after the end are answered once and in order, though deliveries come twice and the log fails at random', async () => {
  const questions = ['one', 'two', 'three']
  const runs = await Promise.all(
    Array.from({ length: 10 }, (_, seed) =>
      runSession({ twice: seed % 2 === 0, through: failingLog(seed + 100) }, questions),
    ),
  )
  for (const [seed, { world, state }] of runs.entries()) {
    assert.is(state.status, 'completed', `seed ${seed}`)
    assert.equal(
      questionsOf(state).map(({ question, conclusion }) => [question.text.text, conclusion?.text]),
      questions.map((text) => [text, `On ${text}`]),
    )
    const types = world.events().map(({ type }) => type)
    const after = types.slice(types.indexOf('session.ended'))
    assert.is(countOf(after, 'session.execution_started'), 3, `seed ${seed}`)
    assert.is(countOf(after, 'session.execution_ended'), 3, `seed ${seed}`)
    assert.is(countOf(after, 'session.model_replied'), 6, `seed ${seed}`)
    assert.is(countOf(after, 'session.tool_call_recorded'), 3, `seed ${seed}`)
    for (const type of ['session.ended', 'session.summary_recorded', 'alert.investigated'])
      assert.is(countOf(types, type), 1, `${type}, seed ${seed}`)
  }
})

test('a log that fails at random delays a session, and neither loses nor doubles anything of it', async () => {
  const runs = await Promise.all(
    Array.from({ length: 30 }, (_, seed) => runSession({ twice: seed % 2 === 0, through: failingLog(seed + 1) })),
  )
  let failures = 0
  for (const [seed, { world, effects, state }] of runs.entries()) {
    failures += world.lines.length
    const types = world.events().map(({ type }) => type)
    assert.is(state.status, 'completed', `seed ${seed}`)
    assert.is(state.finalAnalysis?.text, 'Weighed.')
    for (const type of ['session.plan_adopted', 'session.ended', 'session.summary_recorded', 'alert.investigated']) {
      assert.is(countOf(types, type), 1, `${type}, seed ${seed}`)
    }
    assert.is(countOf(types, 'session.model_replied'), 3)
    assert.is(countOf(types, 'session.tool_call_recorded'), 3)
    assert.is(countOf(types, 'session.stage_ended'), 2)
    const restarts = effects.filter((tool) => tool === 'restart').length
    const restart = valuesOf(state.toolCalls).find(({ name }) => name === 'host__restart')
    assert.ok(restarts <= 1, `the change was made ${restarts} times, seed ${seed}`)
    assert.is(restart?.status, restarts === 1 ? 'succeeded' : 'outcome_unknown', `seed ${seed}`)
  }
  assert.ok(failures > 30, `only ${failures} failures were met`)
})

test.run()
