// What servers ask in the middle of a call, by the earlier revisions and by 2026-07-28: real servers, and answers that reach them.
import { setTimeout as delay } from 'node:timers/promises'
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { ToolAnswer, ToolQuestion } from '../../handlers/ports/tool-box.ts'
import { httpServer, withEverythingServer, withModernServer } from '../support/mcp-http-world.ts'
import {
  answered,
  callOf,
  everythingPath,
  hostile,
  messageOf,
  modernPath,
  never,
  stdioServer,
  withToolBox,
} from '../support/tool-box-world.ts'

const test = suite('what MCP servers ask people')
const everything = { server: 'everything' }
const modern = { server: 'modern' }

/** Answers with these in turn, and keeps what was asked. */
const answering = (...answers: readonly ToolAnswer[]) => {
  const asked: ToolQuestion[] = []
  const ask = (question: ToolQuestion): Promise<ToolAnswer> => {
    asked.push(question)
    return Promise.resolve(answers[asked.length - 1] ?? { action: 'cancel' })
  }
  return { asked, ask }
}

const filledIn: ToolAnswer = { action: 'accept', content: { name: 'Jo', check: true, integer: 7 } }

const checkEverything = async (toolBox: Parameters<Parameters<typeof withToolBox>[1]>[0]): Promise<void> => {
  const { asked, ask } = answering(filledIn, { action: 'decline' }, { action: 'cancel' })
  const call = () => toolBox.call(callOf('trigger-elicitation-request', {}, everything), never, { ask })
  const accepted = answered(await call()).text
  assert.match(accepted, '- Name: Jo')
  assert.match(accepted, '- Favorite Integer: 7')
  assert.match(answered(await call()).text, 'User declined')
  assert.match(answered(await call()).text, 'User cancelled')
  assert.is(asked[0]?.mode, 'form')
  assert.is(asked[0]?.message, 'Please provide inputs for the following fields:')
  assert.match(JSON.stringify(asked[0]?.requestedSchema), 'Your full, legal name')

  const link = { url: 'https://example.org/consent', message: 'Please agree.' }
  const opened = answering({ action: 'accept' })
  const byLink = await toolBox.call(callOf('trigger-url-elicitation', link, everything), never, opened)
  assert.match(answered(byLink).text, 'User completed the URL elicitation flow')
  assert.is(opened.asked[0]?.mode, 'url')
  assert.is(opened.asked[0]?.url, link.url)
}

test('the reference server over stdio asks by a form and by a link, and hears yes, no and neither', async () => {
  await withToolBox({ everything: stdioServer([everythingPath, 'stdio']) }, checkEverything)
})

test('the reference server over streamable HTTP asks by a form and by a link, and hears yes, no and neither', async () => {
  await withEverythingServer(({ url }) => withToolBox({ everything: httpServer(url) }, checkEverything))
})

test('a person may think for longer than fetch by itself lets a stream be silent', async () => {
  const usual = getGlobalDispatcher()
  setGlobalDispatcher(new Agent({ bodyTimeout: 1_500 }))
  try {
    await withEverythingServer(({ url }) =>
      withToolBox({ everything: httpServer(url) }, async (toolBox) => {
        const ask = async (): Promise<ToolAnswer> => {
          await delay(4_000)
          return filledIn
        }
        const call = callOf('trigger-elicitation-request', {}, everything)
        assert.match(answered(await toolBox.call(call, never, { ask })).text, '- Name: Jo')
      }),
    )
  } finally {
    setGlobalDispatcher(usual)
  }
})

test('a link that must be followed before the call: followed, the call is made again; not followed, it did not run', async () => {
  await withToolBox({ everything: stdioServer([everythingPath, 'stdio']) }, async (toolBox) => {
    const call = callOf('trigger-url-elicitation', { url: 'https://example.org/a', errorPath: true }, everything)
    const refusing = answering({ action: 'decline' })
    const refused = await toolBox.call(call, never, refusing)
    assert.is(refused.kind, 'not_run')
    assert.match(messageOf(refused), 'browser-based authorization')
    assert.is(refusing.asked[0]?.url, 'https://modelcontextprotocol.io')
    const other = callOf('trigger-url-elicitation', { url: 'https://example.org/b', errorPath: true }, everything)
    const following = answering({ action: 'accept' }, { action: 'accept' })
    assert.match(answered(await toolBox.call(other, never, following)).text, 'User completed')
    assert.is(following.asked.length, 2)
  })
})

