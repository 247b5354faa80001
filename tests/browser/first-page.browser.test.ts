// What a browser loads before the first page stands: counted as it comes over the wire.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { atRest, complaintsOf } from '../support/browser.ts'
import { startDashboard } from '../support/dashboard-world.ts'

const { casebook, browser, close } = await startDashboard()
test.after(close)

const loaded = z.array(z.object({ name: z.string(), bytes: z.number() }))

test('the first page comes in 200 kB: scripts and styles, compressed', async () => {
  const page = await browser.newPage()
  const complaints = complaintsOf(page, casebook.url)
  await page.goto(casebook.url)
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  await page.getByText('Live', { exact: true }).waitFor()
  const files = loaded.parse(
    await page.evaluate(
      `performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/')).map(({ name, encodedBodySize }) => ({ name, bytes: encodedBodySize }))`,
    ),
  )
  const bytes = files.reduce((sum, each) => sum + each.bytes, 0)
  process.stdout.write(`first page: ${files.length} files, ${Math.round(bytes / 1000)} kB\n`)
  assert.ok(bytes > 0)
  assert.ok(bytes <= 200_000, JSON.stringify(files))
  await atRest(page)
  await page.keyboard.press('Control+k')
  await page.getByRole('textbox', { name: 'Go to' }).fill('alerts')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Alerts' }).waitFor()
  assert.equal(complaints, [])
  await page.close()
})

test.run()
