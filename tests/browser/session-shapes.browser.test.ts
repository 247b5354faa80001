// What a session's page makes of shapes that few sessions have: cycles of a review, and what tool servers ask: choices, links.
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { seriousOn } from '../support/accessibility.ts'
import { type Asking, callsTool, hostileTransport, says, startBadDays } from '../support/bad-days-world.ts'
import { complaintsOf, startBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'

const world = await startBadDays((url) => ({
  defaults: { provider: 'scripted', model_attempts: 2, max_iterations: 6 },
  providers: { scripted: { base_url: url, model: 'some-model' } },
  mcp_servers: { hostile: { transport: hostileTransport } },
  agents: {
    builder: { instructions: 'You build.' },
    reviewer: { instructions: 'You review.' },
    worker: { mcp_servers: ['hostile'] },
  },
  chains: {
    asking: { stages: [{ name: 'working', agent: 'worker' }] },
    loop: {
      stages: [
        { name: 'build', agent: 'builder' },
        { name: 'review', agent: 'reviewer', loop: { back_to: 'build', max_cycles: 2, until: 'approved' } },
      ],
    },
  },
}))
await world.start()
const browser = await startBrowser()
test.after(async () => {
  await browser.close()
  await world.close()
})

const open = async (asking: Asking): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> => {
  const id = await world.open(asking)
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  page.setDefaultTimeout(60_000)
  const complaints = complaintsOf(page, world.url(''))
  await page.goto(world.url(`/sessions/${id}`))
  await page.getByRole('feed').waitFor()
  return { page, complaints }
}
const feed = (page: Page) => page.getByRole('feed')
const banner = (page: Page) => page.getByRole('region', { name: 'Waiting for a person' })
const calling =
  (tool: string): Asking['script'] =>
  ({ number, results }) =>
    number === 1 ? callsTool(tool, {}) : says(`It said: ${results.join()}`)

test('stages of a loop say in which cycle they stand, in the tree and in the story', async () => {
  let reviews = 0
  const { page, complaints } = await open({
    title: 'twice round',
    chain: 'loop',
    script: ({ request }) => {
      if (!request.messages.some(({ content }) => content?.includes('You review.') === true)) return says('Built.')
      return says(
        `${++reviews === 1 ? 'The tests are missing.' : 'Good.'}\n\nVerdict: ${reviews === 1 ? 'rejected' : 'approved'}`,
      )
    },
  })
  await feed(page).getByRole('article', { name: 'Session completed' }).waitFor()
  const tree = page.getByRole('navigation', { name: 'Stages and agents' })
  await tree.getByText('Review cycle 2 of 2').first().waitFor()
  await eventually(
    async () =>
      (await tree.getByText('Review cycle 1 of 2').count()) === 1 &&
      (await tree.getByText('Review cycle 2 of 2').count()) === 2,
  )
  await tree.getByRole('button', { name: /^review Review cycle 1 of 2/ }).click()
  await feed(page)
    .getByRole('article', { name: /^Review cycle 2 of 2/ })
    .waitFor()
  assert.equal(await seriousOn(page), [])
  assert.equal(complaints, [])
  await page.close()
})

test('a tool server lets one choose: one of some, some of some, a number, yes or no', async () => {
  const { page, complaints } = await open({
    title: 'choices',
    chain: 'asking',
    script: calling('hostile__ask_choices'),
  })
  await banner(page).getByText('How is it to be done?').waitFor()
  assert.equal(await seriousOn(page), [])
  await banner(page).getByRole('combobox', { name: 'Region' }).click()
  await page.getByRole('option', { name: 'Europe' }).click()
  await banner(page).getByRole('combobox', { name: 'Parts' }).press('ArrowDown')
  await page.getByRole('option', { name: 'load' }).click()
  await page.keyboard.press('Escape')
  await banner(page).getByLabel('Hosts').fill('3')
  await banner(page).getByLabel('Quietly').check()
  await banner(page).getByRole('button', { name: 'Answer', exact: true }).click()
  const said = 'It said: accept: {"region":"eu","parts":["load"],"hosts":3,"quietly":true}'
  await feed(page).getByText(said).first().waitFor()
  assert.equal(complaints, [])
  await page.close()
})

test('a link that a tool server wants opened says where it leads, and is done, or declined', async () => {
  for (const [button, said] of [
    ['I did what it asks', 'accept by link'],
    ['Decline', 'decline by link'],
  ] as const) {
    const { page, complaints } = await open({ title: said, chain: 'asking', script: calling('hostile__ask_link') })
    await banner(page).getByText('Sign in first.').waitFor()
    const link = banner(page).getByRole('link', { name: 'https://sign-in.example/shop' })
    assert.is(await link.getAttribute('rel'), 'noreferrer noopener')
    assert.equal(await seriousOn(page), [])
    await banner(page).getByRole('button', { name: button }).click()
    await feed(page).getByText(`It said: ${said}`).first().waitFor()
    assert.equal(complaints, [])
    await page.close()
  }
})

test.run()
