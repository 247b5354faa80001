// What goes wrong at a model endpoint: each failure has its class, a request given up is ended, and no key gets out.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { ModelFailed } from '../../handlers/ports/language-model.ts'
import type { ModelFailureClass } from '../../schemas/model.ts'
import { eventually } from '../support/eventually.ts'
import { against, apiKey, ask, failureOf, modelAt } from '../support/model-gateway-world.ts'
import { type Behaviour, type Call, cutting, framesOf, refusing, replying } from '../support/scripted-endpoint.ts'

const test = suite('a failing model endpoint')

const failsAs = async (behave: (call: Call) => Behaviour, expected: ModelFailureClass): Promise<ModelFailed> => {
  const { failure, calls } = await against(behave, async (endpoint) => ({
    failure: await failureOf(modelAt(endpoint.url)),
    calls: endpoint.calls.length,
  }))
  assert.is(failure.class, expected, failure.message)
  assert.is(calls, 1, 'the gateway tries nothing again by itself')
  assert.match(failure.message, /^scripted\/some-model: /)
  return failure
}

test('a refused connection is transient and says so', async () => {
  // Where nobody listens; fetch refuses to call port 1 at all.
  const failure = await failureOf(modelAt('http://127.0.0.1:2/v1'))
  assert.is(failure.class, 'transient')
  assert.match(failure.message, /ECONNREFUSED/)
  assert.ok(failure.retryable)
})

test('401 and 403 are auth failures, and the key is in no message though the endpoint echoes it', async () => {
  for (const status of [401, 403]) {
    const failure = await failsAs(() => refusing(status, `Incorrect API key provided: ${apiKey}.`), 'auth')
    assert.not.match(failure.message, apiKey)
    assert.match(failure.message, '__MASKED_API_KEY__')
    assert.not.ok(failure.retryable)
  }
})

test('no part of an echoed key gets out where a long message is cut', async () => {
  for (let padding = 440; padding < 500; padding += 7) {
    const failure = await failsAs(() => refusing(401, `${'x'.repeat(padding)} ${apiKey}`), 'auth')
    assert.not.match(failure.message, apiKey.slice(0, 12))
  }
})

test('429 is rate limited; Retry-After is read as seconds, as a date and in milliseconds', async () => {
  const seconds = await failsAs(() => refusing(429, 'slow down', { 'retry-after': '7' }), 'rate_limited')
  assert.is(seconds.retryAfterMs, 7000)
  const date = new Date(Date.now() + 3_600_000).toUTCString()
  const dated = await failsAs(() => refusing(429, 'slow down', { 'retry-after': date }), 'rate_limited')
  const { retryAfterMs = 0 } = dated
  assert.ok(retryAfterMs > 3_500_000 && retryAfterMs <= 3_600_000, `${retryAfterMs}`)
  const ms = await failsAs(() => refusing(429, 'slow down', { 'retry-after-ms': '250' }), 'rate_limited')
  assert.is(ms.retryAfterMs, 250)
  const none = await failsAs(() => refusing(429, 'slow down'), 'rate_limited')
  assert.is(none.retryAfterMs, undefined)
  const nonsense = await failsAs(() => refusing(429, 'slow down', { 'retry-after': 'soon' }), 'rate_limited')
  assert.is(nonsense.retryAfterMs, undefined)
})

test('each status has its class', async () => {
  const expected: readonly (readonly [number, ModelFailureClass])[] = [
    [400, 'invalid_request'],
    [404, 'invalid_request'],
    [408, 'transient'],
    [413, 'invalid_request'],
    [422, 'invalid_request'],
    [500, 'transient'],
    [502, 'transient'],
    [503, 'transient'],
    [418, 'other'],
  ]
  for (const [status, failureClass] of expected) await failsAs(() => refusing(status, 'no'), failureClass)
})

