// The machinery in a real browser against the real process: a rebuild as it goes, a verification that finds something, parked messages decided about.
import { jetstream } from '@nats-io/jetstream'
import { Client } from 'pg'
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { alertSubject, commandSubject } from '../../infra/jetstream/subjects.ts'
import { faultsAt } from '../support/accessibility.ts'
import { endOf, nothingBehind } from '../support/ask-casebook.ts'
import { complaintsOf } from '../support/browser.ts'
import { startDashboard } from '../support/dashboard-world.ts'
import { eventually } from '../support/eventually.ts'
import { fillLog } from '../support/fill-log.ts'
import { holdProjection, isBatchHeld, letOneBatchGo } from '../support/hold-projection.ts'
import { quiet, startNats, startPostgres } from '../support/servers.ts'

const patient = { withinMs: 60_000 }
const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
const { casebook, browser, open, close } = await startDashboard(() => ({
  NATS_URL: nats.url,
  DATABASE_URL: postgres.url,
  CASEBOOK_REBUILDS: '1',
}))
const connection = await connectNats(nats.url, 'test', quiet)
const database = new Client({ connectionString: postgres.url })
await database.connect()
test.after(async () => {
  await database.end()
  await connection.close()
  await close()
  await Promise.all([nats.stop(), postgres.stop()])
})

const get = async (path: string): Promise<string> => (await fetch(`${casebook.url}${path}`)).text()
const session = { sessionId: 'ses_LATER', title: 'Comes later', input: { text: 'x' }, labels: {} }
const park = async (): Promise<void> => {
  const client = jetstream(connection)
  await client.publish(alertSubject('default'), 'no alert')
  const ask = JSON.stringify({ sessionId: session.sessionId, text: 'What was it?' })
  await client.publish(commandSubject('default', 'AskSession'), ask, { msgID: 'ask-later' })
  await eventually(async () => (await get('/metrics')).includes('casebook_dead_letters 2'), patient)
}

