// The dashboard for another org than the default one: chosen, in the address, and obeyed by all that is read, followed and copied.
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { faultsAt } from '../support/accessibility.ts'
import { atRest, complaintsOf } from '../support/browser.ts'
import { startDashboard } from '../support/dashboard-world.ts'
import { eventually } from '../support/eventually.ts'

const { casebook, browser, open, startSession, close } = await startDashboard()
test.after(close)

const startIn = async (org: string, title: string): Promise<string> => {
  const headers = { 'content-type': 'application/json', 'casebook-org': org }
  const body = JSON.stringify({ title, input: 'Look at the load of this machine.' })
  const answer = await fetch(`${casebook.url}/v1/sessions`, { method: 'POST', headers, body })
  const { id, sequence } = z.object({ id: z.string(), sequence: z.int() }).parse(await answer.json())
  // Both its lists and the choice of orgs are read once.
  for (const path of [`/v1/sessions/${id}`, '/v1/orgs']) {
    await eventually(async () => (await fetch(`${casebook.url}${path}?after=${sequence}`, { headers })).ok)
  }
  return id
}
const copied = async (page: Page): Promise<string> =>
  z.string().parse(await page.evaluate('navigator.clipboard.readText()'))
const chooser = (page: Page) => page.getByRole('banner').getByRole('combobox', { name: 'Org' })
const rows = (page: Page) => page.getByRole('list').getByRole('listitem')

test('an org is chosen where there is more than one, and every page, link, stream and command is of that one', async () => {
  await startSession('At home')
  await eventually(async () => (await (await fetch(`${casebook.url}/v1/orgs`)).text()).includes('default'))
  const alone = await browser.newPage()
  alone.setDefaultTimeout(60_000)
  const told = alone.waitForResponse(/\/v1\/orgs$/)
  await alone.goto(`${casebook.url}/sessions`)
  assert.equal(await (await told).json(), { items: [{ id: 'default' }] })
  await rows(alone).getByText('At home').waitFor()
  await atRest(alone)
  assert.is(await chooser(alone).count(), 0)
  await alone.close()

  const id = await startIn('acme', 'Far away')
  const page = await open('/sessions?status=completed&status=running')
  const complaints = complaintsOf(page, casebook.url)
  await chooser(page).selectOption('acme')
  await page.waitForURL(/\/sessions\?org=acme$/)
  await rows(page).getByText('Far away').waitFor()
  assert.is(await rows(page).count(), 1)

  await startSession('At home again')
  await startIn('acme', 'Far away again')
  await page.getByRole('button', { name: '1 new' }).click()
  await rows(page).getByText('Far away again').waitFor()
  assert.is(await rows(page).count(), 2)

  await rows(page).getByText('Far away', { exact: true }).click()
  await page.waitForURL(new RegExp(`/sessions/${id}\\?org=acme`))
  await page.getByRole('feed').getByRole('article', { name: 'Session completed' }).waitFor()
  const about = page.getByLabel('About the session')
  await about.getByText('Details', { exact: true }).click()
  await about.getByRole('button', { name: 'Copy as curl' }).click()
  const command = `curl -s '${casebook.url}/v1/sessions/${id}' -H 'casebook-org: acme'`
  await eventually(async () => (await copied(page)) === command)

  await page.getByRole('link', { name: 'Event log' }).click()
  await page.getByRole('button', { name: 'Copy link' }).click()
  await eventually(async () => /\?at=\d+&org=acme$/.test(await copied(page)))
  const link = await copied(page)
  await page.goto(link)
  await page.getByRole('heading', { name: 'Events of Far away' }).waitFor()
  await page.getByRole('link', { name: 'Overview' }).click()
  await page.waitForURL(/\/\?org=acme$/)
  assert.equal(complaints, [])

  await page.goto(link)
  await chooser(page).selectOption('default')
  await page.waitForURL(/\/sessions$/)
  await rows(page).getByText('At home again').waitFor()
  assert.is(await rows(page).getByText('Far away').count(), 0)
  await page.close()
})

test('an org that nothing has happened in is empty, and can be left again', async () => {
  const page = await open('/sessions?org=nowhere')
  await page.getByText("-H 'casebook-org: nowhere'").waitFor()
  assert.is(await chooser(page).inputValue(), 'nowhere')
  assert.equal(await faultsAt(browser, page.url(), (seen) => chooser(seen).waitFor()), [])
  await page.close()
  const other = await open('/sessions?org=No+such+name!')
  await rows(other).getByText('At home', { exact: true }).waitFor()
  await other.close()
})

test.run()
