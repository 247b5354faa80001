// A real MCP server returns five megabytes: a model sums it up, also when the process is killed meanwhile, and the whole stays readable.
import { createHash } from 'node:crypto'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { blobRef } from '../../schemas/stored-text.ts'
import {
  type Asked,
  callsTool,
  dataOf,
  hostileTransport,
  says,
  startBadDays,
  storyOf,
  typesOf,
} from '../support/bad-days-world.ts'
import { eventually } from '../support/eventually.ts'
import { replying } from '../support/scripted-endpoint.ts'

const test = suite('summaries of long results')

const world = await startBadDays((url) => ({
  defaults: { model_attempts: 2, model_backoff_seconds: 0.05 },
  providers: {
    scripted: { base_url: url, model: 'some-model' },
    broken: { base_url: 'http://127.0.0.1:1/v1', model: 'no-model' },
  },
  mcp_servers: { hostile: { transport: hostileTransport, tools: ['big'] } },
  agents: { worker: { provider: 'scripted', mcp_servers: ['hostile'] } },
  chains: {
    working: {
      summarize_results: { over_tokens: 1_000, provider: 'scripted', model: 'small-model' },
      stages: [{ name: 'working', agent: 'worker' }],
    },
    unlucky: {
      summarize_results: { provider: 'broken' },
      stages: [{ name: 'working', agent: 'worker' }],
    },
  },
}))
await world.start()
test.after(async () => {
  await world.close()
})

/** Requests for summaries carry the title under another name than those of agents. */
const reading = ({ number, results }: Asked) =>
  number === 1 ? callsTool('hostile__big') : says(`It said: ${results.join()}`)
const wholeSize = 16 * 5 * 65_536

test('killed while the summary is written, the next process has it written, and the agent goes on from it', async () => {
  let asked = 0
  let hanging = true
  const id = await world.open({
    title: 'five megabytes',
    chain: 'working',
    script: reading,
    digest: ({ request }) => {
      asked++
      assert.is(request.model, 'small-model')
      return hanging ? { kind: 'hang' } : replying(request, says('Hexadecimal digits, over and over.'))
    },
  })
  await eventually(() => asked === 1, { withinMs: 60_000, describe: 'the summary is asked for' })
  await world.kill()
  hanging = false
  await world.start()
  const history = await world.ended(id)
  assert.is(history.session.status, 'completed', storyOf(history))
  assert.match(
    history.session.finalAnalysis?.text ?? '',
    new RegExp(`^It said: \\[This is a summary .* has ${wholeSize} bytes .*\\]\nHexadecimal digits, over and over\\.$`),
  )
  assert.is(typesOf(history).filter((type) => type === 'tool_call_begun').length, 1, 'the tool is not called again')
  assert.is(typesOf(history).filter((type) => type === 'result_summarized').length, 1)
  assert.is(asked, 2)

  const [summarized] = dataOf(history, 'result_summarized')
  const { sha256, bytes } = blobRef.parse(summarized?.['original'])
  assert.is(bytes, wholeSize)
  const response = await fetch(world.url(`/v1/sessions/${id}/blobs/${sha256}`))
  const whole = new Uint8Array(await response.arrayBuffer())
  assert.is(createHash('sha256').update(whole).digest('hex'), sha256)
  assert.is(whole.byteLength, wholeSize)
  assert.match(storyOf(history), /result_summarized \| Result summarized \| Hexadecimal digits/)
  assert.is(history.session.executions[0]?.usage.outputTokens, z.number().parse(history.session.usage.outputTokens) - 4)
})

test('when no model can write it, the agent is shown the beginning and the end, and told so', async () => {
  const history = await world.run({ title: 'nobody sums up', chain: 'unlucky', script: reading })
  assert.is(history.session.status, 'completed', storyOf(history))
  assert.match(history.session.finalAnalysis?.text ?? '', /^It said: \[This is only the beginning and the end/)
  assert.is(dataOf(history, 'result_summary_failed').length, 2)
  assert.match(storyOf(history), /result_summarized \| Result cut short/)
})

test.run()
