// A real Chromium without a window: found, or installed from the system's packages where that is allowed.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const find = (): string | undefined => places.find((place) => existsSync(place))

const findOrInstall = (): string => {
  const found = find()
  if (found !== undefined) return found
  try {
    // Another test file may be at it: the lock is waited for, and what that one installed is then there already.
    const waiting = ['-o', 'DPkg::Lock::Timeout=300']
    execFileSync('apt-get', [...waiting, 'install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      stdio: 'ignore',
    })
  } catch {
    // Told below.
  }
  const installed = find()
  if (installed === undefined) throw new Error('Chromium is missing; install it with: sudo apt-get install chromium')
  return installed
}

export const startBrowser = (): Promise<Browser> =>
  // Its sandbox needs a user other than root, which CI often is.
  chromium.launch({ executablePath: findOrInstall(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })

/** The page has nothing else to do: what it has just drawn listens to the keyboard, and is measured. */
export const atRest = (page: Page): Promise<unknown> =>
  page.evaluate('new Promise((resolve) => requestIdleCallback(() => resolve(null)))')

/** What the page complained of: errors of scripts, refusals of its policy, requests to anywhere else. */
export const complaintsOf = (page: Page, origin: string): readonly string[] => {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) complaints.push(request.url())
  })
  return complaints
}