test('a parked message is retried when its time has come, and another is dropped with a reason', async () => {
  await park()
  const page = await open('/operations')
  const complaints = complaintsOf(page, casebook.url)
  await page.getByText('intake: dead letters').waitFor()
  await jetstream(connection).publish(commandSubject('default', 'StartSession'), JSON.stringify(session))
  await endOf(casebook.url, session.sessionId)

  await page.getByRole('link', { name: 'Dead letters' }).click()
  const letters = page.getByRole('table', { name: 'Dead letters' })
  await letters.getByRole('button', { name: /session_not_found/ }).click()
  const letter = page.getByRole('dialog', { name: 'A parked message' })
  await letter.getByText('What was it?').waitFor()
  await letter.getByRole('button', { name: 'Retry' }).click()
  await letter.getByText('Given back by').waitFor()
  await eventually(async () => (await get('/v1/sessions/ses_LATER/events')).includes('question_asked'), patient)

  await page.keyboard.press('Escape')
  await letters.getByRole('button', { name: /unreadable_alert/ }).click()
  assert.is(await letter.getByRole('button', { name: 'Drop' }).isDisabled(), true)
  await letter.getByLabel('Why it is dropped').fill('only noise')
  await letter.getByRole('button', { name: 'Drop' }).click()
  await letter.getByText('only noise').waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('0 open').waitFor()
  await page.getByLabel('Status').selectOption('all')
  await letters.getByText('retried', { exact: true }).waitFor()
  await letters.getByText('dropped', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Health' }).click()
  await page.getByText('No warnings.').waitFor()
  assert.equal(complaints, [])
  await page.close()
})

/** A rebuild of the timeline stands still at its first batch until it is let go. */
const holdTimeline = () => holdProjection(database, 'timeline', 'next')

const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

test('a rebuild shows its progress and takes its place, and a verification lists the rows that differ', async () => {
  const page = await open('/operations/read-models')
  const complaints = complaintsOf(page, casebook.url)
  const timeline = part(page, 'timeline')
  await timeline.getByText('generation 1', { exact: false }).waitFor()
  const letGo = await holdTimeline()
  await timeline.getByRole('button', { name: 'Rebuild' }).click()
  await timeline.getByRole('progressbar', { name: 'Rebuild of timeline' }).waitFor({ state: 'attached' })
  await timeline.getByText('Rebuild 2: 0 %').waitFor()
  await letGo()
  await timeline.getByText('generation 2', { exact: false }).waitFor()
  await timeline.getByRole('progressbar').waitFor({ state: 'detached' })
  await timeline.getByRole('button', { name: 'Drop what was replaced (1)' }).click()
  await timeline.getByRole('button', { name: 'Drop what was replaced (1)' }).waitFor({ state: 'detached' })

  await timeline.getByRole('button', { name: 'Verify' }).click()
  await timeline.getByText('✓ Verified').waitFor()
  const changed = await database.query(`UPDATE timeline_live.timeline SET title = 'Written by hand'`)
  assert.ok((changed.rowCount ?? 0) > 0)
  await timeline.getByRole('button', { name: 'Verify' }).click()
  const differences = page.getByRole('table', { name: 'Differences of timeline' })
  await differences.getByText('changed').first().waitFor()
  await differences.getByText('title').first().waitFor()
  assert.equal(complaints, [])
  await page.close()
})

test('a rebuild that waits for its turn is paused, resumed and cancelled', async () => {
  const page = await open('/operations/read-models')
  const alerts = part(page, 'alerts')
  const letGo = await holdTimeline()
  await part(page, 'timeline').getByRole('button', { name: 'Rebuild' }).click()
  await part(page, 'timeline').getByRole('progressbar').waitFor({ state: 'attached' })
  await alerts.getByRole('button', { name: 'Rebuild' }).click()
  await alerts.getByText('queued', { exact: false }).waitFor()
  await alerts.getByRole('button', { name: 'Pause' }).click()
  await alerts.getByText('paused', { exact: false }).first().waitFor()
  await alerts.getByRole('button', { name: 'Resume' }).click()
  await alerts.getByText('queued', { exact: false }).waitFor()
  await alerts.getByRole('button', { name: 'Cancel' }).click()
  await alerts.getByRole('progressbar').waitFor({ state: 'detached' })
  await alerts.getByText('generation 1', { exact: false }).waitFor()
  await letGo()
  // Its end would be taken for that of the next one.
  await part(page, 'timeline').getByRole('progressbar').waitFor({ state: 'detached' })
  await page.close()
})

/** Some batches of a rebuild, whose size is 4,000 and more while nobody reads. */
const filled = 24_000

test('the bar of a rebuild moves batch by batch; under way it is paused where it stands, resumed and cancelled', async () => {
  const at = new Date().toISOString()
  const sessions = Array.from({ length: filled }, (_, index) => `Filled ${index}`)
  await fillLog(
    nats.url,
    sessions.map((title) => ({ title, labels: {}, at, status: 'completed' })),
  )
  await nothingBehind(casebook.url)
  const page = await open('/operations/read-models')
  const timeline = part(page, 'timeline')
  await timeline.getByText('nothing behind').waitFor()
  const generation = await timeline.getByText('generation', { exact: false }).textContent()
  const letGo = await holdTimeline()
  const oneBatch = async (): Promise<void> => {
    await eventually(() => isBatchHeld(database), patient)
    await letOneBatchGo(database)
  }
  const bar = timeline.getByRole('progressbar', { name: 'Rebuild of timeline' })
  const percent = async (): Promise<number> => Number(await bar.getAttribute('aria-valuenow'))
  const moved = async (beyond: number): Promise<number> =>
    eventually(async () => {
      const now = await percent()
      return now > beyond && now
    }, patient)
  await timeline.getByRole('button', { name: 'Rebuild' }).click()
  await bar.waitFor({ state: 'attached' })
  assert.is(await percent(), 0)

  await oneBatch()
  const once = await moved(0)
  await oneBatch()
  const twice = await moved(once)
  assert.ok(twice < 100, `${twice}`)
  // It moves there by itself.
  await eventually(async () => {
    const [drawn, whole] = [await bar.boundingBox(), await bar.locator('..').boundingBox()]
    const share = (drawn?.width ?? 0) / (whole?.width ?? 1)
    return share > 0.1 && share < 0.9
  }, patient)

  // What is asked takes its place between two batches: no more of them go on before it waits there, lest the rebuild ends first.
  const isAsked = async (statement: string): Promise<boolean> => {
    const waits = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '${statement}%'`
    return (await database.query(waits)).rowCount === 1
  }
  const isPaused = () => timeline.getByText(/^Rebuild \d+: .* paused$/).isVisible()
  await timeline.getByRole('button', { name: 'Pause' }).click()
  const pausing = `UPDATE casebook.projection SET state = ''paused''`
  await eventually(async () => (await isPaused()) || (await isAsked(pausing)), patient)
  await eventually(async () => {
    await letOneBatchGo(database)
    return isPaused()
  }, patient)
  const stopped = await percent()
  await letGo()
  // The first of two may have been read before.
  for (let nth = 0; nth < 2; nth++) await page.waitForResponse(/\/v1\/projections$/)
  assert.is(await percent(), stopped)
  await holdTimeline()
  await timeline.getByRole('button', { name: 'Resume' }).click()
  await oneBatch()
  assert.ok((await moved(stopped)) < 100)

  const isGone = async (): Promise<boolean> => (await bar.count()) === 0
  await timeline.getByRole('button', { name: 'Cancel' }).click()
  await eventually(async () => (await isGone()) || (await isAsked('DELETE FROM casebook.projection')), patient)
  await eventually(async () => {
    await letOneBatchGo(database)
    return isGone()
  }, patient)
  await letGo()
  assert.is(await timeline.getByText('generation', { exact: false }).textContent(), generation)
  await page.close()
})

test('handlers, tool servers, costs and the configuration are shown as they are', async () => {
  const page = await open('/operations/handlers')
  const complaints = complaintsOf(page, casebook.url)
  await page.getByRole('row').filter({ hasText: 'agent-runner' }).waitFor()
  await page.getByText('Everything is settled.').waitFor()
  await page.getByRole('link', { name: 'Tool servers' }).click()
  await page.getByRole('button', { name: /host/ }).click()
  await page.getByText('read only').first().waitFor()
  await page.getByRole('link', { name: 'Costs' }).click()
  const costs = page.getByRole('table', { name: 'Costs' })
  await costs.getByText('simulator/casebook-simulated').first().waitFor()
  await page.getByLabel('And by').selectOption('agent')
  // One for each day, and midnight may be near.
  await costs.getByRole('button', { name: 'investigator' }).first().click()
  await page.getByRole('button', { name: 'agent investigator ✕' }).waitFor()
  await page.waitForURL(/agent=investigator/)
  await page.getByRole('link', { name: 'Configuration' }).click()
  await page.getByLabel('Chain', { exact: true }).selectOption('thorough')
  await page.getByRole('region', { name: 'chain thorough' }).getByText('config/chains.yaml').first().waitFor()
  await page.getByRole('region', { name: 'Versions' }).getByText('in force').waitFor()
  assert.equal(complaints, [])
  await page.close()
})

test('no part of it has a serious fault of accessibility, in light or dark, on a desk or on a phone', async () => {
  // Each path with words that stand there when it is read.
  const parts = [
    ['', 'durability'],
    ['/read-models', 'tool-calls'],
    ['/handlers', 'agent-runner'],
    ['/dead-letters?status=all', 'dropped'],
    ['/tool-servers', 'host'],
    ['/costs', 'simulator/casebook-simulated'],
    ['/configuration', 'config/chains.yaml:4 (built-in)'],
    ['/evaluations', 'No run of a case. This runs the cases of a folder:'],
  ] as const
  for (const [path, words] of parts) {
    const read = (page: Page) => page.getByRole('main').getByText(words, { exact: true }).last().waitFor()
    assert.equal(await faultsAt(browser, `${casebook.url}/operations${path}`, read), [])
  }
})

test.run()
