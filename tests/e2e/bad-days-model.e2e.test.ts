// A model endpoint on its bad days, seen from outside: each session ends, and its history says why in words.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { statusOf } from '../support/ask-casebook.ts'
import {
  type Asking,
  callsTool,
  dataOf,
  type History,
  hostileTransport,
  says,
  startBadDays,
  storyOf,
  typesOf,
} from '../support/bad-days-world.ts'
import { eventually } from '../support/eventually.ts'
import { cutting, refusing } from '../support/scripted-endpoint.ts'

const test = suite('a model on its bad days')

const world = await startBadDays((url) => ({
  defaults: { model_attempts: 3, model_backoff_seconds: 0.05, max_iterations: 3 },
  providers: {
    // Where nobody listens; fetch refuses to call port 1 at all.
    nobody: { base_url: 'http://127.0.0.1:2/v1', model: 'some-model' },
    // What answers at once does so within this time on a busy machine, too.
    impatient: {
      base_url: url,
      model: 'some-model',
      first_token_timeout_seconds: 8,
      stall_timeout_seconds: 8,
    },
    hasty: { base_url: url, model: 'some-model', first_token_timeout_seconds: 1 },
    misdirected: { base_url: url.replace('/v1', '/docs'), model: 'some-model' },
  },
  mcp_servers: { hostile: { transport: hostileTransport } },
  agents: {
    thinker: { instructions: 'Think.' },
    worker: { mcp_servers: ['hostile'] },
    unheard: { provider: 'nobody' },
    hurried: { provider: 'impatient' },
    restless: { provider: 'hasty' },
    writer: { controller: 'single_shot' },
  },
  chains: {
    thinking: { stages: [{ name: 'thinking', agent: 'thinker' }] },
    working: { stages: [{ name: 'working', agent: 'worker' }] },
    unheard: { stages: [{ name: 'calling', agent: 'unheard' }] },
    hurried: { stages: [{ name: 'hurrying', agent: 'hurried' }] },
    restless: { stages: [{ name: 'hurrying', agent: 'restless' }] },
    writing: { stages: [{ name: 'writing', agent: 'writer' }] },
    both: {
      stages: [
        { name: 'looking', agent: 'worker' },
        { name: 'weighing', agent: 'writer' },
      ],
    },
  },
}))
await world.start()
const run = (title: string, chain: string, script: Asking['script']) => world.run({ title, chain, script })

const failedWith = (history: History, code: string): string => {
  const { session } = history
  assert.is(session.status, 'failed', storyOf(history))
  assert.is(session.cause?.code, code)
  assert.ok((session.cause?.nextStep ?? '').length > 20, 'it says what to do')
  assert.ok(session.executions.every(({ status }) => status === 'failed' || status === 'planned'))
  assert.ok(session.stages.every(({ status }) => status === 'failed' || status === 'planned'))
  return session.cause?.message ?? ''
}

const completed = (history: History): void => {
  assert.is(history.session.status, 'completed', storyOf(history))
  assert.is(history.session.cause?.code, 'completed')
}

test('a refused connection is tried again, then fails the session with the address to check', async () => {
  const history = await run('refused connection', 'unheard', () => says('never heard'))
  const message = failedWith(history, 'model_transient')
  assert.match(message, /^The model failed 3 times: nobody\/some-model: .*ECONNREFUSED/)
  assert.match(history.session.cause?.nextStep ?? '', 'base_url')
  assert.is(dataOf(history, 'model_failed').length, 3)
  assert.equal(
    dataOf(history, 'turn_requested').map(({ turn, attempt }) => [turn, attempt]),
    [
      [1, 1],
      [1, 2],
      [1, 3],
    ],
  )
  assert.match(storyOf(history), /model_failed \| Model failed \(transient\) \| .*connection failed/)
  const failures = history.events.filter(({ type }) => type === 'model_failed')
  assert.ok(failures.length > 0 && history.session.cause?.eventId !== undefined, 'it names the event that failed')
})

