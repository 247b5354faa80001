// The simulator as others meet it: by the real openai client, and by raw HTTP with bodies no client would send.
import { connect } from 'node:net'
import OpenAI, { APIError } from 'openai'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { type ChatServer, sendReply, startChatServer } from '../../gateways/simulator/chat-server.ts'
import { type SimulatorOptions, simulatedModel, startSimulator } from '../../gateways/simulator/simulator.ts'
import { eventually } from '../support/eventually.ts'

const test = suite('simulator')

const withSimulator = async (
  work: (client: OpenAI, server: ChatServer) => Promise<void>,
  options: SimulatorOptions = {},
): Promise<void> => {
  const server = await startSimulator(options)
  try {
    await work(new OpenAI({ baseURL: server.url, apiKey: 'none', maxRetries: 0 }), server)
  } finally {
    await server.close()
  }
}

type Messages = OpenAI.ChatCompletionMessageParam[]
type Tools = OpenAI.ChatCompletionFunctionTool[]

const alert: Messages = [
  { role: 'system', content: 'You investigate alerts.' },
  {
    role: 'user',
    content: 'Session: HostOutOfDiskSpace\n\n## Alert\n```\ntitle: HostOutOfDiskSpace\nlabel mount: /data\n```',
  },
]
const tool = (
  name: string,
  description = '',
  parameters: object = { type: 'object', properties: {} },
): Tools[number] => ({
  type: 'function',
  function: { name, description, parameters: { ...parameters } },
})
const diskTools = [
  tool('host__disk', 'Disk space of each file system.'),
  tool('host__memory', 'Memory.'),
  tool('host__delete_files', 'Disk space: deletes files.'),
]
const model = 'any-model'

const callsOf = (completion: OpenAI.ChatCompletion) =>
  (completion.choices[0]?.message.tool_calls ?? []).flatMap((call) => (call.type === 'function' ? [call] : []))

test('it names itself, whatever model is asked for', async () => {
  await withSimulator(async (client) => {
    const listed = await client.models.list()
    assert.equal(
      listed.data.map(({ id }) => id),
      [simulatedModel],
    )
    const reply = await client.chat.completions.create({ model: 'gpt-x', messages: alert })
    assert.is(reply.model, simulatedModel)
    assert.match(simulatedModel, 'simulated')
    assert.match(reply.choices[0]?.message.content ?? '', /Written by the built-in simulator, not by a language model/)
    const stream = await client.chat.completions.create({ model: 'gpt-x', messages: alert, stream: true })
    for await (const chunk of stream) assert.is(chunk.model, simulatedModel)
  })
})

test('a tool that fits the alert is called, with its reason thought aloud', async () => {
  await withSimulator(async (client) => {
    const reply = await client.chat.completions.create({ model, messages: alert, tools: diskTools })
    assert.is(reply.choices[0]?.finish_reason, 'tool_calls')
    assert.equal(
      callsOf(reply).map((call) => [call.function.name, call.function.arguments]),
      [['host__disk', '{}']],
    )
    assert.ok((reply.usage?.prompt_tokens ?? 0) > 10)
    assert.is(reply.usage?.total_tokens, (reply.usage?.prompt_tokens ?? 0) + (reply.usage?.completion_tokens ?? 0))
  })
})

test('streamed or whole, the reply is the same, and the usage comes last when it is asked for', async () => {
  await withSimulator(async (client) => {
    for (const tools of [diskTools, undefined]) {
      const body = { model, messages: alert, ...(tools !== undefined && { tools }) }
      const whole = await client.chat.completions.create(body)
      const stream = client.chat.completions.stream({ ...body, stream_options: { include_usage: true } })
      const streamed = await stream.finalChatCompletion()
      const [a, b] = [whole.choices[0], streamed.choices[0]]
      assert.is(b?.finish_reason, a?.finish_reason)
      assert.is(b?.message.content ?? '', a?.message.content ?? '')
      assert.equal(
        callsOf(streamed).map((call) => [call.function.name, call.function.arguments]),
        callsOf(whole).map((call) => [call.function.name, call.function.arguments]),
      )
      assert.equal(streamed.usage, whole.usage)
    }
  })
})

