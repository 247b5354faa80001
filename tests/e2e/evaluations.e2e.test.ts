// Evaluation cases run by the real command against the real process: what passes, what does not and why, and what is kept of it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { evaluationView } from '../../projections/evaluations.ts'
import { sessionView } from '../../projections/session-view.ts'
import { callsTool, hostileTransport, says, startBadDays } from '../support/bad-days-world.ts'
import { startCommand } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { fencedBlocks, readDocument } from '../support/markdown.ts'
import { temporaryFolder } from '../support/servers.ts'

const world = await startBadDays((url) => ({
  defaults: { provider: 'scripted', model_prices: [{ provider: 'scripted', model: '*', input: 100, output: 100 }] },
  providers: { scripted: { base_url: url, model: 'some-model' } },
  mcp_servers: { hostile: { transport: hostileTransport } },
  agents: { worker: { provider: 'scripted', mcp_servers: ['hostile'] } },
  chains: { working: { stages: [{ name: 'working', agent: 'worker' }] } },
}))
const evals = join(temporaryFolder(), 'evals')
let url = ''
test.before(async () => {
  mkdirSync(evals)
  url = (await world.start()).url
})
test.after(async () => {
  await world.close()
})

const write = (id: string, fields: object): void =>
  writeFileSync(join(evals, `${id}.yaml`), JSON.stringify({ id, user_prompt: 'Look.', chain: 'working', ...fields }))

const cli = async (...args: readonly string[]) => {
  const { exited, output } = startCommand(['eval', ...args], { CASEBOOK_URL: url })
  return { code: await exited, output: output() }
}

const evaluations = z.object({ items: z.array(evaluationView) })
/** What a query finds, once there are so many: a command ends when its evaluation is on the log. */
const evaluated = (query: string, count: number) =>
  eventually(
    async () => {
      const { items } = await world.get(`/v1/evaluations?${query}`, evaluations)
      return items.length >= count && items
    },
    { describe: `${count} evaluations of ${query}` },
  )

test('a case that passes, one that says what it must not, one over its cost: a table, exit code 1, and rows', async () => {
  for (const id of ['fine', 'wrong', 'dear']) {
    world.script({
      title: `Evaluation ${id}, run 1`,
      script: ({ number }) =>
        number === 1 ? callsTool('hostile__process_id') : says('The disk is full: logrotate is off.'),
    })
  }
  write('fine', { expected: ['LOGROTATE', '/disk is \\w+/'], must_not: ['network'], max_cost_usd: 5, tags: ['good'] })
  write('wrong', { must_not: ['logrotate'], tags: ['bad'] })
  write('dear', { expected: ['logrotate'], max_cost_usd: 0.0001, tags: ['bad'] })

  const good = await cli('run', evals, '--tag', 'good')
  assert.is(good.code, 0, good.output)
  assert.match(good.output, /^fine +yes +\$0\.\d{4} +\d+ +[\d.]+ s +ses_/m)
  const bad = await cli('run', evals, '--tag', 'bad')
  assert.is(bad.code, 1, bad.output)
  assert.match(bad.output, /^wrong +no /m)
  assert.match(bad.output, 'wrong run 1: must_not logrotate: said\n')
  assert.match(bad.output, /^dear run 1: cost ≤ \$0\.0001: \$0\.\d{4}$/m)

  const items = await evaluated('', 3)
  assert.equal(
    items.map(({ case: id, run, passed, tools }) => [id, run, passed, tools]),
    [
      ['wrong', 1, false, 'live'],
      ['dear', 1, false, 'live'],
      ['fine', 1, true, 'live'],
    ],
  )
  const filtered = await evaluated('tag=bad&passed=false&case=dear', 1)
  assert.equal(
    filtered.map(({ case: id, costMicros }) => [id, costMicros > 100]),
    [['dear', true]],
  )
  assert.match((await cli('list', '--tag', 'good')).output, /^\S+Z +fine +1 +yes /m)
})

test('the first case of the document, twice: the share that passed', async () => {
  const [block] = fencedBlocks(readDocument('docs/evaluations.md'))
  assert.ok(block?.text.includes('id: disk-full'))
  for (const run of [1, 2]) {
    world.script({
      title: `Evaluation disk-full, run ${run}`,
      script: () => says(run === 1 ? 'At 97 %: logrotate is off.' : 'Nobody knows.'),
    })
  }
  const file = join(evals, 'disk-full.yaml')
  writeFileSync(file, `${block?.text ?? ''}\nchain: working\n`)
  const { code, output } = await cli('run', file)
  assert.is(code, 1, output)
  assert.match(output, /^disk-full +1 of 2 /m)
  assert.match(output, 'disk-full run 2: expected logrotate: not said\n')
})

test('a recorded session is run again on its recorded tools', async () => {
  const [{ sessionId } = { sessionId: '' }] = await evaluated('case=fine', 1)
  writeFileSync(
    join(evals, 'again.yaml'),
    JSON.stringify({
      id: 'again',
      session: sessionId,
      tools: 'recorded',
      expected: ['logrotate'],
      calls: ['hostile/process_id'],
      must_not_call: ['hostile/crash'],
    }),
  )
  world.script({
    title: 'Evaluation again, run 1',
    script: ({ results }) => {
      if (results.length === 0) return callsTool('hostile__process_id')
      return says(/not recorded/i.test(results.join()) ? 'Nothing.' : 'Again: logrotate is off.')
    },
  })
  const { code, output } = await cli('run', join(evals, 'again.yaml'))
  assert.is(code, 0, output)
  const [{ sessionId: replay, tools, passed } = { sessionId: '', tools: '', passed: false }] = await evaluated(
    'case=again',
    1,
  )
  assert.equal([tools, passed], ['recorded', true])
  assert.equal((await world.get(`/v1/sessions/${replay}`, sessionView)).fork?.sessionId, sessionId)
})

test('cases that cannot be meant are told before anything runs', async () => {
  const file = join(evals, 'broken.yaml')
  writeFileSync(file, 'id: broken\nuser_prompt: Look.\nexpects: [x]\n')
  const { code, output } = await cli('run', file)
  assert.is(code, 1)
  assert.match(output, 'broken.yaml:3: expects: Unrecognized key')
})

test.run()