test('an answer that is no JSON still has the class of its status', async () => {
  const html = { 'content-type': 'text/html' }
  await failsAs(() => ({ kind: 'answer', status: 502, headers: html, body: '<h1>Bad gateway</h1>' }), 'transient')
})

test('a stream cut in the middle is transient and keeps the text that had arrived', async () => {
  const text = 'Everything that was said before the line went dead.'
  const failure = await failsAs((call) => cutting(call.request, { text }, 3), 'transient')
  assert.is(failure.partialText, text.slice(0, 16))
})

test('a stream that ends without a finish reason is no reply', async () => {
  const failure = await failsAs(
    ({ request: asked }) => ({ kind: 'stream', frames: framesOf(asked, { text: 'half' }).slice(0, 2), ending: 'end' }),
    'transient',
  )
  assert.is(failure.partialText, 'half')
  await failsAs(() => ({ kind: 'stream', frames: [], ending: 'done' }), 'transient')
})

test('an error inside a stream is transient', async () => {
  const failure = await failsAs(
    () => ({ kind: 'stream', frames: [{ error: { message: 'the engine is overloaded' } }], ending: 'done' }),
    'transient',
  )
  assert.match(failure.message, 'overloaded')
})

test('no first token in time is a time-out, and the request is given up', async () => {
  await against(
    () => ({ kind: 'hang' }),
    async (endpoint) => {
      const failure = await failureOf(modelAt(endpoint.url, { firstTokenMs: 2_000 }))
      assert.is(failure.class, 'timeout')
      assert.match(failure.message, 'no first token within 2 s')
      await eventually(() => endpoint.calls[0]?.gone.aborted)
    },
  )
})

test('a stream that stalls is a time-out with the text that had arrived', async () => {
  await against(
    ({ request: asked }) => ({
      kind: 'stream',
      frames: framesOf(asked, { text: 'so far' }).slice(0, 2),
      ending: 'stall',
    }),
    async (endpoint) => {
      const failure = await failureOf(modelAt(endpoint.url, { stallMs: 1_000 }))
      assert.is(failure.class, 'timeout')
      assert.match(failure.message, 'stalled')
      assert.is(failure.partialText, 'so far')
      await eventually(() => endpoint.calls[0]?.gone.aborted)
    },
  )
})

test('a call that is never complete is a time-out though it is not silent for long', async () => {
  await against(
    ({ request: asked }) => ({ kind: 'stream', frames: framesOf(asked, { text: 'on' }).slice(0, 2), ending: 'stall' }),
    async (endpoint) => {
      const failure = await failureOf(modelAt(endpoint.url, { callMs: 100 }))
      assert.is(failure.class, 'timeout')
      assert.match(failure.message, 'not complete within 0.1 s')
    },
  )
})

test('an abort ends the HTTP request, before the first token and in the middle', async () => {
  const behaviours: readonly ((call: Call) => Behaviour)[] = [
    () => ({ kind: 'hang' }),
    ({ request: asked }) => ({ kind: 'stream', frames: framesOf(asked, { text: 'on' }).slice(0, 2), ending: 'stall' }),
  ]
  for (const behave of behaviours) {
    await against(behave, async (endpoint) => {
      const abort = new AbortController()
      const reason = new Error('the session ended')
      const outcome = ask(modelAt(endpoint.url), {}, abort.signal).catch((error: unknown) => error)
      const call = await eventually(() => endpoint.calls[0])
      abort.abort(reason)
      assert.is(await outcome, reason)
      await eventually(() => call.gone.aborted)
    })
  }
})

test('an abort that came before sends no request', async () => {
  await against(
    (call) => replying(call.request, { text: 'never' }),
    async (endpoint) => {
      const outcome = ask(modelAt(endpoint.url), {}, AbortSignal.abort(new Error('over')))
      await outcome.then(
        () => assert.unreachable(),
        (error: unknown) => assert.match(String(error), 'over'),
      )
      assert.is(endpoint.calls.length, 0)
    },
  )
})

test.run()