test('without usage asked for, no chunk carries any', async () => {
  await withSimulator(async (client) => {
    const stream = await client.chat.completions.create({ model, messages: alert, stream: true })
    let chunks = 0
    for await (const chunk of stream) {
      chunks++
      assert.not.ok('usage' in chunk && chunk.usage !== null)
    }
    assert.ok(chunks > 5)
  })
})

/** Answers every call with `answer`, until the simulator writes text. */
const converse = async (
  client: OpenAI,
  tools: Tools,
  answer: (name: string) => string,
): Promise<{ readonly report: string; readonly called: readonly string[] }> => {
  const messages = [...alert]
  const called: string[] = []
  for (let turn = 0; turn < 6; turn++) {
    const reply = await client.chat.completions.create({ model, messages, tools })
    const calls = callsOf(reply)
    if (calls.length === 0) return { report: reply.choices[0]?.message.content ?? '', called }
    messages.push({ role: 'assistant', content: null, tool_calls: calls })
    for (const { id, function: called_ } of calls) {
      called.push(called_.name)
      messages.push({ role: 'tool', tool_call_id: id, content: answer(called_.name) })
    }
  }
  throw new Error('it never wrote its report')
}

test('the report quotes what the tools said, and points at what stands out', async () => {
  await withSimulator(async (client) => {
    const { report, called } = await converse(client, diskTools, (name) => `/data 97% used (planted by ${name})`)
    assert.ok(called.includes('host__disk'))
    for (const name of called) assert.match(report, `/data 97% used (planted by ${name})`)
    assert.match(report, '## Summary')
    assert.match(report, /these figures stand out/)
  })
})

test('a tool that failed is evidence of nothing', async () => {
  await withSimulator(async (client) => {
    const { report } = await converse(client, diskTools, () => 'Error: no such device')
    assert.match(report, 'failed and shows nothing')
    assert.match(report, 'Inconclusive: every tool call failed')
  })
})

test('a tool that changes things is never called, however it is offered', async () => {
  const names = [
    ...['delete_pod', 'deletePod', 'k8s__delete_pod', 'k8s__delete__pod', 'delete__pod', 'REMOVE-FILE', 'rm'],
    ...['restart_service', 'kill_process', 'killall', 'disk_cleanup_delete', 'list_and_delete', 'write_disk', 'exec'],
    ...['run_command', 'shutdown', 'terminate_instance', 'scale_deployment', 'enable_swap', 'resize_volume'],
    ...[
      'format_disk',
      'mount_volume',
      'trigger_job',
      'wipe_disk',
      'purge_logs',
      'truncate_log',
      'apply',
      'post_message',
    ],
  ]
  const harmful = [
    ...names.map((name) => tool(name, 'Disk space, volumes, memory, logs, processes.')),
    tool('tidy', 'Deletes old files to free disk space.'),
    tool('bounce', 'Restarts the disk service.'),
  ]
  await withSimulator(async (client) => {
    const only = await client.chat.completions.create({ model, messages: alert, tools: harmful })
    assert.equal(callsOf(only), [])
    assert.match(only.choices[0]?.message.content ?? '', 'No tool was called')
    const { called } = await converse(client, [...harmful, ...diskTools], () => '/data 97%')
    assert.ok(called.includes('host__disk'))
    for (const name of called)
      assert.not.ok(
        harmful.some((each) => each.function.name === name),
        name,
      )
  })
})

test('tools that look are called, though a noun in their name is a verb elsewhere', async () => {
  for (const name of ['list_disk_mounts', 'get_volume_tags', 'show_disk_backups', 'disk', 'describe_volume_claims']) {
    await withSimulator(async (client) => {
      const reply = await client.chat.completions.create({ model, messages: alert, tools: [tool(name)] })
      assert.equal(
        callsOf(reply).map((call) => call.function.name),
        [name],
      )
    })
  }
})

test('tools withdrawn for a turn are not called', async () => {
  await withSimulator(async (client) => {
    const reply = await client.chat.completions.create({
      model,
      messages: alert,
      tools: diskTools,
      tool_choice: 'none',
    })
    assert.equal(callsOf(reply), [])
    assert.is(reply.choices[0]?.finish_reason, 'stop')
  })
})

