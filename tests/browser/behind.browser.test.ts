// What a session's page reads beside its stream, while the read model it is read from is behind: never for good what was true before.
import { Client } from 'pg'
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { callsTool, hostileTransport, says, startBadDays } from '../support/bad-days-world.ts'
import { startBrowser } from '../support/browser.ts'
import { holdProjection } from '../support/hold-projection.ts'

const stages = [{ name: 'working', agent: 'worker' }]
const world = await startBadDays((url) => ({
  defaults: { provider: 'scripted', max_iterations: 6 },
  providers: { scripted: { base_url: url, model: 'some-model' } },
  mcp_servers: { hostile: { transport: hostileTransport } },
  agents: { worker: { mcp_servers: ['hostile'], built_in_tools: ['ask_person'] } },
  chains: { asking: { stages } },
}))
await world.start()
const database = new Client({ connectionString: world.postgres.url })
await database.connect()
const browser = await startBrowser()
test.after(async () => {
  await browser.close()
  await database.end()
  await world.close()
})

/** A session that asks two questions and concludes, on its page. */
const open = async (title: string, path = ''): Promise<{ readonly id: string; readonly page: Page }> => {
  const id = await world.open({
    title,
    chain: 'asking',
    script: ({ number }) =>
      number < 3 ? callsTool('casebook__ask_person', { question: `Question ${number}?` }) : says('Both were answered.'),
  })
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  page.setDefaultTimeout(60_000)
  await page.goto(world.url(`/sessions/${id}${path}`))
  return { id, page }
}
const banner = (page: Page) => page.getByRole('region', { name: 'Waiting for a person' })
const answer = async (page: Page, question: string): Promise<void> => {
  await banner(page).getByText(question).waitFor()
  await banner(page).getByLabel('Your answer').fill('Yes.')
  await banner(page).getByRole('button', { name: 'Answer', exact: true }).click()
}

test('a question is shown, though the one before it still counted as open when it was looked for', async () => {
  const { id, page } = await open('two questions')
  await banner(page).getByText('Question 1?').waitFor()
  const letGo = await holdProjection(database, 'inputs', 'live')
  const looked = page.waitForResponse(/\/v1\/inputs\?session=/)
  await answer(page, 'Question 1?')
  assert.match(await (await looked).text(), /Question 1\?/)
  await letGo()
  await answer(page, 'Question 2?')
  await page.getByRole('article', { name: 'Session completed' }).waitFor()
  await world.ended(id)
  await page.close()
})

test('the costs of a session that has ended are those of its end', async () => {
  const { id, page } = await open('its costs')
  await answer(page, 'Question 1?')
  await banner(page).getByText('Question 2?').waitFor()
  const about = page.getByLabel('About the session')
  await about.getByText(/^Costs:/).click()
  await about.getByRole('row', { name: /^worker 18 8 / }).waitFor()
  const letGo = await holdProjection(database, 'costs', 'live')
  await answer(page, 'Question 2?')
  await page.getByRole('article', { name: 'Session completed' }).waitFor()
  // What the page asked for before is answered by now, unless it waits.
  await page.evaluate(`fetch('/v1/sessions/${id}/costs').then((answer) => answer.text())`)
  await letGo()
  await about.getByRole('row', { name: /^worker 27 12 / }).waitFor()
  await page.close()
})

test('the event of a version is shown, though what is searched had not heard of it when its state was read', async () => {
  const { id, page } = await open('its last event', '/events?show=event')
  const json = page.getByRole('region', { name: 'The event as JSON' })
  await json.getByText('session.input_requested').waitFor()
  const letGo = await holdProjection(database, 'audit', 'live')
  const said = await world.post(`/v1/sessions/${id}/messages`, { text: 'Told while it is behind.' })
  assert.is(said.status, 202)
  await json.waitFor({ state: 'detached' })
  await page.evaluate(`fetch('/v1/events?limit=1').then((answer) => answer.text())`)
  await letGo()
  await json.getByText('Told while it is behind.').waitFor()
  await page.close()
})

test.run()
