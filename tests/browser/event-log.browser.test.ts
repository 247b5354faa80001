// The event log in a real browser against the real process: searched, followed, opened; a session as it was, and gone on from there.
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { faultsAt, seriousOn } from '../support/accessibility.ts'
import { complaintsOf } from '../support/browser.ts'
import { startDashboard } from '../support/dashboard-world.ts'
import { eventually } from '../support/eventually.ts'
import { longSession } from '../support/long-session.ts'

const { casebook, browser, open, startSession, endedSession, close } = await startDashboard()
test.after(close)

const session = z.object({ status: z.string(), fork: z.object({ at: z.int() }).nullable() })
const readSession = async (id: string) => session.parse(await (await fetch(`${casebook.url}/v1/sessions/${id}`)).json())
const rowsOf = (page: Page) => page.getByRole('region', { name: 'Events' }).getByRole('listitem')

test('the log is filtered by the address, opened at an event, and what is new waits or comes in by itself', async () => {
  const id = await endedSession('Of the log')
  const page = await open(`/events?type=session.started&session=${id}`)
  const complaints = complaintsOf(page, casebook.url)
  await rowsOf(page).first().waitFor()
  assert.is(await rowsOf(page).count(), 1)
  await rowsOf(page).getByRole('button').click()
  const drawer = page.getByRole('dialog')
  await drawer.getByText('"Of the log"').waitFor()
  assert.match(page.url(), /[?&]open=\d+/)
  await drawer.getByText('Causation', { exact: true }).click()
  await drawer.getByRole('list', { name: 'What came of it' }).getByText('session.plan_adopted').first().waitFor()
  await page.reload()
  await page.getByRole('dialog').getByText('"Of the log"').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  await page.getByRole('textbox', { name: 'Session' }).fill('')
  // What comes now is new to the list of all sessions, and not yet part of it.
  const listed = page.waitForResponse((answer) =>
    /\/v1\/events\?.*type=session\.started(?!.*[?&]session=)/.test(answer.url()),
  )
  await page.keyboard.press('Enter')
  await listed
  await startSession('Comes later')
  await page.getByRole('button', { name: '1 new' }).click()
  await eventually(async () => (await rowsOf(page).count()) === 2)
  await page.getByText('Live tail').click()
  await startSession('Comes by itself')
  await eventually(async () => (await rowsOf(page).count()) === 3)
  assert.equal(complaints, [])
  await page.close()
})

test('the slider goes through the versions of a session, by hand, by keys and by itself, and the link leads back', async () => {
  const id = await endedSession('As it was')
  const page = await open(`/sessions/${id}/events?at=2`)
  const complaints = complaintsOf(page, casebook.url)
  const slider = page.getByRole('slider', { name: 'Version' })
  const changes = page.getByRole('table', { name: 'What differs' })
  const status = changes.getByRole('row').filter({ has: page.getByText('status', { exact: true }) })
  await status.getByText('completed').waitFor()
  assert.is(await slider.getAttribute('aria-valuenow'), '2')

  await slider.focus()
  await page.keyboard.press('End')
  await page.getByText('Nothing differs.').waitFor()
  const last = Number(await slider.getAttribute('aria-valuenow'))
  assert.ok(last > 5)
  await page.keyboard.press('Home')
  await eventually(() => /[?&]at=1(&|$)/.test(page.url()))
  await page.locator('body').press('.')
  await eventually(() => /[?&]at=2(&|$)/.test(page.url()))
  await page.getByText('By this event').click()
  await changes.getByText('executions', { exact: false }).first().waitFor()
  await page.goto(`${casebook.url}/sessions/${id}/events?at=${last - 2}`)
  await page.getByRole('button', { name: 'Play' }).click()
  await eventually(() => page.url().includes(`at=${last}`), { withinMs: 60_000 })
  // From its end it plays again from its beginning, and stays at no version: each is heard of as it comes.
  await Promise.all([page.waitForURL(/[?&]at=2(&|$)/), page.getByRole('button', { name: 'Play' }).click()])
  await slider.press('Home')
  await eventually(() => /[?&]at=1(&|$)/.test(page.url()))
  await rowsOf(page).filter({ hasText: 'session.plan_adopted' }).getByRole('button').click()
  await page.getByText('JSON', { exact: true }).click()
  await page.getByRole('region', { name: 'The event as JSON' }).getByText('casebook.session.plan_adopted').waitFor()
  await page.getByRole('button', { name: 'Check the chain' }).click()
  await page.getByText('each hash follows from the one before').waitFor()
  assert.equal(complaints, [])
  await page.close()
})

