// A recording answers for the tools: in order, to calls nearly the same, and never to one that was not made.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { recordingOf } from '../../domain/replay/recording.ts'
import { createRecordedTools } from '../../handlers/recorded-tools.ts'
import { createMemoryBlobStore } from '../../infra/memory/memory-blob-store.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import type { JsonValue } from '../../schemas/json-value.ts'
import { call, execution, offered, recorded, requested } from '../support/session-samples.ts'

const { signal } = new AbortController()

const asked = (turn: number, args: JsonValue): SessionEvent => {
  const event = requested(turn, 1, 'disk', 'read_only')
  return event.type === 'session.tool_call_requested' ? { ...event, data: { ...event.data, arguments: args } } : event
}

const history: readonly SessionEvent[] = [
  offered,
  asked(1, { path: '/var', depth: 1 }),
  recorded(1, 1),
  asked(2, { path: '/var', depth: 1 }),
  recorded(2, 1),
  asked(3, { path: '/tmp' }),
  recorded(3, 1, 'tool_error'),
  asked(4, { path: '/never-answered' }),
]

const request = (args: JsonValue, turn = 1) => ({
  executionId: execution(1),
  server: 'host',
  tool: 'disk',
  arguments: args,
  toolCallId: call(turn, 1),
})

test('the same call gets its answers in the order they were recorded, and then the last one again', async () => {
  const box = createRecordedTools({ recording: recordingOf(history), blobs: createMemoryBlobStore() })
  const texts: string[] = []
  for (const turn of [1, 2, 3]) {
    const result = await box.call(request({ depth: 1, path: '/var' }, turn), signal)
    texts.push(result.kind === 'answered' ? result.text : result.kind)
  }
  assert.equal(texts, ['result 1.1', 'result 2.1', 'result 2.1'])
})

test('letter case, spaces, empty fields and numbers as text make no other call of it', () => {
  const recording = recordingOf(history)
  const near = recording.answerTo({
    server: 'host',
    tool: 'disk',
    arguments: { path: ' /VAR ', depth: '1', not: null },
  })
  assert.is(near?.match, 'tolerant')
  assert.is(near?.call.content.text, 'result 1.1')
  assert.is(recording.answerTo({ server: 'host', tool: 'disk', arguments: { path: '/var', depth: 2 } }), null)
  assert.is(recording.answerTo({ server: 'other', tool: 'disk', arguments: { path: '/tmp' } }), null)
})

test('what was not called, or never answered, is told as not recorded; an error stays an error', async () => {
  const box = createRecordedTools({ recording: recordingOf(history), blobs: createMemoryBlobStore() })
  for (const path of ['/etc', '/never-answered']) {
    const result = await box.call(request({ path }), signal)
    assert.is(result.kind, 'not_run')
    assert.match(result.kind === 'not_run' ? result.message : '', /^Not recorded: host\/disk/)
  }
  const failing = await box.call(request({ path: '/tmp' }), signal)
  assert.equal(failing, { kind: 'answered', isError: true, text: 'result 3.1', attachments: [] })
})

test('a result that was kept by reference is given whole', async () => {
  const blobs = createMemoryBlobStore()
  const blob = await blobs.put(new TextEncoder().encode('all of it'), 'text/plain')
  const long: SessionEvent = {
    type: 'session.tool_call_recorded',
    data: {
      toolCallId: call(1, 1),
      executionId: execution(1),
      outcome: 'succeeded',
      content: { text: 'all', blob },
      durationMs: 1,
    },
  }
  const box = createRecordedTools({ recording: recordingOf([asked(1, {}), long]), blobs })
  const result = await box.call(request({}), signal)
  assert.is(result.kind === 'answered' ? result.text : '', 'all of it')
})

test('the tools are those that were offered, of the servers asked for', async () => {
  const box = createRecordedTools({ recording: recordingOf(history), blobs: createMemoryBlobStore() })
  const { tools, unavailable } = await box.list(execution(1), ['host', 'gone'], signal)
  assert.equal(
    tools.map(({ tool }) => tool),
    ['disk', 'restart', 'set'],
  )
  assert.equal(unavailable, [{ server: 'gone', reason: 'The recording knows no tool of it.' }])
})

test.run()
