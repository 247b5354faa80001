// Tools by MCP over streamable HTTP, against the reference server: sessions, restarts, and doors that refuse.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { mcpServerDefinition } from '../../schemas/agent-definition.ts'
import { eventually } from '../support/eventually.ts'
import { httpServer, withEverythingServer, withHttp } from '../support/mcp-http-world.ts'
import { answered, callOf, everythingPath, messageOf, never, withToolBox } from '../support/tool-box-world.ts'

const test = suite('tools by MCP over HTTP')
const everything = { server: 'everything' }

test('the reference server works over streamable HTTP, and is told when its session ends', async () => {
  await withEverythingServer(async ({ url, said }) => {
    await withToolBox({ everything: httpServer(url) }, async (toolBox) => {
      const { tools, unavailable } = await toolBox.list('exe_1', ['everything'], never)
      assert.equal(unavailable, [])
      assert.ok(tools.some(({ name }) => name === 'everything__echo'))
      const echo = await toolBox.call(callOf('echo', { message: 'hällo' }, everything), never)
      assert.match(answered(echo).text, 'hällo')
      const sum = await toolBox.call(callOf('get-sum', { a: 2, b: 40 }, everything), never)
      assert.match(answered(sum).text, '42')
      const structured = await toolBox.call(
        callOf('get-structured-content', { location: 'New York' }, everything),
        never,
      )
      assert.match(answered(structured).text, 'temperature')
      const image = answered(await toolBox.call(callOf('get-tiny-image', {}, everything), never))
      assert.ok(image.attachments.some(({ mediaType }) => mediaType === 'image/png'))
      const wrong = await toolBox.call(callOf('get-sum', { a: 'two' }, everything), never)
      assert.ok(wrong.kind === 'not_run' || (wrong.kind === 'answered' && wrong.isError), JSON.stringify(wrong))
      await toolBox.release('exe_1')
      await eventually(() => said().includes('Received session termination request'))
    })
  })
})

test('each execution has a session of its own', async () => {
  await withEverythingServer(async ({ url, said }) => {
    await withToolBox({ everything: httpServer(url) }, async (toolBox) => {
      const echo = async (executionId: string): Promise<void> => {
        answered(await toolBox.call(callOf('echo', { message: 'x' }, { ...everything, executionId }), never))
      }
      await Promise.all([echo('exe_1'), echo('exe_1'), echo('exe_2')])
      // What it prints may be read after what it answers.
      const initialized = (): number => said().match(/Session initialized/g)?.length ?? 0
      await eventually(() => initialized() >= 2)
      assert.is(initialized(), 2)
    })
  })
})

test('a server that was started anew has forgotten the session: the call runs on a new one', async () => {
  await withEverythingServer(async ({ url, kill, start }) => {
    await withToolBox({ everything: httpServer(url) }, async (toolBox) => {
      answered(await toolBox.call(callOf('echo', { message: 'one' }, everything), never))
      await kill()
      await start()
      const two = await toolBox.call(callOf('echo', { message: 'two' }, everything), never)
      assert.match(answered(two).text, 'two')
    })
  })
})

test('while the server is away a call certainly did not run; when it is back, calls work', async () => {
  await withEverythingServer(async ({ url, kill, start }) => {
    await withToolBox({ everything: httpServer(url) }, async (toolBox) => {
      answered(await toolBox.call(callOf('echo', { message: 'one' }, everything), never))
      await kill()
      // The first may still find the broken connection, of which nobody knows what it did.
      const away = await eventually(async () => {
        const result = await toolBox.call(callOf('echo', { message: 'x' }, everything), never)
        return result.kind === 'not_run' && result
      })
      assert.match(messageOf(away), 'ECONNREFUSED')
      await start()
      answered(await toolBox.call(callOf('echo', { message: 'two' }, everything), never))
    })
  })
})

test('a server killed in the middle of a call is an unknown outcome, long before the time-out', async () => {
  await withEverythingServer(async ({ url, kill }) => {
    await withToolBox({ everything: httpServer(url, {}, { call_timeout_seconds: 600 }) }, async (toolBox) => {
      await toolBox.list('exe_1', ['everything'], never)
      const slow = callOf('trigger-long-running-operation', { duration: 300, steps: 3_000 }, everything)
      const begun = Promise.withResolvers<void>()
      const call = toolBox.call(slow, never, { onProgress: () => begun.resolve() })
      await begun.promise
      await kill()
      assert.is((await call).kind, 'unknown')
    })
  })
})

