// Asking about a session that has ended, through the real process: tools and approvals, a SIGKILL in the middle of an answer,
// models that fail, and every command of docs/chat.md. The transcript is a golden file.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { type ChatView, chatView } from '../../projections/chat-view.ts'
import { inputView } from '../../projections/inputs.ts'
import {
  type Asked,
  callsTool,
  dataOf,
  hostileTransport,
  says,
  startBadDays,
  storyOf,
  typesOf,
} from '../support/bad-days-world.ts'
import { startCommand } from '../support/casebook-process.ts'
import { eventually } from '../support/eventually.ts'
import { matchesGolden } from '../support/golden.ts'
import { fencedBlocks, readDocument, root } from '../support/markdown.ts'
import type { Behaviour, ScriptedReply } from '../support/scripted-endpoint.ts'

const test = suite('chat')
const run = promisify(execFile)

const world = await startBadDays((url) => ({
  defaults: {
    provider: 'scripted',
    model_attempts: 2,
    model_backoff_seconds: 0.05,
    tool_policy: { rules: [{ tool: 'append_line', action: 'ask' }] },
  },
  providers: { scripted: { base_url: url, model: 'some-model' } },
  mcp_servers: { hostile: { transport: hostileTransport, tools: ['read_lines', 'append_line'] } },
  agents: { worker: { mcp_servers: ['hostile'] } },
  chains: { working: { stages: [{ name: 'working', agent: 'worker' }] } },
}))
test.before(async () => {
  await world.start()
})
test.after(async () => {
  assert.is(await world.close(), 0)
})

const fileOf = (name: string): string => join(world.folder, `${name}.txt`)
const linesOf = (name: string): number =>
  existsSync(fileOf(name)) ? readFileSync(fileOf(name), 'utf8').trim().split('\n').length : 0

/** What was said to the model after the latest question. */
const questionOf = ({ request }: Asked): string =>
  request.messages.findLast(({ content }) => content?.startsWith('Question from') === true)?.content ?? ''
const textOf = ({ request }: Asked): string => request.messages.map(({ content }) => content ?? '').join('\n')

type Answers = (asked: Asked, question: string) => Behaviour | ScriptedReply

/** A session that reads something, concludes, and has ended; then `answers` speaks. */
const endedSession = async (title: string, answers: Answers, chain = 'working') => {
  const id = await world.open({
    title,
    chain,
    script: (asked) => {
      const question = questionOf(asked)
      if (question !== '') return answers(asked, question.split('\n').slice(1).join('\n'))
      return asked.results.length === 0
        ? callsTool('hostile__read_lines', { path: '/dev/null' })
        : says('The disk was full.')
    },
  })
  const history = await world.ended(id)
  assert.is(history.session.status, 'completed', storyOf(history))
  return id
}

const asked = z.object({ executionId: z.string(), sequence: z.int() })
const ask = async (id: string, text: string) => {
  const response = await world.post(`/v1/sessions/${id}/chat`, { text })
  assert.is(response.status, 202)
  return asked.parse(await response.json())
}
const chatOf = async (id: string): Promise<readonly ChatView[]> =>
  (await world.get(`/v1/sessions/${id}/chat`, z.object({ items: z.array(chatView) }))).items
const closed = (id: string, executionId: string): Promise<ChatView> =>
  eventually(
    async () => {
      const found = (await chatOf(id)).find((each) => each.id === executionId)
      return found !== undefined && found.endedAt !== null ? found : false
    },
    { withinMs: 60_000, everyMs: 50, describe: `${executionId} is done` },
  )
const openInput = (id: string) =>
  eventually(
    async () => {
      const page = z.object({ items: z.array(inputView) })
      return (await world.get(`/v1/inputs?session=${id}&status=open`, page)).items[0]?.id ?? false
    },
    { withinMs: 60_000, describe: `${id} asks a person` },
  )

