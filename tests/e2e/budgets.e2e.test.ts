// A day's budget with the real process: two sessions come upon it, the process is killed while they wait, one answer lets both go on.
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { costs, sessionCosts } from '../../projections/cost-view.ts'
import { inputView } from '../../projections/inputs.ts'
import { type Asking, callsTool, hostileTransport, says, startBadDays, storyOf } from '../support/bad-days-world.ts'
import { startCommand } from '../support/casebook-process.ts'
import { enoughOfTheDay } from '../support/enough-of-the-day.ts'
import { eventually } from '../support/eventually.ts'

const test = suite('budgets')

/** Each reply of the scripted model uses 13 tokens. */
const tokensOfReply = 13
const limit = 70

const stages = [{ name: 'working', agent: 'worker' }]
const world = await startBadDays((url) => ({
  defaults: {
    max_iterations: 30,
    day_budgets: { each_org: { tokens: limit }, on_reached: 'ask' },
    model_prices: [{ provider: 'scripted', model: '*', input: 100, output: 25 }],
  },
  providers: { scripted: { base_url: url, model: 'some-model' } },
  mcp_servers: { hostile: { transport: hostileTransport } },
  agents: { worker: { provider: 'scripted', mcp_servers: ['hostile'] } },
  chains: { working: { stages } },
}))
await enoughOfTheDay()
await world.start()
test.after(async () => {
  await world.close()
})

const page = z.object({ items: z.array(inputView) })
const open = (count: number) =>
  eventually(
    async () => {
      const { items } = await world.get('/v1/inputs?status=open', page)
      return items.length === count ? items : false
    },
    { withinMs: 60_000, everyMs: 50, describe: `${count} questions are open` },
  )

const casebook = async (...args: readonly string[]): Promise<string> => {
  const { output, exited } = startCommand(args, { CASEBOOK_URL: world.url('') })
  assert.is(await exited, 0, output())
  return output()
}

/** Six calls, each another one, then a conclusion. */
const steadily: Asking['script'] = ({ number }) =>
  number <= 6
    ? callsTool('hostile__append_line', { path: join(world.folder, `steps-${number}.txt`), line: `${number}` })
    : says('All six are written.')

test('two sessions of one org come upon its day, outlive a kill while they wait, and go on by one answer', async () => {
  const titles = ['first of the day', 'second of the day']
  const sessions = await Promise.all(titles.map((title) => world.open({ title, chain: 'working', script: steadily })))
  const before = await open(2)
  const asked = (): number => titles.reduce((sum, title) => sum + world.asked(title), 0)
  const calls = asked()
  // One call of each session may have been in flight when it was reached.
  assert.ok(calls * tokensOfReply >= limit && calls * tokensOfReply < limit + 2 * tokensOfReply, `${calls} calls`)
  for (const { kind, question } of before) {
    assert.is(kind, 'budget')
    assert.match(question.kind === 'budget' ? (question.day ?? '') : '', /^\d{4}-\d\d-\d\d$/)
  }

  await world.kill()
  await enoughOfTheDay()
  await world.start()
  assert.equal(await open(2), before)
  assert.is(asked(), calls)

  const [first] = before
  if (first === undefined) throw new Error('nobody asks')
  assert.match(await casebook('inputs', 'show', first.id), /The budget of the org on \d{4}-\d\d-\d\d is reached/)
  await casebook('inputs', 'answer', first.id, '--raise', '10000')
  let last = 0
  for (const session of sessions) {
    const history = await world.ended(session)
    assert.is(history.session.status, 'completed', storyOf(history))
    assert.is(history.session.finalAnalysis?.text, 'All six are written.')
    last = Math.max(last, history.session.sequence)
  }
  const { items } = await world.get(`/v1/inputs?status=withdrawn&after=${last}`, page)
  assert.is(items.length, 1)
  assert.is(asked(), 2 * 7)
})

test('what it cost is told by session and by day, at the prices configured', async () => {
  const session = await world.open({ title: 'priced', chain: 'working', script: () => says('Nothing to do.') })
  const { session: view } = await world.ended(session)
  const found = await world.get(`/v1/sessions/${session}/costs?after=${view.sequence}`, sessionCosts)
  // 9 tokens at 100 and 4 at 25 dollars a million.
  assert.equal(found.byStage[0], {
    key: 'working',
    priced: { replies: 1, inputTokens: 9, outputTokens: 4, usdMicros: 1_000, usd: 0.001 },
    unpriced: { replies: 0, inputTokens: 0, outputTokens: 0 },
  })
  const days = await world.get('/v1/costs?by=model', costs)
  assert.is(days.items.find(({ key }) => key === 'scripted/some-model')?.priced.replies, 15)
  assert.match(await casebook('costs', '--session', session), /^working +\$0\.001 +1 /m)
  assert.match(await casebook('costs'), /^\d{4}-\d\d-\d\d +\$0\.01\d /m)
})

test.run()
