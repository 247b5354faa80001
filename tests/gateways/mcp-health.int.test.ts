// Tool servers that are lost and come back: noticed without a call, told once each way, and shown.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { McpToolBox } from '../../gateways/mcp/mcp-tool-box.ts'
import { createServerHealth } from '../../gateways/mcp/server-health.ts'
import type { ToolServerHealth } from '../../handlers/ports/tool-box.ts'
import { eventually } from '../support/eventually.ts'
import { httpServer, withEverythingServer, withModernServer } from '../support/mcp-http-world.ts'
import { answered, callOf, hostile, isAlive, never, withToolBox } from '../support/tool-box-world.ts'

const test = suite('the health of tool servers')

const listening = () => {
  const said: string[] = []
  return {
    said,
    log: { warn: (fields: object, message: string) => void said.push(`${Object.values(fields)[0]}: ${message}`) },
  }
}
const statusOf = (toolBox: McpToolBox, server: string): ToolServerHealth | undefined =>
  toolBox.health().find((each) => each.server === server)

test('a server that is lost is noticed without a call, and so is its return; each is told once', async () => {
  for (const [withServer, revision] of [
    [withEverythingServer, '2025-11-25'],
    [withModernServer, '2026-07-28'],
  ] as const) {
    await withServer(async ({ url, kill, start }) => {
      const { said, log } = listening()
      await withToolBox(
        { there: httpServer(url), elsewhere: hostile() },
        async (toolBox) => {
          assert.equal(
            toolBox.health().map(({ server, status, executions }) => `${server} ${status} ${executions}`),
            ['elsewhere unknown 0', 'there unknown 0'],
          )
          answered(await toolBox.call(callOf('echo', { message: 'x' }, { server: 'there' }), never))
          assert.is(statusOf(toolBox, 'there')?.status, 'up')
          assert.is(statusOf(toolBox, 'there')?.revision, revision)
          assert.is(statusOf(toolBox, 'there')?.executions, 1)

          await kill()
          const down = await eventually(() => {
            const now = statusOf(toolBox, 'there')
            return now?.status === 'down' && now
          })
          assert.ok((down.reason ?? '') !== '')
          const since = down.since?.getTime()
          // What was under way when it died fails in other words.
          await eventually(
            () => {
              const now = statusOf(toolBox, 'there')
              return (now?.checkedAt?.getTime() ?? 0) > (since ?? 0) && now?.reason?.includes('ECONNREFUSED')
            },
            { describe: 'it is asked again while it is away' },
          )
          assert.is(statusOf(toolBox, 'there')?.since?.getTime(), since)

          await start()
          await eventually(() => statusOf(toolBox, 'there')?.status === 'up')
          assert.equal(said, [
            'there: A tool server is lost; agents go on without its tools until it is back.',
            'there: A tool server is back.',
          ])
          await toolBox.release('exe_1')
          assert.is(statusOf(toolBox, 'there')?.executions, 0)
          assert.is(statusOf(toolBox, 'elsewhere')?.status, 'unknown')
        },
        { watchMs: 50, log },
      )
    })
  }
})

test('a server that was never there is told of once, however often it is asked', async () => {
  const { said, log } = listening()
  await withToolBox(
    { gone: httpServer('http://127.0.0.1:1/mcp') },
    async (toolBox) => {
      for (const executionId of ['exe_1', 'exe_2']) await toolBox.list(executionId, ['gone'], never)
      assert.is(statusOf(toolBox, 'gone')?.status, 'down')
      assert.is(said.length, 1)
    },
    { log },
  )
})

test('a server that is busy with a call of one execution is asked, and is neither lost nor ended by it', async () => {
  const { said, log } = listening()
  await withToolBox(
    { hostile: hostile() },
    async (toolBox) => {
      const pid = Number(answered(await toolBox.call(callOf('process_id'), never)).text)
      assert.is(answered(await toolBox.call(callOf('slow', { ms: 500 }), never)).text, 'waited 500 ms')
      assert.is(Number(answered(await toolBox.call(callOf('process_id'), never)).text), pid)
      assert.ok(isAlive(pid))
      assert.equal(said, [])
    },
    { watchMs: 20, log },
  )
})

test('asking does not keep a session open that nobody uses', async () => {
  await withToolBox(
    { hostile: hostile() },
    async (toolBox) => {
      const pid = Number(answered(await toolBox.call(callOf('process_id'), never)).text)
      await eventually(() => !isAlive(pid), { describe: 'the idle server ends' })
      assert.is(statusOf(toolBox, 'hostile')?.executions, 0)
    },
    { idleMs: 300, watchMs: 20 },
  )
})

test('closing ends the asking', async () => {
  const { said, log } = listening()
  await withToolBox(
    { hostile: hostile() },
    async (toolBox) => {
      answered(await toolBox.call(callOf('process_id'), never))
      await toolBox.close()
      assert.equal(said, [])
    },
    { watchMs: 1, log },
  )
})

test('since when a server is there or not stays, what was last found is kept', () => {
  let second = 0
  const { said, log } = listening()
  const health = createServerHealth(log, () => new Date(second++ * 1000))
  assert.equal(health.of('a'), { status: 'unknown' })
  health.up('a', '2026-07-28')
  health.up('a')
  const { status, revision, since, checkedAt } = health.of('a')
  assert.equal([status, revision, since?.getTime(), checkedAt?.getTime()], ['up', '2026-07-28', 0, 1000])
  health.down('a', 'one')
  health.down('a', 'two')
  assert.is(health.of('a').reason, 'two')
  assert.is(health.of('a').since?.getTime(), 2000)
  assert.is(health.of('a').revision, '2026-07-28')
  health.up('a')
  assert.is(health.of('a').reason, undefined)
  assert.is(said.length, 2)
})

test.run()
