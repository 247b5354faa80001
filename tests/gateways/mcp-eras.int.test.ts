// Tools by MCP in every way a server may speak it: the revision 2026-07-28, the earlier ones, and the transport before those.
import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { McpToolBox } from '../../gateways/mcp/mcp-tool-box.ts'
import { eventually } from '../support/eventually.ts'
import { withFilesOverHttp } from '../support/files-over-http.ts'
import { httpServer, withEverythingServer, withHttp, withModernServer } from '../support/mcp-http-world.ts'
import { temporaryFolder } from '../support/servers.ts'
import {
  answered,
  callOf,
  everythingPath,
  filesystemPath,
  isAlive,
  messageOf,
  modernPath,
  never,
  pinnedCallOf,
  stdioServer,
  withToolBox,
} from '../support/tool-box-world.ts'

const test = suite('tools by MCP in every revision')
const modern = { server: 'modern' }
const everything = { server: 'everything' }
/** Where every request is counted, none is to come of asking whether the server is still there. */
const unwatched = { watchMs: 3_600_000 }
const timesOf = (text: string, part: RegExp): number => text.match(part)?.length ?? 0
/** What a server prints may be read after what it answers: so many come, and no more. */
const saidTimes = async (said: () => string, part: RegExp, times: number): Promise<void> => {
  await eventually(() => timesOf(said(), part) >= times, { describe: `${part} is said ${times} times` })
  assert.is(timesOf(said(), part), times)
}

test('a server that speaks only 2026-07-28 is listed and called over HTTP', async () => {
  await withModernServer(async ({ url, said }) => {
    await withToolBox({ modern: httpServer(url) }, async (toolBox) => {
      const { tools, unavailable } = await toolBox.list('exe_1', ['modern'], never)
      assert.equal(unavailable, [])
      const echo = tools.find(({ name }) => name === 'modern__echo')
      assert.is(echo?.effect, 'read_only')
      assert.match(JSON.stringify(echo?.inputSchema), '"required":["message"]')
      const again = await toolBox.call(callOf('echo', { message: 'hällo' }, modern), never)
      assert.is(answered(again).text, 'again: hällo')
      const wrong = await toolBox.call(callOf('echo', { message: 7 }, modern), never)
      assert.ok(wrong.kind === 'not_run' || (wrong.kind === 'answered' && wrong.isError), JSON.stringify(wrong))
      assert.is(timesOf(said(), /POST earlier/g), 0, 'no greeting')
    })
  }, 'only')
})

test('how a server speaks is asked once, and remembered for the executions that follow', async () => {
  await withEverythingServer(async ({ url, said }) => {
    const work = async (toolBox: McpToolBox): Promise<void> => {
      for (const executionId of ['exe_1', 'exe_2', 'exe_3']) {
        const echo = await toolBox.call(callOf('echo', { message: 'x' }, { ...everything, executionId }), never)
        assert.match(answered(echo).text, 'x')
      }
      // Per execution: the greeting, its acknowledgement and the call.
      await saidTimes(said, /POST request/g, 1 + 3 * 3)
    }
    await withToolBox({ everything: httpServer(url) }, work, unwatched)
  })
})

test('executions that begin at once ask only once how a server speaks', async () => {
  await withEverythingServer(async ({ url, said }) => {
    const work = async (toolBox: McpToolBox): Promise<void> => {
      const executions = Array.from({ length: 10 }, (_, index) => `exe_${index}`)
      const echoes = await Promise.all(
        executions.map((executionId) =>
          toolBox.call(callOf('echo', { message: 'x' }, { ...everything, executionId }), never),
        ),
      )
      for (const echo of echoes) assert.match(answered(echo).text, 'x')
      await saidTimes(said, /POST request/g, 1 + 10 * 3)
    }
    await withToolBox({ everything: httpServer(url) }, work, unwatched)
  })
})

test('the file server behind a door of streamable HTTP reads and writes, and refuses to leave its folder', async () => {
  const folder = realpathSync(temporaryFolder())
  const files = { server: 'files' }
  await withFilesOverHttp(folder, async (url) => {
    await withToolBox({ files: httpServer(url) }, async (toolBox) => {
      const { tools, unavailable } = await toolBox.list('exe_1', ['files'], never)
      assert.equal(unavailable, [])
      assert.is(tools.find(({ tool }) => tool === 'read_text_file')?.effect, 'read_only')
      const path = join(folder, 'note.txt')
      answered(await toolBox.call(callOf('write_file', { path, content: 'hällo' }, files), never))
      assert.is(readFileSync(path, 'utf8'), 'hällo')
      assert.is(answered(await toolBox.call(callOf('read_text_file', { path }, files), never)).text, 'hällo')
      const outside = answered(await toolBox.call(callOf('read_text_file', { path: '/etc/hostname' }, files), never))
      assert.ok(outside.isError)
    })
  })
})

