// The dashboard as a person meets it: the real process on data of its own, a real browser, its pages, and sessions to look at.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { z } from 'zod'
import { endOf } from './ask-casebook.ts'
import { atRest, startBrowser } from './browser.ts'
import { type CasebookProcess, startCasebook } from './casebook-process.ts'
import { eventually } from './eventually.ts'
import { temporaryFolder } from './servers.ts'

export interface DashboardWorld {
  readonly casebook: CasebookProcess
  readonly browser: Browser
  readonly dataFolder: string
  /** A page of its own, once its heading is there and it listens to the keyboard. */
  open(path: string, size?: { readonly width: number; readonly height: number }): Promise<Page>
  /** One that lists have from now on. */
  startSession(title: string): Promise<string>
  /** A session that nothing changes any more: what axe reads stands still. */
  endedSession(title: string): Promise<string>
  close(): Promise<void>
}

const written = z.object({ id: z.string(), sequence: z.int() })

/** `environment` gets a folder that is removed in the end. */
export const startDashboard = async (
  environment: (folder: string) => Readonly<Record<string, string>> = () => ({}),
): Promise<DashboardWorld> => {
  const folder = temporaryFolder()
  const dataFolder = join(folder, 'data')
  const casebook = await startCasebook({ CASEBOOK_DATA_DIR: dataFolder, ...environment(folder) })
  const browser = await startBrowser()
  const startSession = async (title: string): Promise<string> => {
    const answer = await fetch(`${casebook.url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title, input: 'Look at the load of this machine.' }),
    })
    const { id, sequence } = written.parse(await answer.json())
    await eventually(async () => (await fetch(`${casebook.url}/v1/sessions/${id}?after=${sequence}`)).ok)
    return id
  }
  return {
    casebook,
    browser,
    dataFolder,
    open: async (path, viewport = { width: 1280, height: 800 }) => {
      const page = await browser.newPage({ viewport, permissions: ['clipboard-read', 'clipboard-write'] })
      page.setDefaultTimeout(60_000)
      await page.goto(`${casebook.url}${path}`)
      await page.locator('h1').first().waitFor()
      await atRest(page)
      return page
    },
    startSession,
    endedSession: async (title) => {
      const id = await startSession(title)
      await endOf(casebook.url, id)
      return id
    },
    close: async () => {
      await browser.close()
      await casebook.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
