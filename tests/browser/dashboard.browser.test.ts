// The dashboard in a real browser against the real process: what a person sees of an investigation as it happens.
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

const listed = z.object({ items: z.array(z.unknown()) })
const isListedAs = async (id: string, status: string): Promise<boolean> =>
  listed.parse(await (await fetch(`${casebook.url}/v1/sessions?id=${id}&status=${status}`)).json()).items.length === 1

/** Both keys at once, as fingers press them: one that waits for the page to have heard of the first may come too late. */
const goToSessions = (page: Page) => Promise.all([page.keyboard.press('g'), page.keyboard.press('s')])

test('a session that starts while the list is open is told as new, shown when asked for, and patched where it stands', async () => {
  const page = await open('/sessions')
  const complaints = complaintsOf(page, casebook.url)
  await page.getByText('Live', { exact: true }).waitFor()
  // Empty, and read: a session that starts before would be one of its rows.
  await page.locator('pre').waitFor()
  await startSession('A session of the list')
  await page.getByRole('button', { name: '1 new' }).click()
  const row = page.getByRole('listitem').filter({ hasText: 'A session of the list' })
  await row.getByText('completed').waitFor()
  assert.equal(complaints, [])
  await page.close()
})

test('a session that starts after the list is read and before the stream begins is told as new', async () => {
  const page = await open('/')
  const read = Promise.withResolvers<void>()
  await page.route(
    '**/v1/stream?*',
    async (route) => {
      await read.promise
      await route.continue()
    },
    { times: 1 },
  )
  await page.goto(`${casebook.url}/sessions`)
  await page.getByRole('listitem').filter({ hasText: 'A session of the list' }).waitFor()
  await endedSession('Before the stream')
  assert.is(await page.getByText('Live', { exact: true }).count(), 0)
  read.resolve()
  await page.getByRole('button', { name: '1 new' }).click()
  await page.getByRole('listitem').filter({ hasText: 'Before the stream' }).waitFor()
  await page.close()
})

test('a session that ends while the list is on its way is patched when the list has come', async () => {
  const page = await open('/')
  await page.getByText('Live', { exact: true }).waitFor()
  await page.route(
    // The list's, and not the overview's, which reads its latest sessions every few seconds.
    /\/v1\/sessions\?.*limit=200/,
    async (route) => {
      const id = await startSession('Ended meanwhile')
      await eventually(() => isListedAs(id, 'completed'))
      const response = await route.fetch({ timeout: 60_000 })
      // As a page reads that was asked for just before the end.
      await route.fulfill({ response, body: (await response.text()).replaceAll('"completed"', '"running"') })
    },
    { times: 1 },
  )
  await goToSessions(page)
  const row = page.getByRole('listitem').filter({ hasText: 'Ended meanwhile' })
  await row.getByText('completed').waitFor()
  await page.close()
})

test('the page of a session that is not there says so, and what happens elsewhere goes on being told', async () => {
  const page = await open('/')
  await page.goto(`${casebook.url}/sessions/ses_01M7ZZZZZZZZZZZZZZZZZZZZZZ`)
  await page.getByText('No session ses_01M7ZZZZZZZZZZZZZZZZZZZZZZ.').waitFor()
  await goToSessions(page)
  await page.getByRole('heading', { name: 'Sessions', exact: true }).waitFor()
  await page.getByText('Live', { exact: true }).waitFor()
  await page.getByRole('listitem').filter({ hasText: 'Ended meanwhile' }).waitFor()
  await startSession('Begun elsewhere')
  await page.getByRole('button', { name: '1 new' }).click()
  await page.getByRole('listitem').filter({ hasText: 'Begun elsewhere' }).waitFor()
  await page.close()
})

test('an investigation is followed live to its report, and reads the same to who comes later or reloads', async () => {
  const id = await startSession('Followed live')
  const page = await open(`/sessions/${id}`)
  const complaints = complaintsOf(page, casebook.url)
  const feed = page.getByRole('feed')
  await feed.getByRole('article', { name: 'Session completed' }).waitFor()
  // Both come to rest on their own: panels and the renderer of Markdown come a moment after the story.
  const anew = await open(`/sessions/${id}`)
  await anew.getByRole('feed').getByRole('article', { name: 'Session completed' }).waitFor()
  const told = async (which: Page): Promise<string> =>
    (await which.getByLabel('About the session').innerText()).replaceAll(/^(Started|ended).*$/gm, '')
  await eventually(async () => (await told(anew)) === (await told(page)), {
    withinMs: 60_000,
    describe: 'both pages tell the same',
  })
  await page.reload()
  await feed.getByRole('article', { name: 'Session completed' }).waitFor()
  await eventually(async () => (await told(page)) === (await told(anew)), {
    withinMs: 60_000,
    describe: 'it reads the same after a reload',
  })
  await anew.close()
  assert.equal(complaints, [])
  await page.close()
})

test('no page has a serious fault of accessibility, in light or dark, on a desk or on a phone', async () => {
  const id = await endedSession('Read by everybody')
  // Each path with words that stand there when it is read.
  const pages = [
    ['/', 'Latest sessions'],
    ['/sessions', 'Read by everybody'],
    [`/sessions/${id}`, 'Session completed'],
    ['/sessions/new', 'Labels'],
    ['/alerts', 'No alert yet. This sends one:'],
    ['/alerts/send', 'Body'],
    ['/tasks', 'No task yet. This schedules one:'],
    ['/tasks/new', 'Labels'],
    ['/inputs', 'Nobody waits for you. What agents ask people, and calls that need an approval, come here.'],
    ['/operations', 'durability'],
  ] as const
  for (const [path, words] of pages) {
    const read = (page: Page) => page.getByRole('main').getByText(words, { exact: true }).first().waitFor()
    assert.equal(await faultsAt(browser, `${casebook.url}${path}`, read), [])
  }
})

test('keys lead everywhere', async () => {
  const page = await open('/')
  await goToSessions(page)
  await page.getByRole('heading', { name: 'Sessions', exact: true }).waitFor()
  await page.getByRole('listitem').first().waitFor()
  await atRest(page)
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('feed').waitFor()
  await page.keyboard.press('Shift+?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await page.close()
})

test.run()
