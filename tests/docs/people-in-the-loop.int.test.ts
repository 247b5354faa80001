// docs/people-in-the-loop.md: each command runs as it stands against a session that waits as its part says; each answer is as printed.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { valueAt, valuesOf } from '../../domain/persistent-map.ts'
import { toolPolicyOf } from '../../domain/plan/resolve-limits.ts'
import { decideTool } from '../../domain/policy/decide-tool.ts'
import { sessionBudgets } from '../../schemas/budget.ts'
import { elicitationForm } from '../../schemas/elicitation.ts'
import { toolPolicy } from '../../schemas/tool-policy.ts'
import { askPerson, restart, startAsking } from '../gateways/asking.ts'
import { asHandler, defaultOrg, type HttpWorld, startHttpWorld } from '../gateways/http-world.ts'
import { load, removeFolders } from '../infra/configuration-folder.ts'
import { fencedBlocks, readDocument, root, sectionOf } from '../support/markdown.ts'

const page = readDocument('docs/people-in-the-loop.md')
const run = promisify(execFile)

// Not in a hook: what fails here would be hidden by the hook that stops it.
const world = await startHttpWorld()
const { url } = await world.serve()
test.after(async () => {
  removeFolders()
  await world.stop()
})

const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading)

/** A session as the part needs it, and the input its examples are about. */
const prepared = async (heading: string) => {
  const budgets = heading === 'Budgets' ? { session: { tokens: 1000 }, on_reached: 'ask' } : {}
  const policy = toolPolicy.parse(heading === 'Tool servers' ? { otherwise: { unsafe: 'allow' } } : {})
  const asking = await startAsking(world, { size: 2, budgets: sessionBudgets.parse(budgets), policy })
  const question = heading === 'Questions' || heading === 'Budgets'
  if (question) await asking.replies(1, [askPerson, { question: 'Which disk?' }])
  else if (heading === 'Tool servers') return { ...asking, asked: await elicited(asking) }
  else if (sections.indexOf(heading) < sections.indexOf('Pause')) await asking.replies(1, [restart, { unit: 'nginx' }])
  if (heading !== 'Budgets') return { ...asking, asked: asking.input(1) }
  const { type, data } = answerTo(asking, { kind: 'reply', text: 'The first.' })
  await asking.send({ type, data })
  return { ...asking, asked: asking.input(2) }
}

/** The tool server asks in the middle of a call. */
const elicited = async ({ session, call, send, replies, input }: Awaited<ReturnType<typeof startAsking>>) => {
  await replies(1, [restart, { unit: 'nginx' }])
  const begun = { sessionId: session, toolCallId: call(1), attempt: 1 }
  await send({ type: 'BeginToolCall', data: { ...begun, worker: 'w' } })
  const requestedSchema = elicitationForm.parse({
    type: 'object',
    properties: { region: { type: 'string', enum: ['eu', 'us'] }, count: { type: 'integer' } },
    required: ['region'],
  })
  const request = { mode: 'form', requestedSchema } as const
  await send({ type: 'RequestElicitation', data: { ...begun, message: 'Which region?', request } })
  return input(1)
}

const answerTo = (
  { session, input }: Awaited<ReturnType<typeof startAsking>>,
  answer: { readonly kind: 'reply'; readonly text: string } | { readonly kind: 'deny'; readonly reason: string },
) => ({ type: 'AnswerInput', data: { sessionId: session, inputId: input(1), answer } }) as const

/** One that jo has answered. */
const answered = async (): Promise<string> => {
  const asking = await startAsking(world)
  await asking.replies(1, [restart, { unit: 'nginx' }])
  const command = asHandler(answerTo(asking, { kind: 'deny', reason: '' }))
  await world.bus.send({ ...command, metadata: { ...command.metadata, actor: { kind: 'user', id: 'jo' } } })
  return asking.input(1)
}

/** Commands of a block, each with what it goes on to on the next line. */
const commandsOf = (block: string): readonly string[] => block.trim().split(/(?<!\\)\n/)

const runCommand = async (command: string, variables: Readonly<Record<string, string>>) => {
  const prelude = `set -euo pipefail\ncurl() { command curl -w '%{stderr}%{http_code}' "$@"; }\n`
  const { PATH = '', HOME = '' } = process.env
  const { stdout, stderr } = await run('bash', ['-c', prelude + command.replaceAll('http://127.0.0.1:8080', url)], {
    cwd: root,
    env: { PATH, HOME, CASEBOOK_URL: url, ...variables },
    timeout: 120_000,
  })
  return { stdout, status: command.startsWith('curl') ? Number(stderr) : 200 }
}

