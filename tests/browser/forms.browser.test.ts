// What a person sends from the dashboard: alerts as each source would, sessions, tasks; and what the overview makes of it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { faultsAt } from '../support/accessibility.ts'
import { complaintsOf } from '../support/browser.ts'
import { startDashboard } from '../support/dashboard-world.ts'
import { eventually } from '../support/eventually.ts'

const prices = [{ provider: 'simulator', model: '*', input: 2.5, cached_input: 0.25, output: 10 }]
const { casebook, browser, open, close } = await startDashboard((folder) => {
  const configuration = join(folder, 'config')
  mkdirSync(configuration)
  writeFileSync(
    join(configuration, 'budgets.yaml'),
    JSON.stringify({ defaults: { day_budgets: { each_org: { usd: 20 } }, model_prices: prices } }),
  )
  return { CASEBOOK_CONFIG_DIR: configuration }
})
test.after(close)

test('an empty list shows the command that fills it, and the command does', async () => {
  const page = await open('/alerts')
  await page.getByText('Live', { exact: true }).waitFor()
  const command = await page.locator('pre').innerText()
  const [, path = '', body = ''] = /^curl -s 'http:\/\/[^/]+(\/\S+)' .* -d '(.*)'$/s.exec(command) ?? []
  const headers = { 'content-type': 'application/json' }
  assert.is((await fetch(`${casebook.url}${path}`, { method: 'POST', headers, body })).status, 202)
  await page.getByRole('button', { name: '1 new' }).click()
  await page.getByRole('list').getByRole('listitem').getByText('Disk of db-1 is 97 % full').waitFor()
  await page.close()
})

test('an alert is sent as each source would send it, and leads to the session it opened or joined', async () => {
  const page = await open('/alerts/send')
  const complaints = complaintsOf(page, casebook.url)
  const names = await page.getByLabel('As', { exact: true }).locator('option').allInnerTexts()
  assert.ok(names.length >= 5)
  for (const name of names) {
    await page.getByLabel('As', { exact: true }).selectOption(name)
    // What was said of the one before stands there until this one is on its way.
    const answered = page.waitForResponse((answer) => answer.request().method() === 'POST')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await answered
    await page.getByText('Accepted.').waitFor()
    await page.getByRole('link', { name: /^The session it (opened|joined)$/ }).waitFor()
  }
  await page.getByRole('button', { name: 'Copy as curl' }).click()
  const written =
    /^curl -s 'http:\/\/127\.0\.0\.1:\d+\/v1\/webhooks\/cloudevents' -H 'content-type: application\/cloudevents\+json' -d '\{"specversion":"1\.0"/
  await eventually(async () => written.test(z.string().parse(await page.evaluate('navigator.clipboard.readText()'))))
  await page.getByLabel('Body').fill('{"title": ')
  await page.getByText('This is no JSON object.').waitFor()
  assert.ok(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled())
  assert.equal(complaints, [])
  await page.goto(`${casebook.url}/alerts`)
  const sources = page.getByRole('region', { name: 'Source', exact: true })
  const alert = (words: string) => page.getByRole('list').getByRole('listitem').getByText(words)
  await alert('Disk of db-1').first().waitFor()
  await sources.getByRole('button', { name: /^alertmanager/ }).click()
  await page.waitForURL(/source=alertmanager/)
  // The rows of all sources stand there for a moment longer than their address.
  await alert('Disk of db-1').first().waitFor({ state: 'detached' })
  await alert('Disk of node-1 is full').waitFor()
  assert.is(await alert('Disk of db-1').count(), 0)
  await page.close()
})