test('an executive summary is asked for and given', async () => {
  await withSimulator(async (client) => {
    const { report } = await converse(client, diskTools, () => '/data 97% used')
    const content = `Write the executive summary of this report: one to three sentences.\n\n# Report\n${report}`
    const reply = await client.chat.completions.create({ model, messages: [{ role: 'user', content }] })
    const text = reply.choices[0]?.message.content ?? ''
    assert.match(text, /HostOutOfDiskSpace.*Written by the simulator\.$/)
    assert.ok(text.length < 1000)
  })
})

test('the same request gets the same reply, and calls of two turns have different ids', async () => {
  await withSimulator(async (client) => {
    const ask = () => client.chat.completions.create({ model, messages: alert, tools: diskTools })
    const [one, two] = await Promise.all([ask(), ask()])
    const withoutIds = (each: OpenAI.ChatCompletion) => callsOf(each).map((call) => call.function)
    assert.equal(withoutIds(one), withoutIds(two))
    assert.equal(one.usage, two.usage)
    assert.is.not(callsOf(one)[0]?.id, callsOf(two)[0]?.id)
  })
})

const hostileSchemas: Readonly<Record<string, object>> = {
  'no object': { type: 'array' },
  'refers to itself': {
    type: 'object',
    properties: { a: { $ref: '#/$defs/a' } },
    required: ['a'],
    $defs: { a: { $ref: '#/$defs/a' } },
  },
  'refers to itself fifty times': {
    type: 'object',
    properties: { a: { $ref: '#/$defs/n' } },
    required: ['a'],
    $defs: {
      n: {
        type: 'object',
        properties: Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`p${at}`, { $ref: '#/$defs/n' }])),
        required: Array.from({ length: 50 }, (_, at) => `p${at}`),
      },
    },
  },
  'a billion items': {
    type: 'object',
    properties: { a: { type: 'array', minItems: 1e9, items: { type: 'array', minItems: 1e9, items: {} } } },
    required: ['a'],
  },
  'a billion characters': {
    type: 'object',
    properties: { a: { type: 'string', minLength: 1e9 }, b: { type: 'string', maxLength: -5 } },
    required: ['a', 'b'],
  },
  'everything of the wrong type': { type: 7, properties: 'x', required: 'y', $defs: [], anyOf: {}, enum: 1 },
  'properties that are no schemas': {
    type: 'object',
    properties: { a: null, b: 7, c: [] },
    required: ['a', 'b', 'c', 'd'],
  },
  'names of prototypes': {
    type: 'object',
    properties: { ['__proto__']: { type: 'string' }, constructor: { type: 'string' }, toString: {} },
    required: ['__proto__', 'constructor', 'toString'],
  },
}

for (const [name, parameters] of Object.entries(hostileSchemas)) {
  test(`a hostile schema costs nothing: ${name}`, async () => {
    await withSimulator(async (client) => {
      const reply = await client.chat.completions.create({
        model,
        messages: alert,
        tools: [tool('disk', 'Disk space.', parameters)],
      })
      const written = callsOf(reply)[0]?.function.arguments ?? ''
      assert.ok(written.length < 200_000, `${written.length} characters`)
      assert.type(z.record(z.string(), z.unknown()).parse(JSON.parse(written)), 'object')
    })
  })
}

const errorShape = z.strictObject({
  error: z.strictObject({ message: z.string().min(5), type: z.string(), param: z.null(), code: z.null() }),
})

const badBodies: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['no JSON', '{"model":'],
  ['a list', '[]'],
  ['null', 'null'],
  ['no messages', '{"model":"m"}'],
  ['empty messages', '{"model":"m","messages":[]}'],
  ['a role nobody has', '{"model":"m","messages":[{"role":"king","content":"x"}]}'],
  ['content of a wrong type', '{"model":"m","messages":[{"role":"user","content":7}]}'],
  ['tools of a wrong type', '{"model":"m","messages":[{"role":"user","content":"x"}],"tools":{}}'],
  [
    'a tool without a name',
    '{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{}}]}',
  ],
  ['stream of a wrong type', '{"model":"m","messages":[{"role":"user","content":"x"}],"stream":"yes"}'],
]

