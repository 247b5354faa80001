// The waterfall in a real browser against the real process: live, by keyboard, by brush, as a table, and with ten thousand bars.
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { faultsAt, seriousOn } from '../support/accessibility.ts'
import { nothingBehind } from '../support/ask-casebook.ts'
import { bigSession } from '../support/big-session.ts'
import { atRest, complaintsOf } from '../support/browser.ts'
import { startDashboard } from '../support/dashboard-world.ts'
import { eventually } from '../support/eventually.ts'
import { framesTold, framesWhile } from '../support/page-frames.ts'

const { casebook, browser, open, startSession, endedSession, close } = await startDashboard()
test.after(close)

const tree = (page: Page) => page.getByRole('tree', { name: 'Where the time went' })
const bar = (page: Page, name: string | RegExp) => tree(page).getByRole('treeitem', { name })
const wordsOf = (page: Page): Promise<readonly (string | null)[]> =>
  tree(page)
    .getByRole('treeitem')
    .evaluateAll((bars) => bars.map((each) => each.getAttribute('aria-label')))

test('bars come as the session goes on, and are the same after a reload', async () => {
  const id = await startSession('Goes on')
  const page = await open(`/sessions/${id}/waterfall`)
  const complaints = complaintsOf(page, casebook.url)
  await bar(page, /^Model call Executive summary, succeeded/).waitFor()
  await bar(page, /^Session Goes on, completed/).waitFor()
  await bar(page, /^Tool call host__\w+, succeeded/)
    .first()
    .waitFor()
  // Both come to rest on their own.
  const anew = await open(`/sessions/${id}/waterfall`)
  await bar(anew, /^Session Goes on, completed/).waitFor()
  const told = async (which: Page): Promise<string> => (await wordsOf(which)).join('\n')
  await eventually(async () => (await told(page)) === (await told(anew)), { describe: 'both pages tell the same' })
  await page.reload()
  await bar(page, /^Session Goes on, completed/).waitFor()
  await eventually(async () => (await told(page)) === (await told(anew)), {
    describe: 'it tells the same after a reload',
  })
  await anew.close()
  assert.equal(complaints, [])
  await page.close()
})

test('the keys move between bars, fold them, zoom, and open what is known of one', async () => {
  const id = await startSession('By the keys')
  const page = await open(`/sessions/${id}/waterfall`)
  await bar(page, /^Session By the keys, completed/).waitFor()
  await tree(page).focus()
  const chosen = async (): Promise<string | null> =>
    tree(page).locator('[aria-selected=true]').getAttribute('aria-label')
  await page.keyboard.press('ArrowDown')
  await eventually(async () => /^Stage /.test((await chosen()) ?? ''))
  const all = (await wordsOf(page)).length
  await page.keyboard.press('ArrowLeft')
  await eventually(async () => (await wordsOf(page)).length < all)
  await page.keyboard.press('ArrowRight')
  await eventually(async () => (await wordsOf(page)).length === all)
  for (const key of ['ArrowRight', 'j', 'ArrowDown']) await page.keyboard.press(key)
  await eventually(async () => /^Tool call /.test((await chosen()) ?? ''))
  await page.keyboard.press('+')
  await page.getByText(/; shown: /).waitFor()
  await page.keyboard.press('0')
  await page.getByText(/; shown: /).waitFor({ state: 'detached' })
  await page.keyboard.press('Enter')
  const details = page.getByRole('dialog', { name: /^Tool call host__/ })
  await details.getByText('Arguments').waitFor()
  await details.getByText('Waited for a person').waitFor()
  assert.equal(await seriousOn(page), [])
  await page.keyboard.press('Escape')
  await details.waitFor({ state: 'detached' })
  await page.close()
})

