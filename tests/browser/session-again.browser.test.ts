// A session again: decided once more, run once more under another prompt, and gone on from as a fork that shows what it shares.
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { seriousOn } from '../support/accessibility.ts'
import { type Asking, callsTool, hostileTransport, says, startBadDays } from '../support/bad-days-world.ts'
import { complaintsOf, startBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { fillLog } from '../support/fill-log.ts'

const world = await startBadDays((url) => ({
  defaults: { provider: 'scripted', model_attempts: 2, max_iterations: 6 },
  providers: { scripted: { base_url: url, model: 'some-model' } },
  mcp_servers: { hostile: { transport: hostileTransport } },
  agents: { worker: { mcp_servers: ['hostile'] } },
  chains: { looking: { stages: [{ name: 'looking', agent: 'worker' }] } },
}))
await world.start()
const browser = await startBrowser()
test.after(async () => {
  await browser.close()
  await world.close()
})

const open = async (path: string): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  page.setDefaultTimeout(60_000)
  const complaints = complaintsOf(page, world.url(''))
  await page.goto(world.url(path))
  await page.getByRole('feed').waitFor()
  return { page, complaints }
}
const article = (page: Page, name: string | RegExp) => page.getByRole('feed').getByRole('article', { name })
const about = (page: Page) => page.getByLabel('About the session')
const dialogOf = async (page: Page) => {
  await page.getByRole('button', { name: 'Replay …' }).click()
  return page.getByRole('dialog', { name: 'Replay the session' })
}

/** Reads a file that is not there, and then another one when it is told to doubt. */
const script: Asking['script'] = ({ results, request }) => {
  const doubts = request.messages.some(({ content }) => content?.includes('Doubt every figure.') === true)
  if (results.length === 0) return callsTool('hostile__read_lines', { path: doubts ? '/elsewhere' : '/nothing' })
  return says(`It is gone.\n\n### Findings\n- The file is gone [call 1]\n\nOutcome: ${doubts ? 'in' : ''}conclusive`)
}

test('a session is decided again to the same events, and one that nobody decided so names the first that differs', async () => {
  const { session } = await world.run({ title: 'decided', chain: 'looking', script })
  const { page, complaints } = await open(`/sessions/${session.id}`)
  const dialog = await dialogOf(page)
  await dialog.getByRole('button', { name: 'Decide it again' }).click()
  await dialog.getByText('The same events').waitFor()
  await dialog.getByText(/^\d+ events of \d+ commits were decided as they stand in the log\.$/).waitFor()

  // Its end stands in one commit with its beginning, which no command leads to.
  const at = new Date().toISOString()
  await fillLog(world.nats.url, [{ title: 'By hand', labels: {}, at, status: 'completed' }])
  const other = await open('/sessions/ses_FILL000000')
  const report = await dialogOf(other.page)
  await report.getByRole('button', { name: 'Decide it again' }).click()
  await report.getByText('It differs first at version 2').waitFor()
  await report.getByText('In the log: session.ended').waitFor()
  assert.equal(await seriousOn(other.page), [])
  await report.getByRole('link', { name: 'The event log at version 2' }).click()
  await other.page.waitForURL(/\/sessions\/ses_FILL000000\/events\?at=2$/)
  assert.equal([...complaints, ...other.complaints], [])
  await page.close()
  await other.page.close()
})

test('run again under another prompt it is a session of its own, compared with its source, and both lead to each other', async () => {
  const { session } = await world.run({ title: 'once', chain: 'looking', script })
  world.script({ title: 'Once more, in doubt', script })
  const { page, complaints } = await open(`/sessions/${session.id}`)
  const form = (await dialogOf(page)).getByRole('form', { name: 'Run again under another model or prompt' })
  await form.getByLabel('Title').fill('Once more, in doubt')
  await form.getByLabel('Instructions').fill('Doubt every figure.')
  await form.getByRole('button', { name: 'Run it again' }).click()
  await page.getByRole('heading', { name: 'Once more, in doubt' }).waitFor()
  await article(page, /^Replay/).waitFor()
  await article(page, 'Session completed').waitFor()
  await about(page).getByText('Calls: 0 the same, 1 not made, 1 added').waitFor()
  const drift = about(page).getByRole('table', { name: 'Beside its source' })
  await drift.getByRole('row', { name: 'outcome conclusive inconclusive' }).waitFor()
  await about(page).getByText('/elsewhere').waitFor()
  assert.equal(await seriousOn(page), [])

  await about(page).getByRole('link', { name: 'once', exact: true }).click()
  await page.getByRole('heading', { name: 'once', exact: true }).waitFor()
  await about(page).getByText('Calls: 0 the same, 1 not made, 1 added').waitFor()
  await about(page).getByRole('link', { name: 'Once more, in doubt' }).click()
  await page.getByRole('heading', { name: 'Once more, in doubt' }).waitFor()
  assert.equal(complaints, [])
  await page.close()
})

const made = z.object({ id: z.string() })
/** A fork of the session from where it had heard of its last call. */
const forkAfterCall = async (id: string, title: string): Promise<string> => {
  const events = await world.events(id)
  const at = events.findLastIndex(({ type }) => /tool_call_recorded|session\.forked/.test(type)) + 1
  const answer = await world.post(`/v1/sessions/${id}/fork`, { at, title })
  const forked = made.parse(await answer.json())
  await world.ended(forked.id)
  return forked.id
}