test('a fork goes on from the version that is looked at, with something changed', async () => {
  const id = await endedSession('The source')
  const page = await open(`/sessions/${id}/events?at=5`)
  await page.getByRole('button', { name: 'Fork from here' }).click()
  const form = page.getByRole('dialog', { name: 'Fork the session' })
  assert.is(await form.getByRole('textbox', { name: 'From version' }).inputValue(), '5')
  await form.getByRole('combobox', { name: 'Another result of a call' }).selectOption({ index: 1 })
  await form.getByRole('textbox', { name: /^Result of host__/ }).waitFor()
  await form.getByRole('combobox', { name: 'Another result of a call' }).selectOption('None')
  await form.getByRole('textbox', { name: 'Title' }).fill('The disk had been empty')
  await form.getByRole('textbox', { name: 'Instructions' }).fill('Doubt every figure.')
  assert.equal(await seriousOn(page), [])
  await form.getByRole('button', { name: 'Fork', exact: true }).click()
  await page.getByRole('heading', { name: 'The disk had been empty' }).waitFor()
  const made = /\/sessions\/(ses_\w+)$/.exec(page.url())?.[1] ?? ''
  assert.is((await readSession(made)).fork?.at, 5)
  await page.getByRole('link', { name: 'Event log' }).click()
  await rowsOf(page).filter({ hasText: 'session.forked' }).waitFor()
  await page.close()
})

test('the end of a long log is reached in the other order, and nothing between is read', async () => {
  const id = 'ses_01M7ZZZZZZZZZZZZZZZZZZZZ77'
  const body = `${longSession(id, 150).join('\n')}\n`
  const headers = { 'content-type': 'application/x-ndjson' }
  assert.ok((await fetch(`${casebook.url}/v1/import`, { method: 'POST', headers, body })).ok)
  await eventually(async () => (await fetch(`${casebook.url}/v1/sessions/${id}`)).ok)
  const page = await open(`/sessions/${id}/events`)
  await rowsOf(page).filter({ hasText: 'session.started' }).waitFor()
  const further: string[] = []
  page.on('request', (request) => {
    if (/\/v1\/events\?.*cursor=/.test(request.url())) further.push(request.url())
  })
  await page.getByRole('region', { name: 'Events' }).focus()
  await page.keyboard.press('End')
  await rowsOf(page).filter({ hasText: 'session.ended' }).waitFor()
  assert.is(await page.getByRole('combobox', { name: 'Order' }).inputValue(), 'desc')
  assert.equal(further, [])
  const focused = 'document.activeElement?.getAttribute("aria-label")'
  assert.is(await page.evaluate(focused), 'Events')
  await page.getByRole('button', { name: 'To the oldest' }).click()
  await rowsOf(page).filter({ hasText: 'session.started' }).waitFor()
  await page.close()
})

test('the log has no serious fault of accessibility, in light or dark, on a desk or on a phone', async () => {
  const id = await endedSession('Read by everybody')
  const withRows = (page: Page) => rowsOf(page).first().waitFor()
  for (const path of ['/events', `/sessions/${id}/events?at=3`, `/sessions/${id}/events?at=3&show=causes`]) {
    assert.equal(await faultsAt(browser, `${casebook.url}${path}`, withRows), [])
  }
  const event = `/sessions/${id}/events?at=3&show=event`
  const withJson = (page: Page) => page.getByRole('region', { name: 'The event as JSON' }).waitFor()
  assert.equal(await faultsAt(browser, `${casebook.url}${event}`, withJson), [])
})

test.run()