test('a server of 2026-07-28 asks in place of a result, and is called again with the answers and its own state', async () => {
  const check = async (toolBox: Parameters<Parameters<typeof withToolBox>[1]>[0]): Promise<void> => {
    const { asked, ask } = answering({ action: 'accept', content: { region: 'eu' } })
    const result = await toolBox.call(callOf('ask_region', { service: 'db' }, modern), never, { ask })
    assert.is(answered(result).text, 'db in eu')
    assert.equal(
      asked.map(({ mode, message }) => [mode, message]),
      [['form', 'Which region?']],
    )
    const declined = await toolBox.call(callOf('ask_region', { service: 'db' }, modern), never, {
      ask: () => Promise.resolve({ action: 'decline' }),
    })
    assert.is(answered(declined).text, 'db nowhere: decline')
  }
  await withModernServer(({ url }) => withToolBox({ modern: httpServer(url) }, check), 'only')
  await withToolBox({ modern: stdioServer([modernPath, 'stdio'], { protocol: '2026-07-28' }) }, check)
})

test('while people are asked the time of the call stands still; without an answer it runs on', async () => {
  const slowly =
    (ms: number, answer = filledIn) =>
    async (): Promise<ToolAnswer> => {
      await delay(ms)
      return answer
    }
  // What a server may take is enough for a busy machine; people take longer.
  const limit = { call_timeout_seconds: 5 }
  const longer = 7_000
  const inUs = slowly(longer, { action: 'accept', content: { region: 'us' } })
  const definition = stdioServer([everythingPath, 'stdio'], limit)
  await withToolBox({ everything: definition }, async (toolBox) => {
    await toolBox.list('exe_1', ['everything'], never)
    const result = await toolBox.call(callOf('trigger-elicitation-request', {}, everything), never, {
      ask: slowly(longer),
    })
    assert.match(answered(result).text, 'Jo')
    const long = callOf('trigger-long-running-operation', { duration: 300, steps: 1 }, everything)
    const late = await toolBox.call(long, never, { ask: slowly(1) })
    assert.is(late.kind, 'unknown')
    assert.match(messageOf(late), 'timed out')
  })
  await withModernServer(async ({ url }) => {
    await withToolBox({ modern: httpServer(url, {}, limit) }, async (toolBox) => {
      const result = await toolBox.call(callOf('ask_region', { service: 'db' }, modern), never, { ask: inUs })
      assert.is(answered(result).text, 'db in us')
    })
  })
})

test('a question during calls of several agents on a shared server is cancelled: nobody can tell whose it is', async () => {
  const definition = stdioServer([everythingPath, 'stdio'], { shared: true })
  await withToolBox({ everything: definition }, async (toolBox) => {
    const stop = new AbortController()
    const slow = callOf('trigger-long-running-operation', { duration: 60, steps: 60 }, everything)
    const begun = Promise.withResolvers<void>()
    const other = toolBox
      .call({ ...slow, executionId: 'exe_2' }, stop.signal, { onProgress: () => begun.resolve() })
      .catch(() => undefined)
    await begun.promise
    const { asked, ask } = answering(filledIn)
    const result = await toolBox.call(callOf('trigger-elicitation-request', {}, everything), never, { ask })
    assert.match(answered(result).text, 'User cancelled')
    assert.is(asked.length, 0)
    stop.abort()
    await other
  })
})

test('secrets that a server was given do not get into its questions', async () => {
  const env = { ASKING_TOKEN: 'planted-token-0123456789' }
  const definition = { ...hostile(), transport: { ...hostile().transport, env } }
  await withToolBox({ hostile: definition as ReturnType<typeof hostile> }, async (toolBox) => {
    const { asked, ask } = answering({ action: 'cancel' })
    answered(await toolBox.call(callOf('ask_with_secret'), never, { ask }))
    assert.is(asked.length, 1)
    assert.not.match(JSON.stringify(asked), 'planted-token')
  })
})

test.run()