test('a refused key fails at once and says which key to check', async () => {
  const history = await run('refused key', 'thinking', () => refusing(401, 'Incorrect API key provided.'))
  const message = failedWith(history, 'model_auth')
  assert.is(world.asked('refused key'), 1)
  assert.match(message, 'OPENAI_API_KEY')
  assert.match(storyOf(history), /Model failed \(auth\)/)
})

test('a rate limit is waited out for as long as the endpoint asks', async () => {
  const arrivals: number[] = []
  const history = await run('rate limit', 'thinking', ({ number }) => {
    arrivals.push(performance.now())
    return number === 1 ? refusing(429, 'Slow down.', { 'retry-after': '1' }) : says('The conclusion.')
  })
  completed(history)
  assert.is(world.asked('rate limit'), 2)
  const [first = 0, second = 0] = arrivals
  assert.ok(second - first >= 950, `asked again after ${Math.round(second - first)} ms`)
  assert.is(dataOf(history, 'model_failed')[0]?.['class'], 'rate_limited')
  assert.match(storyOf(history), /Model failed \(rate_limited\) \| .*Slow down/)
})

test('an endpoint that fails once with 500 is asked again', async () => {
  const history = await run('one 500', 'thinking', ({ number }) =>
    number === 1 ? refusing(500, 'Oops.') : says('The conclusion.'),
  )
  completed(history)
  assert.is(history.session.finalAnalysis?.text, 'The conclusion.')
  assert.is(history.session.executions[0]?.turns, 1, 'a second attempt is no second turn')
})

test('an endpoint that keeps failing with 500 ends the session after the attempts allowed', async () => {
  const history = await run('many 500', 'thinking', () => refusing(503, 'Overloaded.'))
  assert.match(failedWith(history, 'model_transient'), /3 times.*Overloaded/)
  assert.is(world.asked('many 500'), 3)
})

test('a stream cut in the middle keeps the text that had arrived, and is asked for again', async () => {
  const history = await run('cut stream', 'thinking', ({ number, request }) =>
    number === 1 ? cutting(request, { text: 'The disk is full because of the journal.' }, 4) : says('The conclusion.'),
  )
  completed(history)
  const [failure] = dataOf(history, 'model_failed')
  assert.is(failure?.['class'], 'transient')
  assert.is(failure?.['partialText'], 'The disk is full because')
  assert.is(history.session.finalAnalysis?.text, 'The conclusion.')
})

test('a page of HTML in place of a stream is not tried again, and says to check base_url', async () => {
  const history = await run('a page', 'thinking', () => ({
    kind: 'answer',
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<html>Welcome</html>',
  }))
  assert.match(failedWith(history, 'model_invalid_request'), /base_url/)
  assert.is(world.asked('a page'), 1)
})

test('a model that hangs is given up after its time-out and asked again', async () => {
  const history = await run('hanging model', 'hurried', ({ number, call }) =>
    number === 1
      ? { kind: 'hang' }
      : number === 2
        ? { ...cutting(call.request, { text: 'The disk is' }, 3), ending: 'stall' }
        : says('The conclusion.'),
  )
  completed(history)
  assert.equal(
    dataOf(history, 'model_failed').map((failure) => failure['class']),
    ['timeout', 'timeout'],
  )
  assert.match(storyOf(history), /Model failed \(timeout\) \| impatient\/some-model: no first token within 8 s/)
  assert.match(storyOf(history), /the stream stalled/)
})

test('a model that always hangs ends the session', async () => {
  const history = await run('always hanging', 'restless', () => ({ kind: 'hang' }))
  assert.match(failedWith(history, 'model_timeout'), /3 times/)
})

test('arguments that are no JSON are refused with the reason, and the model may mend them', async () => {
  const history = await run('broken arguments', 'working', ({ number, results }) => {
    if (number === 1) return callsTool('hostile__slow', '{"ms": 1')
    if (number === 2) {
      assert.match(results.join(), /not a JSON object/)
      return callsTool('hostile__slow', { ms: 'soon' })
    }
    if (number === 3) {
      assert.match(results.join(), /ms must be number/)
      return callsTool('hostile__slow', { ms: 1 })
    }
    return says(`It said: ${results.join()}`)
  })
  completed(history)
  assert.is(history.session.finalAnalysis?.text, 'It said: waited 1 ms')
  assert.equal(
    history.toolCalls.map(({ status }) => status),
    ['refused', 'refused', 'succeeded'],
  )
  assert.match(storyOf(history), /tool_call_refused \| hostile__slow \| .*not a JSON object/)
})

