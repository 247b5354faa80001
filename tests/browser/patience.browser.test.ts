// What a page asks for while Casebook is away: it goes on for as long as that takes, and at once when the stream is back.
import type { Page, Route } from 'playwright-core'
import { test } from 'uvu'
import { startDashboard } from '../support/dashboard-world.ts'
import { eventually } from '../support/eventually.ts'

const { casebook, open, endedSession, close } = await startDashboard()
test.after(close)

const id = await endedSession('While it was away')

/** A page whose timers fire when the test says so: patience is longer than a test. */
const openTimeless = async (): Promise<Page> => {
  const page = await open('/')
  await page.clock.install()
  return page
}

/** From now on something between answers this in Casebook's place. */
const cutOff = async (page: Page, path: RegExp) => {
  let asked = 0
  const answer = async (route: Route): Promise<void> => {
    asked++
    await route.fulfill({ status: 502, body: 'Bad gateway' })
  }
  await page.route(path, answer)
  return { asked: () => asked, heal: () => page.unroute(path, answer) }
}

const noAnswer = (page: Page) => page.getByText('Casebook does not answer.')

const readLate = [
  ['/', /\/v1\/sessions\?limit=1$/, 'Latest sessions'],
  ['/sessions', /\/v1\/sessions\?.*limit=200/, 'While it was away'],
  [`/sessions/${id}/conversation`, /\/v1\/sessions\/.*\/conversation$/, 'While it was away'],
  [`/sessions/${id}/waterfall`, /\/v1\/sessions\/.*\/waterfall/, 'While it was away'],
] as const

test('what is not answered is asked for again and again, which is said, and shown when there is an answer', async () => {
  const page = await openTimeless()
  for (const [path, question, words] of readLate) {
    const away = await cutOff(page, question)
    await page.goto(`${casebook.url}${path}`)
    // No network at all is no reason to give up: Casebook may be on this machine.
    await page.evaluate(`window.dispatchEvent(new Event('offline'))`)
    await eventually(
      async () => {
        await page.clock.runFor(5_000)
        return away.asked() > 8
      },
      { describe: `${path} is asked for again and again` },
    )
    await noAnswer(page).waitFor()
    await away.heal()
    await eventually(
      async () => {
        await page.clock.runFor(1_000)
        return page.getByText(words).first().isVisible()
      },
      { describe: `${path} is shown` },
    )
    await noAnswer(page).waitFor({ state: 'detached' })
  }
  await page.close()
})

test('what waits to be asked again is asked when the stream is back, which what answers in its place is not', async () => {
  const page = await openTimeless()
  const stream = await cutOff(page, /\/v1\/stream\?/)
  const tasks = await cutOff(page, /\/v1\/tasks\?/)
  await page.goto(`${casebook.url}/tasks`)
  await eventually(async () => {
    await page.clock.runFor(1_000)
    return page.getByText('Offline: what you see may be old').isVisible()
  })
  await page.clock.pauseAt(new Date(Date.now() + 600_000))
  const before = tasks.asked()
  await eventually(async () => {
    await page.clock.runFor(100)
    return tasks.asked() > before + 3
  })
  // The next pause has begun, and is longer than that between two attempts of the stream.
  await noAnswer(page).waitFor()
  await Promise.all([stream.heal(), tasks.heal()])
  await eventually(async () => {
    await page.clock.runFor(100)
    return page.getByText('Live', { exact: true }).isVisible()
  })
  await eventually(
    async () => {
      await page.clock.runFor(1)
      return page.getByText('No task yet.').isVisible()
    },
    { withinMs: 30_000 },
  )
  await page.close()
})

test('a page that is opened for the first time while Casebook is away is there when Casebook is', async () => {
  const page = await open('/')
  let looked = 0
  await page.route('**/*', async (route) => {
    if (new URL(route.request().url()).pathname === '/') looked++
    await route.abort()
  })
  await page.getByRole('link', { name: 'Tasks' }).click()
  await eventually(() => looked > 1)
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
  await page.unroute('**/*')
  await page.getByText('No task yet.').waitFor()
  await page.close()
})

test.run()
