// A session of 5,000 events in the browser: there within a moment, scrolled both ways, its evidence found, its long texts whole.
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { dressed, seriousOn } from '../support/accessibility.ts'
import { nothingBehind } from '../support/ask-casebook.ts'
import { callsTool, hostileTransport, says, startBadDays } from '../support/bad-days-world.ts'
import { atRest, complaintsOf, startBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { longSession } from '../support/long-session.ts'

const world = await startBadDays((url) => ({
  defaults: { provider: 'scripted', max_iterations: 6, summarize_results: false },
  providers: { scripted: { base_url: url, model: 'some-model' } },
  mcp_servers: { hostile: { transport: hostileTransport } },
  agents: { worker: { mcp_servers: ['hostile'] } },
  chains: { working: { stages: [{ name: 'working', agent: 'worker' }] } },
}))
await world.start()
const browser = await startBrowser()
test.after(async () => {
  await browser.close()
  await world.close()
})

const open = async (id: string, size = { width: 1280, height: 860 }): Promise<Page> => {
  const page = await browser.newPage({ viewport: size })
  page.setDefaultTimeout(60_000)
  await page.goto(world.url(`/sessions/${id}`))
  await page.getByRole('feed').getByRole('article').first().waitFor()
  return page
}

const long = 'ses_01M7ZZZZZZZZZZZZZZZZZZZZZZ'
const planted = await fetch(world.url('/v1/import'), {
  method: 'POST',
  headers: { 'content-type': 'application/x-ndjson' },
  body: `${longSession(long, 1_657).join('\n')}\n`,
})
if (!planted.ok) throw new Error(await planted.text())
await nothingBehind(world.url(''))

const feedOf = (page: Page) => page.getByRole('feed')
/** The names of the cards in sight, from above. */
const inSight = (page: Page): Promise<readonly string[]> =>
  feedOf(page).evaluate((feed) => {
    const { top, bottom } = feed.getBoundingClientRect()
    return [...feed.querySelectorAll('article')].flatMap((card) => {
      const place = card.getBoundingClientRect()
      return place.bottom > top && place.top < bottom ? [card.textContent ?? ''] : []
    })
  })

test('a session of 5,000 events opens on its latest cards, with its end in sight', async () => {
  const page = await open(long)
  const complaints = complaintsOf(page, world.url(''))
  const started = performance.now()
  await page.reload()
  await page.getByRole('article', { name: 'Session completed' }).waitFor()
  process.stdout.write(`a session of 5,000 events is there after ${Math.round(performance.now() - started)} ms\n`)
  const drawn = await feedOf(page).getByRole('article').count()
  assert.ok(drawn < 60, `${drawn} cards are drawn`)
  assert.equal(complaints, [])
  await page.close()
})

test('scrolled up and down again, it shows every call in its order, and stays where one reads while older ones come', async () => {
  const page = await open(long)
  await page.getByRole('article', { name: 'Session completed' }).waitFor()
  await feedOf(page).hover()
  const numbers = new Set<number>()
  const look = async (): Promise<readonly number[]> => {
    const seen = (await inSight(page)).flatMap((card) => {
      const [, number] = /"number": (\d+)/.exec(card) ?? []
      return number === undefined ? [] : [Number(number)]
    })
    assert.equal(
      seen,
      seen.toSorted((a, b) => a - b),
      'in order',
    )
    for (const each of seen) numbers.add(each)
    return seen
  }
  // As far as the hundredth call from the end: some pages of history.
  const place = () => feedOf(page).evaluate(({ scrollTop }) => scrollTop)
  await eventually(
    async () => {
      // At the top nothing moves until more has come.
      const before = await eventually(place)
      const [first] = await inSight(page)
      await page.mouse.wheel(0, -500)
      // Turned again before it is drawn, the wheel would go past cards that nobody saw. Older ones that come move the place down.
      await eventually(async () => (await place()) < before || (await inSight(page))[0] !== first)
      await atRest(page)
      return (await look()).some((number) => number < 1_557)
    },
    { withinMs: 120_000, everyMs: 30, describe: 'a hundred calls back' },
  )
  const least = Math.min(...numbers)
  const missed = Array.from({ length: 1_657 - least }, (_, index) => least + index).filter((each) => !numbers.has(each))
  assert.ok(missed.length < 10, `never in sight: ${missed.join()}`)
  await page.getByRole('button', { name: 'Jump to live' }).click()
  await eventually(async () => (await inSight(page)).some((card) => card.includes('Session completed')), {
    withinMs: 60_000,
    describe: 'the end is in sight again',
  })
  await page.close()
})

test('a finding leads to its call five thousand events back, and keys lead on from there', async () => {
  const page = await open(long)
  await page.getByLabel('About the session').getByRole('button', { name: 'call 1: host__disk' }).click()
  const label = (): Promise<unknown> => page.evaluate('document.activeElement?.closest("article")?.textContent')
  await eventually(async () => String(await label()).includes('97 %…'), {
    withinMs: 60_000,
    describe: 'call 1 has the focus',
  })
  await atRest(page)
  await page.keyboard.press('j')
  await eventually(
    async () => String(await label()).includes('host__restart') || String(await label()).includes('nope'),
    {
      withinMs: 60_000,
      describe: 'the next card has the focus',
    },
  )
  await page.close()
})

test('on a phone its panes come one at a time, and neither size nor scheme has a serious fault of accessibility', async () => {
  for (const size of [
    { width: 390, height: 800 },
    { width: 1280, height: 860 },
  ]) {
    const page = await open(long, size)
    await page.getByRole('article', { name: 'Session completed' }).waitFor()
    const panes = size.width === 390 ? ['Story', 'Stages', 'About'] : ['']
    for (const pane of panes) {
      if (pane !== '') await page.getByRole('radiogroup').getByText(pane, { exact: true }).click()
      for (const colorScheme of ['light', 'dark'] as const) {
        await dressed(page, colorScheme)
        assert.equal(await seriousOn(page), [], `${pane} ${size.width} ${colorScheme}`)
      }
      assert.is(await page.evaluate('document.documentElement.scrollWidth > window.innerWidth'), false)
    }
    await page.close()
  }
})

test('a result of five megabytes is there by its ends, and whole when it is asked for', async () => {
  const id = await world.open({
    title: 'a long result',
    chain: 'working',
    script: ({ number }) => (number === 1 ? callsTool('hostile__big') : says('It is long.')),
  })
  // A card that is scrolled away while the session goes on is folded again.
  await world.ended(id)
  const page = await open(id)
  const call = page.getByRole('article', { name: 'worker, hostile__big' })
  await call.getByRole('button', { name: /^▸ Result/ }).click()
  await call.getByRole('button', { name: /^Show all 5/ }).click()
  const result = call.getByRole('region', { name: 'Result' })
  // Numbered in sixteens: this one is in the middle of what is shown, and in neither end of it.
  await result.getByText('000000000000c000').waitFor()
  await page.getByText('The first 1.0 MB are shown.').waitFor()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    call.getByRole('button', { name: 'Download' }).click(),
  ])
  const stream = await download.createReadStream()
  let bytes = 0
  for await (const chunk of stream) bytes += chunk.length
  assert.is(bytes, 5 * 65_536 * 16)
  await page.close()
})

test.run()