test('a fork shows what it shares, however often it was forked: its evidence and its costs lie beyond the border', async () => {
  const titles = ['rooted', 'branched', 'twig']
  for (const title of titles) world.script({ title, script })
  const { session } = await world.run({ title: 'rooted', chain: 'looking', script })
  const branch = await forkAfterCall(session.id, 'branched')
  const twig = await forkAfterCall(branch, 'twig')
  const { page, complaints } = await open(`/sessions/${twig}`)
  const started = article(page, 'Session started')
  await eventually(
    async () => {
      await page.mouse.move(640, 400)
      await page.mouse.wheel(0, -5_000)
      return (await started.count()) > 0
    },
    { everyMs: 100 },
  )
  await started.getByText('inherited').waitFor()
  assert.is(await started.getByLabel(/^More about/).count(), 0)
  await started.getByText('Look into it.').waitFor()

  await about(page).getByRole('button', { name: 'call 1: hostile__read_lines' }).click()
  const call = article(page, 'worker, hostile__read_lines')
  const focused = 'document.activeElement?.getAttribute("aria-label")'
  await eventually(async () => (await page.evaluate(focused)) === 'worker, hostile__read_lines')
  assert.is(await call.count(), 1)
  await call.getByText('inherited').waitFor()
  await call.getByText('/nothing').waitFor()
  assert.equal(await seriousOn(page), [])

  await about(page).getByRole('link', { name: 'branched' }).click()
  await page.getByRole('heading', { name: 'branched' }).waitFor()
  await about(page).getByRole('link', { name: 'twig' }).waitFor()
  await about(page)
    .getByText(/^Costs:/)
    .click()
  await about(page).getByText('its source had used 9 tokens in and 4 out (unpriced)', { exact: false }).waitFor()
  await about(page).getByRole('link', { name: 'rooted' }).click()
  await page.getByRole('heading', { name: 'rooted' }).waitFor()
  await about(page).getByRole('link', { name: 'branched' }).waitFor()
  assert.equal(complaints, [])
  await page.close()
})

test('waterfall, conversation and event log of a fork have what it shares as well, and lead to where it happened', async () => {
  const titles = ['oak', 'bough', 'leaf']
  for (const title of titles) world.script({ title, script })
  const { session } = await world.run({ title: 'oak', chain: 'looking', script })
  const bough = await forkAfterCall(session.id, 'bough')
  const leaf = await forkAfterCall(bough, 'leaf')
  const shared = (await world.events(session.id)).findIndex(({ type }) => /tool_call_recorded/.test(type)) + 1

  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  page.setDefaultTimeout(60_000)
  const complaints = complaintsOf(page, world.url(''))
  await page.goto(world.url(`/sessions/${leaf}/waterfall`))
  const bar = (name: RegExp) => page.getByRole('treeitem', { name })
  await bar(/^Session leaf, completed/).waitFor()
  await bar(/^Session oak, running when it was forked, after 0 ms.* inherited$/).waitFor()
  await bar(/^Session bough, running when it was forked.* inherited$/).waitFor()
  await page.getByText('where it was forked').waitFor()
  const beginnings = 'document.querySelectorAll(\'[role=treeitem][aria-level="1"]\').length'
  assert.is(await page.evaluate(beginnings), 3)
  assert.equal(await seriousOn(page), [])
  await bar(/^Tool call hostile__read_lines, .* inherited$/).click()
  const details = page.getByRole('dialog', { name: 'Tool call hostile__read_lines' })
  await details.getByText('/nothing').first().waitFor()
  await details.getByRole('link', { name: session.id }).click()
  await page.waitForURL(new RegExp(`/sessions/${session.id}/waterfall`))
  await bar(/^Session oak, completed/).waitFor()

  await page.goto(world.url(`/sessions/${leaf}/conversation?turn=1`))
  await page.getByText('Inherited: it was asked in').waitFor()
  assert.equal(await seriousOn(page), [])
  await page.getByRole('main').getByRole('link', { name: session.id }).click()
  await page.waitForURL(new RegExp(`/sessions/${session.id}/conversation`))
  await page.getByRole('heading', { name: 'oak', level: 1 }).waitFor()
  await page.getByRole('heading', { name: 'worker, turn 1' }).waitFor()
  assert.is(await page.getByText('Inherited: it was asked in').count(), 0)

  await page.goto(world.url(`/sessions/${leaf}/events`))
  const events = page.getByRole('region', { name: 'Events' })
  await events.getByText('inherited').first().waitFor()
  await page.getByText(`Goes on from version`).getByRole('link', { name: 'bough' }).waitFor()
  assert.equal(await seriousOn(page), [])
  const first = events.getByRole('button', { name: /^1 session\.started/ })
  await first.getByText('inherited').waitFor()
  assert.is(await events.getByRole('button', { name: /session\.tool_call_recorded/ }).count(), 1)
  await page.getByRole('combobox', { name: 'Order' }).selectOption('desc')
  await eventually(async () => /session\.ended/.test(await events.getByRole('button').first().innerText()))
  assert.is(await events.getByRole('button', { name: /session\.ended/ }).count(), 1)
  await events.getByRole('button', { name: new RegExp(`^${shared} session\\.tool_call_recorded`) }).click()
  await page.waitForURL(new RegExp(`/sessions/${session.id}/events\\?at=${shared}`))
  assert.equal(complaints, [])
  await page.close()
})

test.run()