test('a tool nobody offered is refused with the names of those that are', async () => {
  const history = await run('unknown tool', 'working', ({ number, results }) => {
    if (number === 1) return callsTool('hostile__reboot_everything')
    assert.match(results.join(), /There is no tool "hostile__reboot_everything". Tools offered: .*hostile__slow/)
    return says('The conclusion.')
  })
  completed(history)
  assert.is(dataOf(history, 'tool_call_refused')[0]?.['code'], 'unknown_tool')
  assert.is(history.session.toolCalls.refused, 1)
})

test('an empty reply is answered with a nudge', async () => {
  const history = await run('empty reply', 'thinking', ({ number, request }) => {
    if (number === 1) return {}
    assert.match(request.messages.at(-1)?.content ?? '', /Your last reply was empty/)
    return says('The conclusion.')
  })
  completed(history)
  assert.equal(
    dataOf(history, 'turn_requested').map(({ mode }) => mode),
    ['normal', 'nudge'],
  )
})

test('replies that stay empty end the session: nobody is nudged for ever', async () => {
  const history = await run('always empty', 'thinking', () => ({}))
  assert.match(failedWith(history, 'no_conclusion'), /without a conclusion/)
  assert.is(world.asked('always empty'), 3)
})

test('an agent that never stops calling tools must conclude at its cap, without tools', async () => {
  const history = await run('never stops', 'working', ({ number, request }) => {
    if (number <= 3) return callsTool('hostile__slow', { ms: 1 })
    assert.is(request.tools.length, 0, 'no tools are offered any more')
    assert.match(request.messages.at(-1)?.content ?? '', /used all your turns/)
    return { text: 'What I know so far.', toolCalls: [{ name: 'hostile__slow', arguments: '{"ms":1}' }] }
  })
  completed(history)
  assert.is(world.asked('never stops'), 4)
  assert.is(history.session.finalAnalysis?.text, 'What I know so far.')
  assert.is(dataOf(history, 'execution_ended')[0]?.['forced'], true)
  assert.equal(
    history.toolCalls.map(({ status }) => status),
    ['succeeded', 'succeeded', 'succeeded', 'refused'],
  )
})

test('an agent that calls tools even when it must conclude ends without a conclusion', async () => {
  const history = await run('never concludes', 'working', () => callsTool('hostile__slow', { ms: 1 }))
  assert.match(failedWith(history, 'no_conclusion'), /worker/)
  assert.match(history.session.cause?.nextStep ?? '', /max_iterations/)
  assert.is(world.asked('never concludes'), 4)
})

test('a single-shot agent is asked once, without tools, and its word is the conclusion', async () => {
  const history = await run('single shot', 'writing', ({ request }) => {
    assert.is(request.tools.length, 0)
    return says('Written at once.')
  })
  completed(history)
  assert.is(world.asked('single shot'), 1)
  assert.is(history.session.finalAnalysis?.text, 'Written at once.')
  assert.not(typesOf(history).includes('tools_offered'))
})

