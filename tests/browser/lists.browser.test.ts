// The lists in a real browser: ten thousand sessions, filters in the address, views, what comes while one looks, an end to many.
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { atRest, complaintsOf } from '../support/browser.ts'
import { startDashboard } from '../support/dashboard-world.ts'
import { eventually } from '../support/eventually.ts'
import { fillLog, natsUrlIn } from '../support/fill-log.ts'

const many = 10_000
// Without handlers what is started stays queued, and an alert stays in the queue.
const { casebook, dataFolder, open, close } = await startDashboard(() => ({
  CASEBOOK_ROLES: 'http,projections',
}))
test.after(close)

const hour = 3_600_000
await fillLog(
  natsUrlIn(dataFolder),
  Array.from({ length: many }, (_, index) => ({
    title: index === 42 ? 'The needle of db-42' : `Session ${index}`,
    labels: { team: index % 4 === 0 ? 'infra' : 'shop' },
    // The first one is the latest.
    at: new Date(Date.now() - 48 * hour - index * 1_000).toISOString(),
    status: index % 10 === 0 ? 'failed' : 'completed',
  })),
)
const totalOf = z.object({ total: z.int() })
const total = async (query = ''): Promise<number> =>
  totalOf.parse(await (await fetch(`${casebook.url}/v1/sessions/facets?${query}`)).json()).total
await eventually(async () => (await total()) === many, { withinMs: 300_000 })

const row = (page: Page, text: string) => page.getByRole('list').getByRole('listitem').filter({ hasText: text })
const facet = (page: Page, name: string, value: string) =>
  page.getByRole('region', { name, exact: true }).getByRole('button', { name: value })