for (const [name, body] of badBodies) {
  test(`a bad body is refused in the shape of OpenAI's errors: ${name}`, async () => {
    await withSimulator(async (_, { url }) => {
      const response = await fetch(`${url}/chat/completions`, { method: 'POST', body })
      assert.is(response.status, 400)
      assert.match(response.headers.get('content-type') ?? '', 'application/json')
      const { error } = errorShape.parse(await response.json())
      assert.is(error.type, 'invalid_request_error')
    })
  })
}

test('a body over the limit is refused with 413, an unknown path with 404, and the client understands both', async () => {
  await withSimulator(async (client, { url }) => {
    const large = await fetch(`${url}/chat/completions`, { method: 'POST', body: Buffer.alloc(33 * 1024 * 1024, 'x') })
    assert.is(large.status, 413)
    errorShape.parse(await large.json())
    const missing = await client.embeddings.create({ model: 'x', input: 'y' }).catch((error: unknown) => error)
    assert.instance(missing, APIError)
    assert.is(missing instanceof APIError ? missing.status : 0, 404)
    const wrong = await client.chat.completions.create({ model: '', messages: alert }).catch((error: unknown) => error)
    assert.is(wrong instanceof APIError ? wrong.status : 0, 400)
    assert.match(wrong instanceof Error ? wrong.message : '', 'model')
  })
})

test('content in parts is read, and parts that are no text are passed over', async () => {
  await withSimulator(async (client) => {
    const content: OpenAI.ChatCompletionContentPart[] = [
      { type: 'text', text: 'Session: disk full\n' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
    ]
    const reply = await client.chat.completions.create({ model, messages: [{ role: 'user', content }] })
    assert.match(reply.choices[0]?.message.content ?? '', '"disk full" was looked into')
  })
})

test('an abort stops the stream: what writes it ends long before it would have', async () => {
  let ended = 'not yet'
  const server = await startChatServer({
    model,
    respond: (exchange) =>
      sendReply(exchange, { text: 'word '.repeat(100_000) }, model, { tokenDelayMs: 20 }).then(
        () => {
          ended = 'told all'
        },
        (error: unknown) => {
          ended = String(error)
        },
      ),
  })
  try {
    const client = new OpenAI({ baseURL: server.url, apiKey: 'none', maxRetries: 0 })
    const abort = new AbortController()
    const stream = await client.chat.completions.create(
      { model, messages: alert, stream: true },
      { signal: abort.signal },
    )
    let chunks = 0
    for await (const _ of stream) if (++chunks === 3) abort.abort()
    await eventually(() => ended !== 'not yet')
    assert.match(ended, 'AbortError')
  } finally {
    await server.close()
  }
})

test('a client that leaves while it waits leaves nothing running: closing takes no time', async () => {
  let decided = 0
  const server = await startSimulator({
    latencyMs: 600_000,
    decide: () => {
      decided++
      return { text: 'late' }
    },
  })
  const socket = connect(server.port, '127.0.0.1')
  const body = JSON.stringify({ model, messages: alert })
  socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
  await eventually(() => decided === 1)
  socket.destroy()
  await server.close()
  // Were the wait still going on, this file would not end for ten minutes.
})

test('a rule that throws is an error of the server in the shape of OpenAI', async () => {
  await withSimulator(
    async (client) => {
      const failed = await client.chat.completions.create({ model, messages: alert }).catch((error: unknown) => error)
      assert.is(failed instanceof APIError ? failed.status : 0, 500)
      assert.match(failed instanceof Error ? failed.message : '', 'no rule for this')
    },
    {
      decide: () => {
        throw new Error('no rule for this')
      },
    },
  )
})

test('many at once are each answered', async () => {
  await withSimulator(async (client) => {
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        client.chat.completions.create({ model, messages: [{ role: 'user', content: `Session: number ${at}` }] }),
      ),
    )
    for (const [at, { choices }] of replies.entries()) assert.match(choices[0]?.message.content ?? '', `"number ${at}"`)
  })
})

test('it listens on loopback, and a port that is taken is refused', async () => {
  await withSimulator(async (_, { port, url }) => {
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/v1$/)
    const second = await startSimulator({ port }).catch((error: unknown) => error)
    assert.match(String(second), 'EADDRINUSE')
  })
})

test.run()