test('a second stage is given what the first one found', async () => {
  const history = await run('two stages', 'both', ({ number, request, results }) => {
    if (number === 1) return callsTool('hostile__slow', { ms: 2 })
    if (number === 2) return says(`Found: ${results.join()}`)
    const task = request.messages.find(({ role }) => role === 'user')?.content ?? ''
    assert.match(task, /Findings of stage "looking" by worker\s+```\s+Found: waited 2 ms/)
    return says('Weighed.')
  })
  completed(history)
  assert.is(history.session.finalAnalysis?.text, 'Weighed.')
  assert.equal(
    history.session.stages.map(({ name, status }) => [name, status]),
    [
      ['looking', 'completed'],
      ['weighing', 'completed'],
    ],
  )
  assert.match(storyOf(history), /Stage 2 of 2: weighing/)
})

test('a stage that fails keeps the next one from starting', async () => {
  const history = await run('first stage fails', 'both', () => refusing(400, 'No such model.'))
  failedWith(history, 'model_invalid_request')
  assert.equal(
    history.session.stages.map(({ status }) => status),
    ['failed', 'planned'],
  )
  assert.is(world.asked('first stage fails'), 1)
})

test('a summary that cannot be written leaves the session completed, and says so', async () => {
  const history = await world.run({
    title: 'no summary',
    chain: 'thinking',
    script: () => says('The conclusion.'),
    summary: () => refusing(401, 'No.'),
  })
  assert.is(history.session.status, 'completed')
  assert.is(history.session.cause?.code, 'completed_without_summary')
  assert.is(history.session.summary, null)
  assert.is(history.session.finalAnalysis?.text, 'The conclusion.')
  assert.match(storyOf(history), /summary_failed \| Summary failed \(auth\)/)
})

test('a reply that says the same over and over is cut short, told once, and then made to conclude', async () => {
  const replies = ['I look at the disk again, and then I look at it once more. '.repeat(2_000), 'The conclusion.']
  const asked: string[] = []
  const history = await run('over and over', 'thinking', ({ request, number }) => {
    asked.push(request.messages.at(-1)?.content ?? '')
    return says(number < 3 ? (replies[0] ?? '') : (replies[1] ?? ''))
  })
  completed(history)
  assert.is(history.session.finalAnalysis?.text, 'The conclusion.')
  assert.match(asked[1] ?? '', 'You are going round in circles: the text of the reply said the same at least')
  assert.match(asked[2] ?? '', 'You are repeating yourself')
  assert.match(storyOf(history), /loop_detected \| The agent repeats itself[\s\S]*loop_detected/)
})

test('a chain that does not exist ends the session with the chains there are', async () => {
  const history = await run('no such chain', 'no-such-chain', () => says('never'))
  assert.is(history.session.cause?.code, 'chain_not_found')
  assert.match(history.session.cause?.nextStep ?? '', /thinking, .*working/)
})

test('a reply far too long for an event is kept whole, and the session goes on', async () => {
  const long = Array.from({ length: 25_000 }, (_, disk) => `A long tale of disk ${disk}. `).join('')
  const history = await run('long reply', 'thinking', () => says(long))
  completed(history)
  assert.is(history.session.finalAnalysis?.blob?.bytes, long.length)
  assert.match(history.session.finalAnalysis?.text ?? '', /characters left out/)
})

test('a long line that arrives at once is shown live without harm to the process', async () => {
  const line = `${Array.from({ length: 120_000 }, (_, word) => `All of it (${word}) in one line. `).join('')}\n`
  const history = await run('one line', 'thinking', ({ request }) => ({
    kind: 'stream',
    ending: 'done',
    frames: [
      { id: 'c', model: request.model, choices: [{ index: 0, delta: { content: line }, finish_reason: null }] },
      { id: 'c', model: request.model, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    ],
  }))
  completed(history)
  assert.is(history.session.finalAnalysis?.blob?.bytes, line.length)
})

test('arguments far too long for an event are refused, and the session goes on', async () => {
  const history = await run('long arguments', 'working', ({ number, results }) => {
    if (number === 1) return callsTool('hostile__read_lines', { path: `/tmp/${'x'.repeat(700_000)}` })
    return says(`It said: ${results.join().slice(0, 200)}`)
  })
  completed(history)
  assert.equal(
    history.toolCalls.map(({ status }) => status),
    ['refused'],
  )
  assert.match(history.session.finalAnalysis?.text ?? '', /too long/)
})

test('after all of it nothing is parked, nothing waits, and the process is unharmed', async () => {
  await eventually(async () => (await statusOf(world.url('/ready'))) === 200)
  const metrics = await (await fetch(world.url('/metrics'))).text()
  assert.not.match(world.output(), /Given up|could not be settled|stopped consuming/)
  assert.not.match(metrics, /dead_letters\S* [1-9]/)
})

test.after(async () => {
  await world.close()
})

test.run()
