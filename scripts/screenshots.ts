// `npm run screenshots`: a picture of each page of the dashboard in both themes, of a real process with an invented shop in it.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startBrowser } from '../tests/support/browser.ts'
import { palettePng } from './screenshots/palette-png.ts'
import { pictures } from './screenshots/pictures.ts'
import { startStagedShop } from './screenshots/staged-shop.ts'

const folder = 'docs/screenshots'
const themes = ['light', 'dark'] as const
// Names choose: `npm run screenshots -- session waterfall`.
const only = process.argv.slice(2)
const wanted = pictures.filter(({ name }) => only.length === 0 || only.includes(name))

const shop = await startStagedShop()
const browser = await startBrowser()
try {
  if (only.length === 0) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const { name, route, path, ready } of wanted) {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      timezoneId: 'UTC',
    })
    page.setDefaultTimeout(60_000)
    await page.goto(`${shop.url}${path?.(shop) ?? route}`)
    await ready(page)
    await page.getByText('Live', { exact: true }).waitFor()
    // What is rendered later stands as plain text until then.
    await page.locator('[class*=_plain_]').first().waitFor({ state: 'detached' })
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme })
      // A colour on its way to another one is neither, and lists come a moment after their heading.
      await page.waitForTimeout(500)
      const png = await page.screenshot({ animations: 'disabled', caret: 'hide' })
      writeFileSync(join(folder, `${name}.${colorScheme}.png`), palettePng(png))
    }
    process.stdout.write(`${name}\n`)
    await page.close()
  }
} finally {
  await browser.close()
  await shop.stop()
}
const bytes = readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
process.stdout.write(`${folder}: ${Math.round(bytes / 1000)} kB\n`)
