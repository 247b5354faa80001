// The conversation in a real browser against the real process: what each turn was sent, what it added, and nothing of it made up.
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { faultsAt } from '../support/accessibility.ts'
import { atRest, complaintsOf } from '../support/browser.ts'
import { startDashboard } from '../support/dashboard-world.ts'
import { eventually } from '../support/eventually.ts'

const { casebook, browser, open, startSession, endedSession, close } = await startDashboard()
test.after(close)

const asked = async <T>(path: string, shape: z.ZodType<T>): Promise<T> =>
  shape.parse(await (await fetch(`${casebook.url}${path}`)).json())
const overview = z.object({
  executions: z.array(z.object({ id: z.string(), turns: z.array(z.object({ turn: z.int() })) })),
})
const turn = z.object({ messages: z.array(z.object({ role: z.string(), text: z.string() })) })

const messages = (page: Page) => page.locator('article:not([aria-label="Answer"] article)')
const answered = async (page: Page, title: string): Promise<void> => {
  await page.getByRole('heading', { name: title, level: 1 }).waitFor()
  await page
    .getByRole('navigation', { name: 'Turns' })
    .getByRole('link', { name: /^Turn 2/ })
    .waitFor()
  await page.getByRole('region', { name: 'Answer' }).waitFor()
}

test('turns come as the session goes on; each shows what it was sent, to the letter', async () => {
  const id = await startSession('To the letter')
  const page = await open(`/sessions/${id}/conversation`)
  const complaints = complaintsOf(page, casebook.url)
  await answered(page, 'To the letter')
  const [execution] = (await asked(`/v1/sessions/${id}/conversation`, overview)).executions
  const first = await asked(`/v1/sessions/${id}/executions/${execution?.id}/turns/1`, turn)
  await page.getByRole('link', { name: /^Turn 1/ }).click()
  await page.getByRole('heading', { name: /, turn 1$/ }).waitFor()
  const sent = first.messages.map(({ text }) => text.slice(0, 3_000))
  const shown = messages(page).locator('pre')
  await eventually(async () => (await shown.count()) === sent.length)
  assert.equal(await shown.allTextContents(), sent)
  assert.equal(complaints, [])
  await page.close()
})

test('a turn shows what it added to the one before, all of it when asked, and the keys go from one to the next', async () => {
  const id = await startSession('What it added')
  const page = await open(`/sessions/${id}/conversation?turn=1`)
  await answered(page, 'What it added')
  await atRest(page)
  await page.keyboard.press('j')
  await page.getByRole('heading', { name: /, turn 2$/ }).waitFor()
  // Answered, it does not change any more.
  await page.getByRole('region', { name: 'Answer' }).waitFor()
  await page.getByRole('button', { name: '2 messages as in turn 1' }).waitFor()
  await page.getByRole('article', { name: 'assistant, new' }).waitFor()
  const tools = page.getByRole('article', { name: 'tool, new' })
  await eventually(async () => (await tools.count()) === (await messages(page).count()) - 1)
  const added = await messages(page).count()
  await page.getByRole('button', { name: '2 messages as in turn 1' }).click()
  await eventually(async () => (await messages(page).count()) === added + 2)
  await page.getByRole('switch', { name: 'Only what is new' }).click()
  await page.getByRole('article', { name: 'assistant, new' }).waitFor({ state: 'detached' })
  await eventually(async () => (await messages(page).count()) === added + 2)
  await page
    .getByRole('region', { name: 'Context' })
    .getByText(/ tokens, \d+ % of the window$/)
    .waitFor()
  await page.getByText(/^\d+ tools offered$/).click()
  await page.getByText(/^host__load \(read only\)$/).waitFor()
  await page.keyboard.press('k')
  await page.getByRole('heading', { name: /, turn 1$/ }).waitFor()
  assert.match(page.url(), /[?&]turn=1/)
  await page.close()
})

test('a turn that is answered while it is looked at stays there, and as it was unfolded, until it has been read again', async () => {
  const id = await endedSession('Answered meanwhile')
  const page = await open(`/sessions/${id}`)
  let reading = 'open'
  await page.route(`**/v1/sessions/${id}/conversation`, async (route) => {
    const response = await route.fetch({ timeout: 60_000 })
    // As a page reads that asked while the models were at work.
    await route.fulfill({ response, body: (await response.text()).replaceAll('"answered"', `"${reading}"`) })
  })
  await page.goto(`${casebook.url}/sessions/${id}/conversation?turn=1`)
  await answered(page, 'Answered meanwhile')
  await page.getByText(/^\d+ tools offered$/).click()
  const tool = page.getByText(/^host__load \(read only\)$/)
  await tool.waitFor()
  const held = Promise.withResolvers<void>()
  await page.route(/\/turns\/1\?/, async (route) => {
    await held.promise
    await route.continue()
  })
  reading = 'answered'
  // Something happens to it: it is read again.
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ text: 'Since when?' })
  assert.ok((await fetch(`${casebook.url}/v1/sessions/${id}/chat`, { method: 'POST', headers, body })).ok)
  await page
    .getByRole('navigation', { name: 'Turns' })
    .getByText(/^answered/)
    .first()
    .waitFor()
  assert.ok(await tool.isVisible())
  const read = page.waitForResponse(/\/turns\/1\?/)
  held.resolve()
  await read
  assert.ok(await tool.isVisible())
  await page.close()
})

test('the conversation has no serious fault of accessibility, in light or dark, on a desk or on a phone', async () => {
  const id = await endedSession('Read by everybody')
  const ready = (page: Page): Promise<void> => answered(page, 'Read by everybody')
  assert.equal(await faultsAt(browser, `${casebook.url}/sessions/${id}/conversation`, ready), [])
  assert.equal(await faultsAt(browser, `${casebook.url}/sessions/${id}/conversation?turn=2&all=true`, ready), [])
})

test.run()