const post = async (path: string, body: unknown) => {
  const answer = await fetch(`${casebook.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  assert.ok(answer.ok, `${path} ${answer.status}`)
  return z.looseObject({ id: z.string().optional() }).parse(await answer.json()).id ?? ''
}
const startMany = async (count: number, labels: Readonly<Record<string, string>>): Promise<readonly string[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => post('/v1/sessions', { title: `Begun ${index}`, labels })))

/** Watches every frame: for how long at most no row stood in the middle of the screen. */
const watchBlanks = `(() => {
  window.longestBlank = 0
  let since = null
  const look = () => {
    const found = document.elementFromPoint(innerWidth / 2 + 100, innerHeight / 2)?.closest('ol[aria-label=Sessions] > li')
    if (found) since = null
    else since ??= performance.now()
    if (since !== null) window.longestBlank = Math.max(window.longestBlank, performance.now() - since)
    requestAnimationFrame(look)
  }
  look()
})()`
/** A row stands in the middle of the screen. */
const rowInSight = (page: Page) =>
  eventually(async () => (await page.evaluate(middle)) === true, { withinMs: 60_000, everyMs: 10 })
const middle = `document.elementFromPoint(innerWidth / 2 + 100, innerHeight / 2)?.closest('ol[aria-label=Sessions] > li') != null`

test('ten thousand sessions open, scroll to the end and back, and no blank rows stay', async () => {
  const page = await open('/sessions')
  const complaints = complaintsOf(page, casebook.url)
  await row(page, 'Session 3').first().waitFor()
  await page.getByText('10,000', { exact: true }).first().waitFor()
  await page.evaluate(watchBlanks)
  const last = row(page, `Session ${many - 1}`)
  await eventually(
    async () => {
      await page.evaluate('window.scrollTo(0, document.documentElement.scrollHeight)')
      await rowInSight(page)
      return (await last.count()) > 0
    },
    { withinMs: 120_000, everyMs: 20, describe: 'the oldest session is reached' },
  )
  assert.ok((await page.getByRole('list').getByRole('listitem').count()) < 120, 'only rows in sight are in the page')
  for (const share of [0.1, 0.9, 0.4, 0]) {
    await page.evaluate(`window.scrollTo(0, document.documentElement.scrollHeight * ${share})`)
    await rowInSight(page)
  }
  await row(page, 'Session 3').first().waitFor()
  const blank = z.number().parse(await page.evaluate('window.longestBlank'))
  process.stdout.write(`blank for ${Math.round(blank)} ms at most, over ${many} sessions\n`)
  // None stays for good: a row came before anybody would have given up waiting for it.
  assert.ok(blank < 60_000, `${blank} ms`)
  assert.equal(complaints, [])
  await page.close()
})

test('a page that is refused is told, and asked for once', async () => {
  const page = await open('/sessions?status=failed')
  let asked = 0
  await page.route(/[?&]cursor=/, (route) => {
    asked++
    const problem = { type: 'about:blank', title: 'No', status: 400, code: 'invalid_cursor', detail: 'No such page.' }
    return route.fulfill({ status: 400, contentType: 'application/problem+json', json: problem })
  })
  await row(page, 'Session 0').first().waitFor()
  await page.evaluate('window.scrollTo(0, document.documentElement.scrollHeight)')
  await page.getByRole('alert').filter({ hasText: 'No such page.' }).waitFor()
  // Asked without end it would be asked between any two other answers.
  for (let nth = 0; nth < 20; nth++) await page.evaluate("fetch('/v1/sessions/facets').then((answer) => answer.text())")
  assert.is(asked, 1)
  await page.close()
})

test('filters stand in the address, count what they let through, and survive a reload', async () => {
  const page = await open('/sessions')
  const counts = (many: string) =>
    page
      .getByRole('status')
      .filter({ hasText: new RegExp(`^${many}$`) })
      .waitFor()
  await facet(page, 'Status', 'failed 1,000').click()
  await page.waitForURL(/status=failed/)
  await counts('1,000')
  await facet(page, 'Labels', 'team=infra 500').click()
  await page.waitForURL(/label=/)
  await counts('500')
  await page.reload()
  await counts('500')
  assert.is(await facet(page, 'Status', 'failed').getAttribute('aria-pressed'), 'true')
  await page.getByRole('button', { name: 'Copy as curl' }).click()
  const command = `curl -s '${casebook.url}/v1/sessions?status=failed&label=team%3Dinfra'`
  await eventually(async () => (await page.evaluate('navigator.clipboard.readText()')) === command)
  await page.goBack()
  await counts('1,000')
  await page.goto(`${casebook.url}/sessions`)
  await row(page, 'Session 3').first().waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('needle')
  await row(page, 'The needle of db-42').waitFor()
  await eventually(async () => (await page.getByRole('list').getByRole('listitem').count()) === 1)
  await page.waitForURL(/text=needle/)
  await page.getByLabel('Started').selectOption('24h')
  await page.getByText('No session is like that.').waitFor()
  await page.waitForURL(/from=24h/)
  await page.close()
})

test('a view is saved under a name, found again after a reload, and forgotten', async () => {
  const page = await open('/sessions?status=failed&severity=critical')
  const views = page.getByRole('group', { name: 'Views' })
  await views.getByRole('button', { name: 'Save view' }).click()
  await views.getByRole('textbox', { name: 'Name of the view' }).fill('Mine')
  await page.keyboard.press('Enter')
  await views.getByRole('button', { name: 'All', exact: true }).click()
  await page.waitForURL(`${casebook.url}/sessions`)
  await page.reload()
  await views.getByRole('button', { name: 'Mine', exact: true }).click()
  await page.waitForURL(/status=failed.*severity=critical/)
  await views.getByRole('button', { name: 'Forget the view Mine' }).click()
  await views.getByRole('button', { name: 'Save view' }).waitFor()
  assert.is(await views.getByRole('button', { name: 'Mine', exact: true }).count(), 0)
  await page.close()
})

test('what comes waits in the pill and moves nothing; what changes, changes where it stands', async () => {
  const [first = ''] = await startMany(3, { live: 'yes' })
  await eventually(async () => (await total('label=live=yes')) === 3)
  const page = await open('/sessions?label=live%3Dyes')
  await page.getByText('Live', { exact: true }).waitFor()
  await row(page, 'Begun 0').waitFor()
  await facet(page, 'Status', 'queued 3').waitFor()
  await atRest(page)
  const boxOf = async () => JSON.stringify(await row(page, 'Begun 0').boundingBox())
  const before = await boxOf()
  await startMany(5, { live: 'no' })
  await startMany(2, { live: 'yes' })
  const pill = page.getByRole('button', { name: '2 new' })
  await pill.waitFor()
  assert.is(await boxOf(), before)
  await post(`/v1/sessions/${first}/cancel`, {})
  await row(page, 'Begun').getByText('cancelled').waitFor()
  assert.is(await boxOf(), before)
  assert.is(await page.getByRole('list').getByRole('listitem').count(), 3)
  await pill.click()
  await eventually(async () => (await page.getByRole('list').getByRole('listitem').count()) === 5)
  await pill.waitFor({ state: 'detached' })
  await page.close()
})

test('many sessions are ended with the number that was shown, and none when it is another one by then', async () => {
  await startMany(12, { storm: 'yes' })
  await eventually(async () => (await total('label=storm=yes')) === 12)
  const page = await open('/sessions?label=storm%3Dyes')
  // Read: one that is started before would be one of its rows.
  await eventually(async () => (await row(page, 'Begun').count()) === 12)
  await page.getByRole('button', { name: 'Cancel these …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Cancel sessions' })
  await dialog.getByText('12 sessions of this filter are under way').waitFor()
  await startMany(1, { storm: 'yes' })
  await eventually(async () => (await total('label=storm=yes')) === 13)
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('a storm')
  await dialog.getByRole('button', { name: 'Cancel 12 sessions' }).click()
  await dialog.getByText('13 sessions under way are like that, not 12').waitFor()
  assert.is(await total('label=storm=yes&status=queued'), 13)
  await dialog.getByRole('button', { name: 'Cancel 13 sessions' }).click()
  await dialog.getByText('13 cancelled').waitFor()
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
  // The thirteenth waits to be shown.
  await eventually(async () => (await row(page, 'cancelled').count()) === 12)
  await page.close()
})

test('the overview tells how long an alert waits undecided, and its numbers lead to what they count', async () => {
  await post('/v1/alerts', { title: 'Nobody decides this', severity: 'critical' })
  const page = await open('/')
  const complaints = complaintsOf(page, casebook.url)
  await page.getByRole('link', { name: /^[\d.]+ .*s Oldest unprocessed alert 1 in the queue/ }).waitFor()
  const queued = await total('status=queued')
  await page.getByRole('link', { name: `${queued} Queued` }).click()
  await page.waitForURL(/status=queued/)
  await eventually(async () => (await page.getByRole('list').getByRole('listitem').count()) === queued)
  assert.equal(complaints, [])
  await page.close()
})

test.run()