test('a call over its time-out is unknown, and an abort is thrown at once', async () => {
  await withEverythingServer(async ({ url }) => {
    await withToolBox({ everything: httpServer(url, {}, { call_timeout_seconds: 1 }) }, async (toolBox) => {
      const slow = callOf('trigger-long-running-operation', { duration: 300, steps: 2 }, everything)
      const late = await toolBox.call(slow, never)
      assert.is(late.kind, 'unknown')
      assert.match(messageOf(late), /timed out/i)
      const abort = new AbortController()
      const reason = new Error('the session ended')
      const outcome = toolBox.call(slow, abort.signal).catch((error: unknown) => error)
      abort.abort(reason)
      assert.is(await outcome, reason)
    })
  })
})

test('a token goes to the server as its definition says, and a refusal at the door is not a call that ran', async () => {
  const seen: string[] = []
  const door = async (url: string): Promise<void> => {
    const definition = httpServer(url, { bearer_token_env: 'TOOL_TOKEN', headers: { 'x-team': 'shop' } })
    await withToolBox(
      { door: definition },
      async (toolBox) => {
        const { unavailable } = await toolBox.list('exe_1', ['door'], never)
        assert.is(unavailable[0]?.server, 'door')
        assert.match(unavailable[0]?.reason ?? '', 'no entry')
        assert.ok((unavailable[0]?.reason.length ?? 0) < 2000)
        const refused = await toolBox.call(callOf('anything', {}, { server: 'door' }), never)
        assert.is(refused.kind, 'not_run')
        assert.ok(messageOf(refused).length < 2000)
      },
      { secret: (name) => (name === 'TOOL_TOKEN' ? 'planted-token' : undefined) },
    )
  }
  await withHttp((request, response) => {
    seen.push(`${request.headers.authorization} ${request.headers['x-team']}`)
    response.writeHead(401).end(`no entry ${'x'.repeat(100_000)}`)
  }, door)
  assert.ok(seen.length > 0)
  for (const each of seen) assert.is(each, 'Bearer planted-token shop')
})

test('a server that repeats the secrets it was given does not get them into an answer or a reason', async () => {
  const secret = (name: string): string | undefined => (name === 'TOOL_TOKEN' ? 'planted-token-1' : undefined)
  const given = { bearer_token_env: 'TOOL_TOKEN', headers: { 'x-api-key': 'planted-key-2', 'x-team': 'planted-team' } }
  await withHttp(
    (request, response) => {
      response.writeHead(403).end(`who is ${request.headers.authorization} with ${request.headers['x-api-key']}?`)
    },
    async (url) => {
      await withToolBox(
        { door: httpServer(url, given) },
        async (toolBox) => {
          const { unavailable } = await toolBox.list('exe_1', ['door'], never)
          assert.match(unavailable[0]?.reason ?? '', 'who is Bearer __MASKED_SECRET__ with __MASKED_SECRET__?')
          const refused = messageOf(await toolBox.call(callOf('x', {}, { server: 'door' }), never))
          assert.match(refused, 'who is Bearer __MASKED_SECRET__')
        },
        { secret },
      )
    },
  )
  const env = { CLOUD_PASSWORD: 'planted-password-3', REGION: 'eu-central-1' }
  const stdio = { type: 'stdio', command: process.execPath, args: [everythingPath, 'stdio'], env }
  await withToolBox({ everything: mcpServerDefinition.parse({ transport: stdio }) }, async (toolBox) => {
    const { text } = answered(await toolBox.call(callOf('get-env', {}, everything), never))
    assert.match(text, 'CLOUD_PASSWORD')
    assert.match(text, 'eu-central-1')
    assert.not.match(text, 'planted-password-3')
  })
})

test('a server that takes a connection and says nothing is left at once, or after the time-out', async () => {
  await withHttp(
    () => undefined,
    async (url) => {
      await withToolBox(
        { silent: httpServer(url) },
        async (toolBox) => {
          const { unavailable } = await toolBox.list('exe_1', ['silent'], never)
          assert.match(unavailable[0]?.reason ?? '', /timed out/i)
        },
        { connectTimeoutMs: 200 },
      )
      await withToolBox({ silent: httpServer(url) }, async (toolBox) => {
        const abort = new AbortController()
        const reason = new Error('the session ended')
        const outcome = toolBox
          .call(callOf('x', {}, { server: 'silent' }), abort.signal)
          .catch((error: unknown) => error)
        abort.abort(reason)
        assert.is(await outcome, reason)
      })
    },
  )
})

test('a page instead of a server is unavailable and says so', async () => {
  await withHttp(
    (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>hello</p>'),
    async (url) => {
      await withToolBox({ page: httpServer(url) }, async (toolBox) => {
        const { tools, unavailable } = await toolBox.list('exe_1', ['page'], never)
        assert.equal(tools, [])
        assert.match(unavailable[0]?.reason ?? '', 'text/html')
      })
    },
  )
})

test.run()
