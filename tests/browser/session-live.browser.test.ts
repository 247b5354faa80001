// A session's page while text is being written: reloaded, and with its server killed and started again under it.
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { freePort } from '../../infra/embedded/free-port.ts'
import { startBadDays } from '../support/bad-days-world.ts'
import { startBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { startSteppedModel } from '../support/stepped-model.ts'

const words = Array.from({ length: 200 }, (_, index) => `word${String(index).padStart(4, '0')}`)
const text = words.join(' ')
/** The simulator's wire has pieces of this length. */
const perPiece = 24
const whole = Math.ceil(text.length / perPiece) + 2

const model = await startSteppedModel(text)
const world = await startBadDays(() => ({
  defaults: { provider: 'stepped', model_attempts: 5, model_backoff_seconds: 0.05 },
  providers: { stepped: { base_url: model.url, model: 'stepped' } },
  agents: { worker: { built_in_tools: ['send_message'] } },
  chains: { working: { stages: [{ name: 'working', agent: 'worker' }] } },
}))
// Its address stays: started again, it is where the pages look for it.
await world.start({ CASEBOOK_PORT: String(await freePort()) })
const browser = await startBrowser()
test.after(async () => {
  await browser.close()
  await model.close()
  await world.close()
})

const openPage = async (id: string): Promise<Page> => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(60_000)
  await page.goto(world.url(`/sessions/${id}`))
  await page.getByRole('feed').waitFor()
  return page
}
const openSession = (title: string): Promise<string> =>
  world.open({ title, chain: 'working', script: () => ({ text: 'not asked' }) })

/** All words of the agent's turns, written or being written, in their order. */
const wordsOn = async (page: Page): Promise<readonly string[]> => {
  const turns = await page.getByRole('article', { name: /turn \d+(, writing)?$/ }).allInnerTexts()
  return turns.join('\n').match(/word\d{4}/g) ?? []
}
const shows = (page: Page, count: number): Promise<unknown> =>
  eventually(async () => JSON.stringify(await wordsOn(page)) === JSON.stringify(words.slice(0, count)), {
    withinMs: 60_000,
    everyMs: 50,
    describe: `${count} words, each once`,
  })
/** How many whole words stand in so many pieces. */
const within = (written: number): number => (text.slice(0, written * perPiece).match(/word\d{4}/g) ?? []).length

test('reloaded in the middle of a text, a page shows each word once: what was there, what comes, and the whole', async () => {
  model.letWrite(20)
  const id = await openSession('reloaded')
  const page = await openPage(id)
  await shows(page, within(20))
  await page.reload()
  await shows(page, within(20))
  model.letWrite(40)
  await shows(page, within(40))
  await page.reload()
  model.letWrite(whole)
  await page.getByRole('article', { name: 'Session completed' }).waitFor()
  await shows(page, words.length)
  await page.reload()
  await page.getByRole('article', { name: 'Session completed' }).waitFor()
  await shows(page, words.length)
  await page.close()
})

test('its server killed and started again, an open page heals without a reload, and says after ten seconds that it is old', async () => {
  model.letWrite(20)
  const id = await openSession('killed')
  const page = await openPage(id)
  await shows(page, within(20))
  await page.evaluate('window.neverReloaded = true')
  const { port } = new URL(world.url(''))
  const killed = performance.now()
  await world.kill()
  await page.getByText('Offline: what you see may be old').waitFor()
  assert.ok(performance.now() - killed > 9_000, 'not before ten seconds')
  // What was there stays to be read.
  assert.is((await wordsOn(page)).length, within(20))
  const before = model.asked()
  model.letWrite(10)
  await world.start({ CASEBOOK_PORT: port })
  await page.getByText('Live', { exact: true }).waitFor()
  await eventually(() => model.asked() > before, { withinMs: 60_000, describe: 'the model is asked again' })
  model.letWrite(30)
  await shows(page, within(30))
  model.letWrite(whole)
  await page.getByRole('article', { name: 'Session completed' }).waitFor()
  await shows(page, words.length)
  assert.is(await page.evaluate('window.neverReloaded'), true)
  await page.close()
})

test('a session opened while its server is away is there as soon as the server is', async () => {
  model.letWrite(whole)
  const id = await openSession('Opened too early')
  await world.ended(id)
  const page = await openPage(id)
  await page.getByRole('link', { name: 'Sessions' }).first().click()
  await page.getByRole('heading', { name: 'Sessions', exact: true }).waitFor()
  const { port } = new URL(world.url(''))
  await world.kill()
  await page.goBack()
  await page.getByText('Casebook does not answer').waitFor()
  await world.start({ CASEBOOK_PORT: port })
  await page.getByRole('article', { name: 'Session completed' }).waitFor()
  await page.close()
})

test.run()