test('an answer has the whole session before it, calls its tools under its policy, and stands in its timeline', async () => {
  const id = await endedSession('asked about', (each, question) => {
    const known = textOf(each)
    for (const words of ['The disk was full.', 'A summary.', 'hostile__read_lines', 'Look into it.'])
      assert.ok(known.includes(words), words)
    if (question === 'Why?') return says('A log grew.')
    assert.ok(known.includes('A log grew.'), 'the answer before')
    return each.results.length === 0
      ? callsTool('hostile__append_line', { path: fileOf('note'), line: 'noted' })
      : says(`Noted: ${each.results.join()}`)
  })
  const before = await world.get(`/v1/sessions/${id}`, z.looseObject({ status: z.string(), summary: z.string() }))
  const one = await ask(id, 'Why?')
  assert.is((await closed(id, one.executionId)).answer?.text, 'A log grew.')
  const two = await ask(id, 'Make a note of it.')
  const input = await openInput(id)
  assert.is(linesOf('note'), 0)
  assert.is((await world.post(`/v1/inputs/${input}/answer`, { kind: 'approve' })).status, 202)
  const second = await closed(id, two.executionId)
  assert.is(second.answer?.text, 'Noted: appended')
  assert.equal(
    second.toolCalls.map(({ name, status }) => [name, status]),
    [['hostile__append_line', 'succeeded']],
  )
  assert.is(linesOf('note'), 1)
  const history = await world.ended(id, second.sequence)
  assert.is(history.session.status, before.status)
  assert.is(history.session.summary, before.summary)
  assert.equal(history.session.chat, { questions: 2, open: 0, answering: null })
  assert.is(dataOf(history, 'stage_started').length, 1)
  assert.is(dataOf(history, 'summary_requested').length, 1)
  matchesGolden('agents/chat.txt', storyOf(history).replaceAll(world.folder, '<folder>'))
})

test('a process killed in the middle of an answer goes on with it, and the next question is answered after it', async () => {
  let held = true
  const id = await endedSession('asked, killed', (_, question) => (held ? { kind: 'hang' } : says(`On ${question}`)))
  const requests = world.asked('asked, killed')
  const [one, two] = [await ask(id, 'one'), await ask(id, 'two')]
  await eventually(() => world.asked('asked, killed') > requests, { withinMs: 60_000, describe: 'the model is asked' })
  await world.kill()
  held = false
  await world.start()
  assert.is((await closed(id, one.executionId)).answer?.text, 'On one')
  const last = await closed(id, two.executionId)
  assert.is(last.answer?.text, 'On two')
  const history = await world.ended(id, last.sequence)
  assert.is(history.session.status, 'completed')
  const after = typesOf(history).slice(typesOf(history).indexOf('ended') + 1)
  assert.equal(
    after.filter((type) => type === 'question_asked' || type === 'execution_started' || type === 'execution_ended'),
    [
      'question_asked',
      'execution_started',
      'question_asked',
      'execution_ended',
      'execution_started',
      'execution_ended',
    ],
  )
})

test('an approval that an answer waits for outlives a SIGKILL; the call is made once', async () => {
  const id = await endedSession('asked, approved', ({ results }) =>
    results.length === 0
      ? callsTool('hostile__append_line', { path: fileOf('once'), line: 'x' })
      : says(`It said: ${results.join()}`),
  )
  const { executionId } = await ask(id, 'Write it down.')
  const input = await openInput(id)
  await world.kill()
  await world.start()
  assert.is((await world.post(`/v1/inputs/${input}/answer`, { kind: 'approve' })).status, 202)
  assert.is((await closed(id, executionId)).answer?.text, 'It said: appended')
  assert.is(linesOf('once'), 1)
})

test('a model that fails ends the question with the cause, and one may ask again', async () => {
  let broken = true
  const id = await endedSession('asked, failing', () =>
    broken ? { kind: 'answer', status: 401, body: '{}' } : says('Here I am.'),
  )
  const failed = await closed(id, (await ask(id, 'Anybody?')).executionId)
  assert.equal([failed.status, failed.cause?.code, failed.answer], ['failed', 'model_auth', null])
  broken = false
  assert.is((await closed(id, (await ask(id, 'And now?')).executionId)).answer?.text, 'Here I am.')
})

test('an answer under way hears what a person says, and one that hangs can be ended', async () => {
  const id = await endedSession('asked, steered', (each, question) => {
    if (question === 'Hang.') return { kind: 'hang' }
    if (textOf(each).includes('In UTC, please.')) return says('At noon UTC.')
    return each.results.length === 0
      ? callsTool('hostile__append_line', { path: fileOf('steered'), line: 'x' })
      : says('At noon.')
  })
  const { executionId } = await ask(id, 'When?')
  const input = await openInput(id)
  assert.is((await world.post(`/v1/sessions/${id}/messages`, { text: 'In UTC, please.' })).status, 202)
  assert.is((await world.post(`/v1/inputs/${input}/answer`, { kind: 'deny', reason: 'no' })).status, 202)
  assert.is((await closed(id, executionId)).answer?.text, 'At noon UTC.')
  const hanging = await ask(id, 'Hang.')
  const cancel = `/v1/sessions/${id}/executions/${hanging.executionId}/cancel`
  await eventually(async () => (await world.post(cancel, { reason: 'enough' })).status === 202, { withinMs: 60_000 })
  assert.is((await closed(id, hanging.executionId)).status, 'cancelled')
})