test('a server that speaks both is spoken to in the new revision, or in the earlier ones where that is configured', async () => {
  await withModernServer(async ({ url, said }) => {
    await withToolBox({ modern: httpServer(url) }, async (toolBox) => {
      answered(await toolBox.call(callOf('echo', { message: 'x' }, modern), never))
      assert.is(timesOf(said(), /POST earlier/g), 0)
    })
    await withToolBox({ modern: httpServer(url, {}, { protocol: 'earlier' }) }, async (toolBox) => {
      answered(await toolBox.call(callOf('echo', { message: 'x' }, modern), never))
      await eventually(() => timesOf(said(), /POST earlier/g) > 0)
    })
  })
})

test('a stdio server that speaks only 2026-07-28 is found out, and its process ends with its execution', async () => {
  await withToolBox({ modern: stdioServer([modernPath, 'stdio', 'only']) }, async (toolBox) => {
    const pidOf = async (executionId: string): Promise<number> =>
      Number(answered(await toolBox.call(callOf('process_id', {}, { ...modern, executionId }), never)).text)
    const [one, two] = [await pidOf('exe_1'), await pidOf('exe_2')]
    assert.is.not(one, two)
    assert.is(await pidOf('exe_1'), one)
    await toolBox.release('exe_1')
    await eventually(() => !isAlive(one), { describe: 'the server of a released execution ends' })
    assert.ok(isAlive(two))
  })
})

test('a stdio server that speaks both works in either', async () => {
  for (const protocol of ['auto', 'earlier', '2026-07-28']) {
    await withToolBox({ modern: stdioServer([modernPath, 'stdio'], { protocol }) }, async (toolBox) => {
      const { tools } = await toolBox.list('exe_1', ['modern'], never)
      assert.ok(tools.some(({ tool }) => tool === 'echo'))
      assert.is(
        answered(await toolBox.call(callOf('echo', { message: 'x' }, modern), never)).text,
        'again: x',
        protocol,
      )
    })
  }
})

test('arguments that the new revision wants in headers too are sent there', async () => {
  await withModernServer(async ({ url, said }) => {
    await withToolBox({ modern: httpServer(url) }, async (toolBox) => {
      const call = await pinnedCallOf(toolBox, 'in_region', { region: 'eu-central' }, modern)
      assert.is(answered(await toolBox.call(call, never)).text, 'in eu-central')
      await eventually(() => said().includes('region: eu-central'))
    })
  })
})

test('a server of the earlier revisions that keeps silent when asked for the new one is greeted', async () => {
  const result = {
    protocolVersion: '2025-06-18',
    capabilities: { tools: {} },
    serverInfo: { name: 'shy', version: '1' },
  }
  const tools = [{ name: 'wave', inputSchema: { type: 'object' } }]
  await withHttp(
    async (request, response) => {
      if (request.method !== 'POST') return response.writeHead(405).end()
      const { id, method }: { id?: number; method?: string } = JSON.parse(await text(request))
      if (method === 'server/discover') return undefined
      if (id === undefined) return response.writeHead(202).end()
      const answer = method === 'initialize' ? result : { tools }
      response.writeHead(200, { 'content-type': 'application/json' })
      return response.end(JSON.stringify({ jsonrpc: '2.0', id, result: answer }))
    },
    async (url) => {
      await withToolBox(
        { shy: httpServer(url) },
        async (toolBox) => {
          for (const executionId of ['exe_1', 'exe_2']) {
            const listed = await toolBox.list(executionId, ['shy'], never)
            assert.equal(listed.unavailable, [])
            assert.is(listed.tools[0]?.name, 'shy__wave')
          }
        },
        { connectTimeoutMs: 15_000 },
      )
    },
  )
})

test('a server of the new revision that dies in the middle is an unknown outcome; away, a call did not run; back, it works', async () => {
  await withModernServer(async ({ url, start, kill }) => {
    await withToolBox({ modern: httpServer(url) }, async (toolBox) => {
      answered(await toolBox.call(callOf('echo', { message: 'x' }, modern), never))
      assert.is((await toolBox.call(callOf('die', {}, modern), never)).kind, 'unknown')
      await kill()
      const away = await eventually(async () => {
        const result = await toolBox.call(callOf('echo', { message: 'x' }, modern), never)
        return result.kind === 'not_run' && result
      })
      assert.match(messageOf(away), 'ECONNREFUSED')
      await start()
      answered(await toolBox.call(callOf('echo', { message: 'x' }, modern), never))
    })
  })
  await withToolBox({ modern: stdioServer([modernPath, 'stdio', 'only']) }, async (toolBox) => {
    assert.is((await toolBox.call(callOf('die', {}, modern), never)).kind, 'unknown')
    answered(await toolBox.call(callOf('echo', { message: 'x' }, modern), never))
  })
})

