// docs/budgets.md: its configuration loads and means what the page says, and each command answers as printed.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { dayBudgetOf } from '../../domain/ledger/day-budget.ts'
import { publishedPrice } from '../../gateways/llm/price-of-reply.ts'
import { loadConfiguration } from '../../infra/settings/load-configuration.ts'
import { startAsking } from '../gateways/asking.ts'
import { startHttpWorld } from '../gateways/http-world.ts'
import { builtInDir, folderOf, load, removeFolders, told } from '../infra/configuration-folder.ts'
import { fencedBlocks, readDocument, root, sectionOf } from '../support/markdown.ts'

const page = readDocument('docs/budgets.md')
const [yaml] = fencedBlocks(page).filter(({ language }) => language === 'yaml')
const files = { 'budgets.yaml': yaml?.text ?? '' }
const run = promisify(execFile)

// Not in a hook: what fails here would be hidden by the hook that stops it.
const world = await startHttpWorld()
const { url } = await world.serve()
test.after(async () => {
  removeFolders()
  await world.stop()
})

test('the example loads: an org’s own limits go before those of each org', async () => {
  const { configuration } = await load(files)
  const { day_budgets } = configuration.defaults
  assert.equal(dayBudgetOf(day_budgets, 'acme'), { usd: 200, tokens: 5_000_000 })
  assert.equal(dayBudgetOf(day_budgets, 'other'), { usd: 20, tokens: 5_000_000 })
})

test('a budget in dollars for a model without a price is warned of, with its place; a price of one’s own settles it', async () => {
  const warningsOf = async (text: string) =>
    told(
      (
        await loadConfiguration({
          builtInDir,
          userDir: folderOf({ 'budgets.yaml': text }),
          variables: {},
          hasPublishedPrice: (provider, model) =>
            publishedPrice(provider, model, { inputTokens: 1, outputTokens: 1 }) !== undefined,
        })
      ).warnings,
    )
  assert.equal(await warningsOf(files['budgets.yaml']), [])
  const unpriced = await warningsOf(files['budgets.yaml'].replace(/ {2}model_prices:[\s\S]*/, ''))
  assert.match(
    unpriced[0] ?? '',
    /^budgets\.yaml:\d+ defaults\.budgets: usd counts nothing for simulator\/casebook-simulated of chain "default": there is no price;/,
  )
  const tokens = files['budgets.yaml'].replaceAll(/usd: [\d.]+,?/g, '')
  assert.equal(await warningsOf(tokens.replace(/ {2}model_prices:[\s\S]*/, '')), [])
})

test('every command answers, and as printed where the page prints it', async () => {
  const asking = await startAsking(world)
  await asking.send({
    type: 'RecordModelReply',
    data: {
      sessionId: asking.session,
      executionId: asking.agent(1),
      turn: 1,
      text: { text: '' },
      toolCalls: [],
      finishReason: 'stop',
      usage: { inputTokens: 4210, outputTokens: 187 },
      by: { provider: 'openai', model: 'gpt-4o', simulated: false },
      durationMs: 900,
      costMicros: 12_395,
    },
  })
  await world.projections.waitFor('costs', await world.head(), 60_000)
  const { PATH = '', HOME = '' } = process.env
  const blocks = fencedBlocks(sectionOf(page, 'Costs'))
  for (const [index, { text, language }] of blocks.entries()) {
    if (language !== 'sh') continue
    const commands = text.trim().split('\n')
    const next = blocks[index + 1]
    for (const command of commands) {
      const { stdout } = await run('bash', ['-c', command.replaceAll('http://127.0.0.1:8080', url)], {
        cwd: root,
        env: { PATH, HOME, CASEBOOK_URL: url, session: asking.session },
        timeout: 120_000,
      })
      assert.ok(stdout.includes('total'), `${command}: ${stdout}`)
      if (command !== commands.at(-1) || next?.language !== 'json') continue
      assert.equal({ ...JSON.parse(stdout), sessionId: '' }, { ...JSON.parse(next.text), sessionId: '' }, command)
    }
  }
})

test.run()