/** Ids, times and positions are new each time. */
const lasting = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, each: unknown) => {
      if (['sequence', 'version', 'correlationId'].includes(key)) return typeof each
      return typeof each === 'string'
        ? each.replace(/[0-9A-HJKMNP-TV-Z]{26}/g, '…').replace(/^\d{4}-[\d:.T-]+Z$/, 'time')
        : each
    }),
  )

const stateOf = async (asking: { readonly session: Parameters<HttpWorld['bus']['session']>[1] }) => {
  const state = await world.bus.session(defaultOrg, asking.session)
  if (state.status === 'absent') throw new Error('no session')
  return state
}

for (const heading of sections) {
  test(`${heading}: every example does what it says`, async () => {
    const blocks = fencedBlocks(sectionOf(page, heading))
    for (const [index, { text, language }] of blocks.entries()) {
      if (language !== 'sh') continue
      const next = blocks[index + 1]
      const printed: unknown = next?.language === 'json' ? JSON.parse(next.text) : undefined
      const commands = commandsOf(text)
      for (const [at, command] of commands.entries()) {
        const asking = await prepared(heading)
        await world.projections.waitFor('inputs', await world.head(), 60_000)
        await world.projections.waitFor('sessions', await world.head(), 60_000)
        const { stdout, status } = await runCommand(command, {
          session: asking.session,
          execution: asking.agent(2),
          input: asking.asked,
          answered: command.includes('$answered') ? await answered() : '',
        })
        const last = at === commands.length - 1 ? printed : undefined
        const expected = z.object({ status: z.int() }).safeParse(last).data?.status
        assert.ok(expected === undefined ? status >= 200 && status < 300 : status === expected, `${command}: ${stdout}`)
        assert.ok(stdout.trim() !== '', command)
        if (last !== undefined) assert.equal(lasting(JSON.parse(stdout)), lasting(last), command)
        if (expected === undefined) await assertDone(command, asking)
      }
    }
  })
}

const assertDone = async (command: string, asking: Awaited<ReturnType<typeof prepared>>): Promise<void> => {
  const { inputs, paused, messages, executions } = await stateOf(asking)
  if (/inputs answer|\/answer/.test(command)) {
    const input = valueAt(inputs, asking.asked)
    assert.is(input?.status, 'answered', command)
    assert.match(command, new RegExp(`--${input?.answer?.kind}|"kind": "${input?.answer?.kind}"`))
    if (command.includes('sshd')) {
      assert.equal(input?.answer?.kind === 'approve' && input.answer.arguments, { unit: 'sshd' }, command)
    }
  }
  if (/pause/.test(command)) assert.is(paused, true, command)
  if (/ say |\/messages/.test(command)) {
    const recipients = command.includes('--to') ? [asking.agent(2)] : [asking.agent(1), asking.agent(2)]
    const heard = valuesOf(messages).map(({ to }) => to)
    assert.equal(
      heard,
      recipients.map((executionId) => ({ kind: 'execution', executionId })),
    )
  }
  if (/cancel-agent|executions/.test(command)) assert.is(executions[asking.agent(2)]?.status, 'cancelled', command)
}

test('a resumed session is one that was paused', async () => {
  const asking = await startAsking(world)
  await asking.send({ type: 'PauseSession', data: { sessionId: asking.session, reason: '' } })
  const [resume = ''] = [...sectionOf(page, 'Pause').matchAll(/^npx .* resume .*$/gm)].map(([line]) => line)
  await runCommand(resume, { session: asking.session })
  assert.is((await stateOf(asking)).paused, false)
})

test('the configuration it shows loads, and decides as the page says', async () => {
  const [yaml] = fencedBlocks(page).filter(({ language }) => language === 'yaml')
  const { configuration } = await load({ 'restarts.yaml': yaml?.text ?? '' })
  const chain = configuration.chains['restarts']
  if (chain === undefined) throw new Error('the chain is not there')
  const policy = toolPolicyOf(chain, configuration.defaults)
  const other = { ...restart, name: 'host__stop', tool: 'stop' }
  assert.equal(decideTool(policy, restart, { unit: 'nginx-1' }).verdict, 'allow')
  assert.equal(decideTool(policy, restart, { unit: 'sshd' }), { verdict: 'ask', reason: 'a restart interrupts people' })
  assert.is(decideTool(policy, other, {}).verdict, 'deny')
  assert.is(decideTool(policy, { ...other, effect: 'read_only' }, {}).verdict, 'allow')
  assert.is(policy.expiry_seconds, 900)
})

test.run()