test('a call in the new revision over its time-out is unknown, and an abort is thrown at once', async () => {
  await withModernServer(async ({ url }) => {
    await withToolBox({ modern: httpServer(url, {}, { call_timeout_seconds: 60 }) }, async (toolBox) => {
      const abort = new AbortController()
      const reason = new Error('the session ended')
      await toolBox.list('exe_1', ['modern'], never)
      const outcome = toolBox
        .call(callOf('slow', { ms: 60_000 }, modern), abort.signal)
        .catch((error: unknown) => error)
      abort.abort(reason)
      assert.is(await outcome, reason)
    })
  })
})

test('the HTTP and SSE transport works where it is configured, and a server that was started anew is greeted again', async () => {
  await withEverythingServer(async ({ url, kill, start }) => {
    await withToolBox({ everything: httpServer(url, { type: 'sse' }) }, async (toolBox) => {
      const { tools, unavailable } = await toolBox.list('exe_1', ['everything'], never)
      assert.equal(unavailable, [])
      assert.ok(tools.some(({ name }) => name === 'everything__echo'))
      const sum = await toolBox.call(callOf('get-sum', { a: 2, b: 40 }, everything), never)
      assert.match(answered(sum).text, '42')
      await kill()
      await start()
      const later = await eventually(async () => {
        const result = await toolBox.call(callOf('echo', { message: 'back' }, everything), never)
        return result.kind === 'answered' && result
      })
      assert.match(later.text, 'back')
    })
  }, 'sse')
})

test('an address under "http" that speaks only the older transport is spoken to in that', async () => {
  await withEverythingServer(async ({ url, said }) => {
    await withToolBox({ everything: httpServer(url) }, async (toolBox) => {
      const { tools, unavailable } = await toolBox.list('exe_1', ['everything'], never)
      assert.equal(unavailable, [])
      assert.ok(tools.length > 3, said())
      const echo = await toolBox.call(callOf('echo', { message: 'x' }, everything), never)
      assert.match(answered(echo).text, 'x')
    })
  }, 'sse')
})

test('a server killed in the middle of a call over SSE is an unknown outcome, long before the time-out', async () => {
  await withEverythingServer(async ({ url, kill }) => {
    const definition = httpServer(url, { type: 'sse' }, { call_timeout_seconds: 600 })
    await withToolBox({ everything: definition }, async (toolBox) => {
      await toolBox.list('exe_1', ['everything'], never)
      const slow = callOf('trigger-long-running-operation', { duration: 300, steps: 3_000 }, everything)
      const begun = Promise.withResolvers<void>()
      const call = toolBox.call(slow, never, { onProgress: () => begun.resolve() })
      await begun.promise
      await kill()
      assert.is((await call).kind, 'unknown')
    })
  }, 'sse')
})

test('an address where nobody speaks MCP in any way says what it answered', async () => {
  await withHttp(
    (_, response) => response.writeHead(404).end('nothing here'),
    async (url) => {
      await withToolBox({ lost: httpServer(url), older: httpServer(url, { type: 'sse' }) }, async (toolBox) => {
        const { unavailable } = await toolBox.list('exe_1', ['lost', 'older'], never)
        const reasons = Object.fromEntries(unavailable.map(({ server, reason }) => [server, reason]))
        assert.match(reasons['lost'] ?? '', 'nothing here')
        assert.match(reasons['older'] ?? '', '404')
      })
    },
  )
})

test('the reference server over stdio is spoken to in the revision it knows', async () => {
  await withToolBox(
    { everything: stdioServer([everythingPath, 'stdio'], { protocol: 'earlier' }) },
    async (toolBox) => {
      const echo = await toolBox.call(callOf('echo', { message: 'hello' }, everything), never)
      assert.match(answered(echo).text, 'hello')
    },
  )
})

test('the file server reads and writes in its folder, says which of its tools change nothing, and refuses to leave it', async () => {
  const folder = realpathSync(temporaryFolder())
  const files = { server: 'files' }
  await withToolBox({ files: stdioServer([filesystemPath, folder]) }, async (toolBox) => {
    const { tools, unavailable } = await toolBox.list('exe_1', ['files'], never)
    assert.equal(unavailable, [])
    const effects = Object.fromEntries(tools.map(({ tool, effect }) => [tool, effect]))
    assert.is(effects['read_text_file'], 'read_only')
    assert.is(effects['edit_file'], 'unsafe')
    const path = join(folder, 'note.txt')
    answered(await toolBox.call(callOf('write_file', { path, content: 'hällo' }, files), never))
    assert.is(readFileSync(path, 'utf8'), 'hällo')
    assert.is(answered(await toolBox.call(callOf('read_text_file', { path }, files), never)).text, 'hällo')
    const outside = answered(await toolBox.call(callOf('read_text_file', { path: '/etc/hostname' }, files), never))
    assert.ok(outside.isError)
    assert.match(outside.text, 'outside allowed directories')
  })
})

test.run()