test('an alert has a page with what is known of it and what its source sent, and its session leads there', async () => {
  const page = await open('/alerts?source=pagerduty')
  const complaints = complaintsOf(page, casebook.url)
  await page.getByRole('link', { name: 'Payments are refused' }).click()
  await page.getByRole('heading', { name: 'Payments are refused' }).waitFor()
  const details = page.getByRole('region', { name: 'Details' })
  await details.getByText('checkout/payments').waitFor()
  await details.getByRole('link', { name: 'https://shop.pagerduty.example/incidents/PINC7' }).waitFor()
  await page.getByRole('region', { name: 'Labels' }).getByText('P1').waitFor()
  await page.getByRole('region', { name: 'The body as it came' }).getByText('incident.triggered').waitFor()
  const address = page.url()
  await page.getByRole('link', { name: 'The session that looks into it' }).click()
  await page.getByLabel('About the session').getByText('Alert (critical)').click()
  await page.getByRole('link', { name: 'The alert as it came' }).click()
  await page.waitForURL(address)
  const read = (each: Page) => each.getByRole('region', { name: 'The body as it came' }).waitFor()
  assert.equal(await faultsAt(browser, address, read), [])
  assert.equal(complaints, [])
  await page.close()
})

test('a session is started with what was typed, and shown', async () => {
  const page = await open('/sessions/new')
  await page.getByRole('textbox', { name: 'Title' }).fill('Why is db-1 slow?')
  await page.getByRole('textbox', { name: 'Labels' }).fill('team')
  await page.getByText('Write name=value').waitFor()
  assert.ok(await page.getByRole('button', { name: 'Start', exact: true }).isDisabled())
  await page.getByRole('textbox', { name: 'Labels' }).fill('team=infra, host=db-1')
  await page.getByLabel('Priority').selectOption('high')
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.waitForURL(/\/sessions\/ses_/)
  await page.getByRole('feed').waitFor()
  const id = page.url().split('/').at(-1) ?? ''
  const answer: unknown = await (await fetch(`${casebook.url}/v1/sessions/${id}`)).json()
  const { title, labels } = z.looseObject({ title: z.string(), labels: z.unknown() }).parse(answer)
  assert.equal({ title, labels }, { title: 'Why is db-1 slow?', labels: { team: 'infra', host: 'db-1' } })
  await page.close()
})

test('a task is scheduled, run once more and called off, and its runs lead to their sessions', async () => {
  const page = await open('/tasks')
  const complaints = complaintsOf(page, casebook.url)
  await page.getByText('No task yet.').waitFor()
  await page.getByRole('link', { name: 'Schedule a task' }).click()
  await page.getByRole('textbox', { name: 'Title' }).fill('Look at the disks')
  await page.getByLabel('When').fill('2099-01-01T08:00')
  await page.getByLabel('Again every … minutes').fill('60')
  await page.getByRole('button', { name: 'Schedule', exact: true }).click()
  await page.waitForURL(/\/tasks$/)
  const task = page.getByRole('row').filter({ hasText: 'Look at the disks' })
  await task.getByText('every 1 h').waitFor()
  await task.getByRole('button', { name: 'Run Look at the disks again' }).click()
  await task.getByRole('link', { name: /^run 2: completed$/ }).waitFor()
  await task.getByRole('button', { name: 'Cancel Look at the disks' }).click()
  await task.getByText('cancelled', { exact: true }).waitFor()
  await page.getByRole('checkbox', { name: 'cancelled' }).press('Space')
  await page.waitForURL(/status=cancelled/)
  await task.getByRole('link', { name: /^run 2/ }).click()
  await page.waitForURL(/\/sessions\/ses_/)
  assert.equal(complaints, [])
  await page.close()
})

test('the overview counts alerts by what came of them, times sessions, and holds the cost against the day', async () => {
  const page = await open('/')
  await page.getByRole('link', { name: /^\$\d+\.\d+ Cost today of \$20\.000 \(UTC day\)$/ }).waitFor()
  await page.getByRole('link', { name: /^\d.*s To the first finding p95 \d.*s · \d+ sessions$/ }).waitFor()
  await page.getByRole('link', { name: /^\d.*s To the end p95 \d.*s · \d+ sessions$/ }).waitFor()
  await page.getByRole('img', { name: 'Alerts by the hour' }).waitFor()
  const opened = page.getByRole('link', { name: /^\d+ Opened a session$/ })
  const count = Number((await opened.innerText()).split('\n', 1)[0])
  await opened.click()
  await page.waitForURL(/came=opened/)
  await eventually(async () => (await page.getByRole('list').getByRole('listitem').count()) === count)
  await page.close()
})

test.run()
