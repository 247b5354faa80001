// What axe says of a page: on a desk and on a phone, in light and in dark.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { z } from 'zod'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const findings = z.object({
  violations: z.array(
    z.object({ id: z.string(), impact: z.string().nullish(), nodes: z.array(z.object({ html: z.string() })) }),
  ),
})

/** One that ends may set off the next: a child follows the colour of its parent. What has just been opened begins to move two frames later. */
const transitionsEnded = `(async () => {
  const running = () => document.getAnimations().filter((each) => each instanceof CSSTransition && each.playState !== 'finished')
  do {
    await Promise.allSettled(running().map(({ finished }) => finished))
    for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame)
  } while (running().length > 0)
})()`

/** Violations of WCAG A and AA that axe calls serious or worse. */
export const seriousOn = async (page: Page): Promise<readonly string[]> => {
  // A colour on its way to another one is neither.
  await page.evaluate(transitionsEnded)
  await page.evaluate(axe)
  const run = `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`
  const { violations } = findings.parse(JSON.parse(JSON.stringify(await page.evaluate(run))))
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** The page follows in a script of its own, later on a busy machine. */
export const dressed = async (page: Page, colorScheme: 'light' | 'dark'): Promise<void> => {
  await page.emulateMedia({ colorScheme })
  await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' })
}

/** The same, and what is wider than the screen, at both sizes and in both schemes. `ready` waits for what the page is about. */
export const faultsAt = async (
  browser: Browser,
  address: string,
  ready: (page: Page) => Promise<unknown>,
): Promise<readonly string[]> => {
  const faults: string[] = []
  for (const size of [
    { width: 1280, height: 800 },
    { width: 390, height: 800 },
  ]) {
    const page = await browser.newPage({ viewport: size })
    page.setDefaultTimeout(90_000)
    await page.goto(address)
    await ready(page)
    for (const colorScheme of ['light', 'dark'] as const) {
      await dressed(page, colorScheme)
      faults.push(...(await seriousOn(page)).map((fault) => `${address} ${size.width} ${colorScheme} ${fault}`))
    }
    if (await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')) {
      faults.push(`${address} is wider than ${size.width}`)
    }
    await page.close()
  }
  return faults
}
