// The dashboard in a real Chromium: from an event to the eye, how soon a session's page answers, and how smoothly it moves.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { stringify } from 'yaml'
import { z } from 'zod'
import { sendReply, startChatServer } from '../gateways/simulator/chat-server.ts'
import { startBrowser } from '../tests/support/browser.ts'
import { startCasebook } from '../tests/support/casebook-process.ts'
import { eventually } from '../tests/support/eventually.ts'
import { longSession } from '../tests/support/long-session.ts'
import { framesTold, framesWhile, pageClock } from '../tests/support/page-frames.ts'
import { temporaryFolder } from '../tests/support/servers.ts'
import { type Figure, median, ms, percentile, spreadOf } from './measure.ts'

const patient = 120_000
const agents = 64

/** Numbered, because a model that repeats itself is ended. */
const text = Array.from({ length: 20_000 }, (_, index) => `word ${index}`).join(' ')

/** Says a few words every 50 ms for as long as it is asked, or nothing: either way a session stays under way. */
const startTalkingModel = () =>
  startChatServer({
    model: 'talking',
    respond: (exchange) => {
      const silent = exchange.request.messages.some(({ content }) => content.includes('Say nothing.'))
      return sendReply(exchange, { text }, 'talking', { tokenDelayMs: silent ? 3_600_000 : 50 })
    },
  })

const startTalkingCasebook = async () => {
  const folder = temporaryFolder()
  const model = await startTalkingModel()
  mkdirSync(join(folder, 'config'))
  const settings = {
    defaults: { provider: 'talking' },
    providers: {
      talking: {
        base_url: model.url,
        api_key_optional: true,
        model: 'talking',
        call_timeout_seconds: 1_800,
        stall_timeout_seconds: 1_800,
        first_token_timeout_seconds: 1_800,
      },
    },
    agents: {
      talker: { description: 'Talks.', instructions: 'Talk.' },
      listener: { description: 'Listens.', instructions: 'Say nothing.' },
    },
    chains: {
      one: { stages: [{ name: 'listening', agent: 'listener' }] },
      many: { stages: [{ name: 'talking', agent: 'talker', replicas: agents, synthesis: false }] },
    },
  }
  writeFileSync(join(folder, 'config', 'talking.yaml'), stringify(settings))
  const casebook = await startCasebook({
    CASEBOOK_DATA_DIR: join(folder, 'data'),
    CASEBOOK_CONFIG_DIR: join(folder, 'config'),
  })
  return {
    url: casebook.url,
    stop: async (): Promise<void> => {
      await model.close()
      await casebook.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const posted = async (address: string, body: unknown): Promise<string> => {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = await response.text()
  if (!response.ok) throw new Error(`${address}: ${response.status} ${answer}`)
  return answer
}
const started = async (url: string, chain: string): Promise<string> =>
  z
    .object({ id: z.string() })
    .parse(JSON.parse(await posted(`${url}/v1/sessions`, { title: chain, input: 'Talk.', chain }))).id

const open = async (browser: Browser, address: string): Promise<Page> => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
  page.setDefaultTimeout(patient)
  await page.goto(address, { waitUntil: 'commit' })
  return page
}

/** The page's own clock since it was asked for, once an article of this name stands there and nothing else has to be done. */
const interactiveMs = async (page: Page, name: string): Promise<number> =>
  z.number().parse(
    await page.evaluate(`new Promise((resolve) => {
      const look = () => document.querySelector('[role=feed] [aria-label="${name}"]') === null
        ? requestAnimationFrame(look)
        : requestIdleCallback(() => resolve(performance.now()))
      look()
    })`),
  )

/** Both sides read the machine's clock. */
const now = (): number => performance.timeOrigin + performance.now()

/** When each text came on the session's stream, to a client that draws nothing. */
const listen = async (url: string, id: string) => {
  const leaving = new AbortController()
  const { body } = await fetch(`${url}/v1/sessions/${id}/stream`, { signal: leaving.signal })
  const came = new Map<string, number>()
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder()
    let rest = ''
    for await (const chunk of body ?? []) {
      const frames = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n\n')
      rest = frames.pop() ?? ''
      for (const [text] of frames.join().matchAll(/message-\d+-of-many/g)) if (!came.has(text)) came.set(text, now())
    }
  }
  read().catch(() => undefined)
  return { came, leave: () => leaving.abort() }
}

/** Milliseconds from before a message is sent: until it is acknowledged, and until the page has drawn it. */
const seenAfter = async (page: Page, url: string, id: string, text: string) => {
  const seen = page.evaluate(`new Promise((resolve) => {
    const feed = document.querySelector('[role=feed]')
    const look = () => {
      if (!feed.textContent.includes('${text}')) return
      watching.disconnect()
      // Behind the frame that paints it.
      requestAnimationFrame(() => setTimeout(() => resolve(performance.timeOrigin + performance.now())))
    }
    const watching = new MutationObserver(look)
    watching.observe(feed, { childList: true, subtree: true, characterData: true })
    look()
  })`)
  // Told by what is awaited first.
  seen.catch(() => undefined)
  const before = now()
  await posted(`${url}/v1/sessions/${id}/messages`, { text })
  const acknowledged = now() - before
  return { before, acknowledged, drawn: z.number().parse(await seen) - before }
}

const latency = async (browser: Browser, url: string, count: number): Promise<readonly Figure[]> => {
  const id = await started(url, 'one')
  const page = await open(browser, `${url}/sessions/${id}`)
  await page.getByRole('feed').getByRole('article').first().waitFor()
  // Nobody is spoken to before the agent has begun.
  await page.getByLabel('Stages and agents').getByText('listener').waitFor()
  const stream = await listen(url, id)
  const acknowledgements: number[] = []
  const drawings: number[] = []
  const sent = new Map<string, number>()
  for (let index = 0; index < count; index++) {
    const text = `message-${index}-of-many`
    const { before, acknowledged, drawn } = await seenAfter(page, url, id, text)
    sent.set(text, before)
    acknowledgements.push(acknowledged)
    drawings.push(drawn)
  }
  await eventually(() => stream.came.size === count, { withinMs: patient })
  stream.leave()
  await page.close()
  await posted(`${url}/v1/sessions/${id}/cancel`, {})
  const told = (what: string, values: readonly number[]): Figure => ({
    what,
    value: `${ms(percentile(values, 0.5))} / ${ms(percentile(values, 0.99))}`,
  })
  return [
    told('message sent → drawn on the page, p50 / p99', drawings),
    told('  of it until it is acknowledged', acknowledgements),
    told(
      '  until it comes on a stream',
      [...sent].map(([text, before]) => (stream.came.get(text) ?? Number.NaN) - before),
    ),
  ]
}

const openings = async (browser: Browser, url: string, rounds: number): Promise<readonly Figure[]> => {
  const figures: Figure[] = []
  // Each call is three events; the rest of the investigation is the same.
  for (const [events, calls] of [
    [100, 25],
    [5_000, 1_657],
  ] as const) {
    const id = `ses_01M7${String(events).padStart(22, 'Z')}`
    const body = `${longSession(id, calls).join('\n')}\n`
    const imported = await fetch(`${url}/v1/import`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body,
    })
    if (!imported.ok) throw new Error(await imported.text())
    await eventually(async () => (await fetch(`${url}/v1/sessions/${id}`)).ok, { withinMs: patient })
    const took: number[] = []
    const worked: number[] = []
    for (let round = 0; round < rounds; round++) {
      const page = await open(browser, `${url}/sessions/${id}`)
      const clock = await pageClock(page)
      took.push(await interactiveMs(page, 'Session completed'))
      worked.push(await clock())
      await page.close()
    }
    figures.push({
      what: `a session of ${events.toLocaleString('en')} events: interactive after`,
      value: `${ms(median(took))}, ${ms(median(worked))} of a processor`,
      ...(events > 1_000 && { goal: '1 s' }),
      spread: spreadOf(took),
    })
    if (events > 1_000) figures.push(...(await scrolling(browser, `${url}/sessions/${id}`)))
  }
  return figures
}

