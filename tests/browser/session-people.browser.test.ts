// What people do on a session's page: approve, deny, edit, answer, pause, steer, end an agent, fork, and ask afterwards.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { consumerStanding } from '../../schemas/consumer-standing.ts'
import { type Asking, callsTool, hostileTransport, says, startBadDays } from '../support/bad-days-world.ts'
import { complaintsOf, startBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'

const stages = [{ name: 'working', agent: 'worker' }]
const world = await startBadDays((url) => ({
  defaults: { provider: 'scripted', model_attempts: 2, max_iterations: 6 },
  providers: { scripted: { base_url: url, model: 'some-model' } },
  mcp_servers: { hostile: { transport: hostileTransport } },
  agents: { worker: { mcp_servers: ['hostile'], built_in_tools: ['ask_person'] } },
  chains: {
    asking: { stages, tool_policy: { otherwise: { unsafe: 'ask' } } },
    frugal: { stages, budgets: { session: { tool_calls: 1 }, on_reached: 'ask' } },
  },
}))
await world.start()
const browser = await startBrowser()
test.after(async () => {
  await browser.close()
  await world.close()
})

const fileOf = (name: string): string => join(world.folder, `${name}.txt`)
const linesOf = (name: string): readonly string[] =>
  existsSync(fileOf(name)) ? readFileSync(fileOf(name), 'utf8').trim().split('\n') : []

/** Calls one tool, then concludes with what it returned. */
const calling =
  (tool: string, args: object): Asking['script'] =>
  ({ number, results }) =>
    number === 1 ? callsTool(tool, args) : says(`It said: ${results.join()}`)

const complaints = new Map<Page, readonly string[]>()
const open = async (asking: Asking): Promise<Page> => {
  const id = await world.open(asking)
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  page.setDefaultTimeout(60_000)
  complaints.set(page, complaintsOf(page, world.url('')))
  await page.goto(world.url(`/sessions/${id}`))
  await page.getByRole('feed').waitFor()
  return page
}
const article = (page: Page, name: string | RegExp) => page.getByRole('feed').getByRole('article', { name })
const completes = (page: Page): Promise<void> => article(page, 'Session completed').waitFor()
/** A browser complains of each refusal by itself. */
const close = async (page: Page, refusals = 0): Promise<void> => {
  const [...others] = complaints.get(page) ?? []
  assert.is(others.filter((complaint) => complaint.includes('422')).length, refusals)
  assert.equal(
    others.filter((complaint) => !complaint.includes('422')),
    [],
  )
  await page.close()
}
const banner = (page: Page) => page.getByRole('region', { name: 'Waiting for a person' })

test('a call is approved with other arguments, and made with those', async () => {
  const page = await open({
    title: 'approved as edited',
    chain: 'asking',
    script: calling('hostile__append_line', { path: fileOf('edited'), line: 'as written' }),
  })
  await banner(page).getByText('may change something').first().waitFor()
  const field = banner(page).getByLabel('Arguments')
  await field.fill('{ "path": ')
  assert.is(await banner(page).getByRole('button', { name: 'Approve as edited' }).isDisabled(), true)
  await field.fill(JSON.stringify({ path: fileOf('edited'), line: 'as edited' }))
  await banner(page).getByRole('button', { name: 'Approve as edited' }).click()
  await completes(page)
  await article(page, /approved the call, with other arguments/).waitFor()
  assert.equal(linesOf('edited'), ['as edited'])
  await banner(page).waitFor({ state: 'detached' })
  await close(page)
})

test('what does not fit is refused where it is asked, and a denied call is not made: its agent hears the reason', async () => {
  const page = await open({
    title: 'denied',
    chain: 'asking',
    script: calling('hostile__append_line', { path: fileOf('denied'), line: 'x' }),
  })
  await banner(page).getByLabel('Arguments').fill('{"path": 7}')
  await banner(page).getByRole('button', { name: 'Approve as edited' }).click()
  await banner(page).getByText('answer_not_fitting').waitFor()
  await banner(page).getByLabel('Reason to deny').fill('not in business hours')
  await banner(page).getByRole('button', { name: 'Deny' }).click()
  await completes(page)
  await page.getByRole('feed').getByText('not in business hours').first().waitFor()
  assert.equal(linesOf('denied'), [])
  await close(page, 1)
})

test('approved for the session, the same tool is not asked about again; one question comes after the other', async () => {
  const line = (text: string) => ({
    name: 'hostile__append_line',
    arguments: JSON.stringify({ path: fileOf('twice'), line: text }),
  })
  const page = await open({
    title: 'for the session',
    chain: 'asking',
    script: ({ number }) => {
      if (number === 1) return { toolCalls: [line('one')] }
      return number === 2 ? { toolCalls: [line('two')] } : says('Both are written.')
    },
  })
  await banner(page).getByRole('button', { name: 'Approve for the session' }).click()
  await completes(page)
  assert.equal(linesOf('twice'), ['one', 'two'])
  await close(page)
})

test('an agent is answered, and so is a tool server with its form', async () => {
  const question = await open({
    title: 'a question',
    chain: 'asking',
    script: calling('casebook__ask_person', { question: 'Which disk?' }),
  })
  await banner(question).getByText('Which disk?').waitFor()
  await banner(question).getByLabel('Your answer').fill('The one of db-3.')
  await banner(question).getByRole('button', { name: 'Answer', exact: true }).click()
  await completes(question)
  await question.getByRole('feed').getByText('It said: The one of db-3.').first().waitFor()
  await close(question)

  const form = await open({
    title: 'a form',
    chain: 'asking',
    script: calling('hostile__ask_and_read', { path: fileOf('form') }),
  })
  await banner(form).getByText('Which region?').waitFor()
  await banner(form).getByLabel('region').fill('eu')
  await banner(form).getByRole('button', { name: 'Answer', exact: true }).click()
  await completes(form)
  await form.getByRole('feed').getByText('It said: accept: eu').first().waitFor()
  await close(form)
})

test('a budget that is used up is raised, and its bar grows', async () => {
  const page = await open({
    title: 'frugal',
    chain: 'frugal',
    script: ({ number }) =>
      number < 3 ? callsTool('hostile__read_lines', { path: `/nothing/${number}` }) : says('Two files are not there.'),
  })
  await banner(page).getByText('is used up').waitFor()
  const about = page.getByLabel('About the session')
  await about.getByText('1 of 1', { exact: true }).waitFor()
  await banner(page).getByRole('button', { name: 'Raise', exact: true }).click()
  await about.getByText(/^\d of 2$/).waitFor()
  await about.getByText('2 of 2', { exact: true }).waitFor()
  await banner(page).getByRole('button', { name: 'Finish with what there is' }).click()
  await completes(page)
  await close(page)
})

const handlers = z.object({ items: z.array(consumerStanding) })

test('paused, told something, resumed: the session stands still, hears it, and goes on', async () => {
  let heard = ''
  const page = await open({
    title: 'paused',
    chain: 'asking',
    script: ({ number, request, results }) => {
      if (number === 1) return callsTool('hostile__append_line', { path: fileOf('paused'), line: 'x' })
      heard = request.messages.map(({ content }) => content ?? '').join('\n')
      return says(`It said: ${results.join()}`)
    },
  })
  await banner(page).waitFor()
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('button', { name: 'Resume' }).waitFor()
  await article(page, /^Paused by/).waitFor()
  await page.getByLabel('Say something to the agents').fill('Mind the replica.')
  await page.keyboard.press('Enter')
  await page.getByRole('feed').getByText('Mind the replica.').waitFor()
  await banner(page).getByRole('button', { name: 'Approve once' }).click()
  await banner(page).waitFor({ state: 'detached' })
  // Whoever makes calls has heard of the approval.
  await eventually(async () => {
    const { items } = await world.get('/v1/consumers', handlers)
    return items.some(({ consumer, oldest }) => consumer === 'tool-executor' && oldest === null)
  })
  assert.equal(linesOf('paused'), [])
  await page.getByRole('button', { name: 'Resume' }).click()
  await completes(page)
  assert.equal(linesOf('paused'), ['x'])
  assert.match(heard, /Mind the replica\./)
  await close(page)
})

test('one agent is ended with a reason, and a session is cancelled only when it is asked for twice', async () => {
  const ended = await open({
    title: 'one agent',
    chain: 'asking',
    script: calling('casebook__ask_person', { question: 'Anybody?' }),
  })
  await banner(ended).waitFor()
  await ended.getByRole('navigation', { name: 'Stages and agents' }).getByLabel('More about worker').click()
  await ended.getByRole('menuitem', { name: /End worker/ }).click()
  const dialog = ended.getByRole('dialog', { name: 'End worker' })
  await dialog.getByLabel('Reason').fill('on the wrong track')
  await dialog.getByRole('button', { name: 'End worker' }).click()
  await ended.getByRole('feed').getByText('on the wrong track').first().waitFor()
  await close(ended)

  const cancelled = await open({ title: 'cancelled', chain: 'asking', script: () => ({ kind: 'hang' }) })
  await cancelled.getByRole('button', { name: 'Cancel …' }).click()
  await cancelled.getByRole('button', { name: 'Leave it' }).click()
  await cancelled.getByRole('dialog').waitFor({ state: 'detached' })
  await cancelled.getByRole('button', { name: 'Cancel …' }).click()
  await cancelled.getByRole('dialog').getByRole('button', { name: 'Cancel the session' }).click()
  await article(cancelled, 'Session cancelled').waitFor()
  await close(cancelled)
})

test('asked about after its end, a session answers on its page, with the call it makes', async () => {
  const page = await open({
    title: 'asked about',
    chain: 'asking',
    script: ({ request, results }) => {
      const question = request.messages.findLast(({ content }) => content?.startsWith('Question from') === true)
      if (question === undefined) return says('The disk was full.')
      return results.length === 0 ? callsTool('hostile__read_lines', { path: '/nothing' }) : says('Since **noon**.')
    },
  })
  await completes(page)
  await page.getByLabel('Ask about this session').fill('Since when?')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await article(page, 'local, asks').getByText('Since when?').waitFor()
  await article(page, 'chat, hostile__read_lines').waitFor()
  await article(page, 'chat, turn 2').getByText('Since noon.').waitFor()
  await article(page, 'chat, concluded').waitFor()
  await page.reload()
  await article(page, 'chat, turn 2').getByText('Since noon.').waitFor()
  await close(page)
})

test('a finding leads to the call it rests on, and from there a fork goes on with another answer', async () => {
  const script: Asking['script'] = ({ results, request }) => {
    if (results.length === 0) return callsTool('hostile__read_lines', { path: '/nothing' })
    const said = request.messages.some(({ content }) => content?.includes('3 % used') === true) ? 'empty' : 'gone'
    return says(`The file is ${said}.\n\n### Findings\n- The file is ${said} [call 1]\n\nOutcome: conclusive`)
  }
  const page = await open({ title: 'evidence', chain: 'asking', script })
  world.script({ title: 'Had it been empty', script })
  await completes(page)
  const about = page.getByLabel('About the session')
  await about.getByRole('button', { name: 'call 1: hostile__read_lines' }).click()
  const call = article(page, 'worker, hostile__read_lines')
  const focused = 'document.activeElement?.getAttribute("aria-label")'
  await eventually(async () => (await page.evaluate(focused)) === 'worker, hostile__read_lines', {
    withinMs: 60_000,
    describe: 'the call has the focus',
  })
  await call.getByLabel('More about worker').click()
  await page.getByRole('menuitem', { name: /Fork from here/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Fork the session' })
  await dialog.getByLabel('Result of hostile__read_lines').fill('3 % used')
  await dialog.getByLabel('Title').fill('Had it been empty')
  await dialog.getByRole('button', { name: 'Fork', exact: true }).click()
  await page.getByRole('heading', { name: 'Had it been empty' }).waitFor()
  await article(page, /^Forked/).waitFor()
  await completes(page)
  await page.getByLabel('About the session').getByText('The file is empty').first().waitFor()
  await page.getByLabel('About the session').getByText('Goes on from').waitFor()
  await close(page)
})

test.run()