test('a session that was cancelled can be asked; one that has not ended cannot', async () => {
  const id = await world.open({
    title: 'asked, cancelled',
    chain: 'working',
    script: (each) => (questionOf(each) === '' ? { kind: 'hang' } : says('It was cancelled.')),
  })
  await eventually(() => world.asked('asked, cancelled') === 1, { withinMs: 60_000, describe: 'it is under way' })
  assert.is((await world.post(`/v1/sessions/${id}/chat`, { text: 'Why?' })).status, 409)
  assert.is((await world.post(`/v1/sessions/${id}/cancel`, {})).status, 202)
  assert.is((await closed(id, (await ask(id, 'Why?')).executionId)).answer?.text, 'It was cancelled.')
  assert.is((await world.ended(id)).session.status, 'cancelled')
})

test('the command line shows the answer as it comes, and ends with 1 when there is none', async () => {
  const id = await endedSession('asked, by command', (_, question) =>
    question === 'Fail.' ? { kind: 'answer', status: 401, body: '{}' } : says('From the log.\nTwice.'),
  )
  const casebook = async (...args: readonly string[]) => {
    const { output, exited } = startCommand(args, { CASEBOOK_URL: world.url('') })
    return { code: await exited, said: output() }
  }
  const answered = await casebook('sessions', 'ask', id, 'Where from?')
  assert.is(answered.code, 0, answered.said)
  assert.match(answered.said, /^question from local: Where from\?\n {2}agent chat \(chat\)\n/)
  assert.match(answered.said, / {2}│ From the log\.\n {2}│ Twice\.\n/)
  const failed = await casebook('sessions', 'ask', id, 'Fail.')
  assert.is(failed.code, 1, failed.said)
  assert.match(failed.said, /not answered \(failed\): The model failed once/)
  // The answer is followed on the log; the page of all of them is a read model's.
  await eventually(async () => (await chatOf(id)).filter(({ endedAt }) => endedAt !== null).length === 2)
  const chat = await casebook('sessions', 'chat', id)
  assert.match(
    chat.said,
    /^1\. local, \S+: Where from\?\n {2}│ From the log\.\n {2}│ Twice\.\n2\. local, \S+: Fail\.\n {2}failed: /,
  )
})

/** Commands of a block, each with what it goes on to on the next line. */
const documented = fencedBlocks(readDocument('docs/chat.md'))
  .filter(({ language }) => language === 'sh')
  .flatMap(({ text }) => text.trim().split(/(?<!\\)\n/))

test('every command of the page about chats does what it says', async () => {
  assert.is(documented.length, 5)
  const id = await endedSession('asked, as documented', (_, question) =>
    question === 'Hang.' ? { kind: 'hang' } : says('First, make room.'),
  )
  const ready = await ask(id, 'Ready?')
  await closed(id, ready.executionId)
  const hanging = await ask(id, 'Hang.')
  const { PATH = '', HOME = '' } = process.env
  const shell = async (command: string) => {
    const { stdout } = await run(
      'bash',
      ['-c', `set -euo pipefail\n${command.replaceAll('http://127.0.0.1:8080', world.url(''))}`],
      {
        cwd: root,
        env: { PATH, HOME, CASEBOOK_URL: world.url(''), session: id, execution: hanging.executionId },
        timeout: 120_000,
      },
    )
    return stdout
  }
  const ending = documented.find((command) => command.includes('cancel-agent')) ?? ''
  assert.match(await shell(ending), /is ended/)
  assert.is((await closed(id, hanging.executionId)).status, 'cancelled')
  for (const command of documented.filter((each) => each !== ending)) {
    assert.match(await shell(command), /First, make room|"executionId":/, command)
  }
  await eventually(async () => (await chatOf(id)).filter(({ status }) => status === 'answered').length === 3, {
    withinMs: 60_000,
    describe: 'both questions of the page are answered',
  })
})

test.run()