const scrolling = async (browser: Browser, address: string): Promise<readonly Figure[]> => {
  const page = await open(browser, address)
  await interactiveMs(page, 'Session completed')
  const upwards = await framesWhile(page, '[role=feed]', '(feed) => { feed.scrollTop -= 60 }')
  const down = await framesWhile(page, '[role=feed]', '(feed) => { feed.scrollTop += 60 }')
  await page.close()
  return [
    { what: '  scrolled upwards for 3 s', value: framesTold(upwards) },
    { what: '  scrolled down for 3 s', value: framesTold(down) },
  ]
}

const streaming = async (browser: Browser, url: string): Promise<Figure> => {
  const id = await started(url, 'many')
  const page = await open(browser, `${url}/sessions/${id}`)
  await page
    .getByRole('article', { name: /, writing$/ })
    .nth(2)
    .waitFor()
  const frames = await framesWhile(page, '[role=feed]', '() => undefined', 5_000)
  await page.close()
  await posted(`${url}/v1/sessions/${id}/cancel`, {})
  return { what: `${agents} agents writing at once, for 5 s`, value: framesTold(frames) }
}

export const benchDashboard = async (quick: boolean): Promise<readonly Figure[]> => {
  const casebook = await startTalkingCasebook()
  const browser = await startBrowser()
  try {
    return [
      ...(await latency(browser, casebook.url, quick ? 100 : 1_000)),
      ...(await openings(browser, casebook.url, quick ? 3 : 9)),
      await streaming(browser, casebook.url),
      { what: "the machine's load meanwhile, over 1 min", value: (loadavg()[0] ?? 0).toFixed(1) },
    ]
  } finally {
    await browser.close()
    await casebook.stop()
  }
}