test('a bar leads to its card in the story, and a model call to what it was sent', async () => {
  const id = await startSession('Leads on')
  const page = await open(`/sessions/${id}/waterfall`)
  await bar(page, /^Session Leads on, completed/).waitFor()
  await bar(page, /^Tool call host__load/).click()
  await page.getByRole('dialog').getByRole('link', { name: 'In the story' }).click()
  await page
    .getByRole('feed')
    .getByRole('article', { name: /host__load/ })
    .waitFor()
  await page.getByRole('link', { name: 'Waterfall' }).click()
  await bar(page, /^Model call Turn 1/).click()
  await page.getByRole('dialog').getByRole('link', { name: 'What it was sent' }).click()
  await page.getByRole('heading', { name: /, turn 1$/ }).waitFor()
  await page.close()
})

test('drawing on the strip shows that part, and the table says all of it', async () => {
  const id = await startSession('Brushed')
  const page = await open(`/sessions/${id}/waterfall`)
  await bar(page, /^Session Brushed, completed/).waitFor()
  await atRest(page)
  const strip = await page.getByTestId('overview-strip').boundingBox()
  if (strip === null) throw new Error('there is no strip')
  await page.mouse.move(strip.x + strip.width * 0.3, strip.y + 20)
  await page.mouse.down()
  await page.mouse.move(strip.x + strip.width * 0.5, strip.y + 20, { steps: 5 })
  await page.mouse.up()
  await page.getByText(/; shown: /).waitFor()
  await page.getByRole('button', { name: 'All', exact: true }).click()
  await page.getByText(/; shown: /).waitFor({ state: 'detached' })
  const bars = await wordsOf(page)
  await page.getByRole('switch', { name: 'As a table' }).click()
  await page.getByRole('table').waitFor()
  await eventually(async () => (await page.getByRole('table').getByRole('row').count()) === bars.length + 1)
  await page.close()
})

test('the waterfall has no serious fault of accessibility, in light or dark, on a desk or on a phone', async () => {
  const id = await endedSession('Read by everybody')
  const address = `${casebook.url}/sessions/${id}/waterfall`
  const ended = (page: Page) => bar(page, /^Session Read by everybody, completed/).waitFor()
  assert.equal(await faultsAt(browser, address, ended), [])
  assert.equal(await faultsAt(browser, `${address}?path=true&by=tokens`, ended), [])
  assert.equal(await faultsAt(browser, `${address}?table=true`, (page) => page.getByRole('table').waitFor()), [])
})

test('ten thousand bars: only those in sight are drawn, from the first to the last', async () => {
  const body = bigSession('ses_01TENTHOUSAND', 50, 50).join('\n')
  const imported = await fetch(`${casebook.url}/v1/import`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: `${body}\n`,
  })
  assert.is(imported.status, 200, await imported.text())
  await nothingBehind(casebook.url)
  const asked = performance.now()
  const page = await open('/sessions/ses_01TENTHOUSAND/waterfall')
  const complaints = complaintsOf(page, casebook.url)
  await page.getByText(/^10052 bars/).waitFor()
  await bar(page, /^Session Ten thousand bars, completed/).waitFor()
  const opened = performance.now() - asked
  const scrolling = await framesWhile(page, '[role=tree]', '(tree) => { tree.scrollTop += 240 }')
  const zooming = await framesWhile(
    page,
    '[role=tree]',
    `(tree, frame) => { if (frame % 6 === 0) tree.dispatchEvent(new KeyboardEvent('keydown', { key: frame % 120 < 60 ? '+' : '-', bubbles: true })) }`,
  )
  process.stdout.write(
    `10,052 bars: opened in ${Math.round(opened)} ms; scrolling: ${framesTold(scrolling)}; zooming: ${framesTold(zooming)}\n`,
  )
  assert.ok((await tree(page).getByRole('treeitem').count()) < 100)
  await tree(page).focus()
  await page.keyboard.press('End')
  const chosen = tree(page).locator('[aria-selected=true]')
  await eventually(async () => /^Tool call host__disk/.test((await chosen.getAttribute('aria-label')) ?? ''))
  await page.getByRole('switch', { name: 'Critical path' }).click()
  await page.getByText('what the end hung on').waitFor()
  assert.equal(await seriousOn(page), [])
  assert.equal(complaints, [])
  await page.close()
})

test.run()
