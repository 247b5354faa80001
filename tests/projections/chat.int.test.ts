// The chat about a session as the read model keeps it: each question once, with its answer, calls and cost, however it is applied.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { chatProjection } from '../../projections/chat.ts'
import { chatView } from '../../projections/chat-view.ts'
import { evolveSessionView } from '../../projections/evolve-session-view.ts'
import type { LogEntry } from '../../projections/log-reader.ts'
import { createQueries } from '../../projections/queries.ts'
import type { SessionView } from '../../projections/session-view.ts'
import { acme, createHistory, timeAt } from '../support/histories.ts'
import { allRows, applyTo, startReadSide } from '../support/read-side.ts'
import { chatStory } from './stories.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

const wholeHistory = (...names: readonly string[]): readonly LogEntry[] => {
  const history = createHistory()
  for (const { stream, commits } of names.map(chatStory))
    for (const events of commits) history.commit(stream, ...events)
  return history.entries
}

const rowsAfter = async (...batches: readonly (readonly LogEntry[])[]) => {
  const database = await readSide.database([chatProjection])
  for (const batch of batches) await applyTo(database, chatProjection, batch)
  return (await allRows(database, [chatProjection]))['chat_v1.chat'] ?? []
}

const one = wholeHistory('CHAT')
const first = one.findIndex(({ commit }) => commit.events.some(({ type }) => type === 'session.question_asked'))

test('each question has its answer, its calls, and what it cost with its helpers', async () => {
  const views = (await rowsAfter(one))
    .map(({ document }) => chatView.parse(document))
    .sort((a, b) => a.number - b.number)
  const begun = (one[first]?.sequence ?? 0) as number
  assert.equal(views[0], {
    org: 'acme',
    sessionId: 'ses_CHAT',
    id: 'exe_CHAT_q001',
    number: 1,
    status: 'answered',
    askedBy: { kind: 'user', id: 'jo' },
    askedAt: timeAt(begun),
    question: { text: 'Why?' },
    startedAt: timeAt(begun),
    endedAt: timeAt(begun + 5),
    answer: { text: 'The disk.' },
    cause: null,
    model: 'b',
    simulated: false,
    turns: 2,
    toolCalls: [{ id: 'call_CHAT_q001_001_01', name: 'host__disk', status: 'succeeded' }],
    usage: { inputTokens: 15, outputTokens: 6, cachedInputTokens: 0, reasoningTokens: 0 },
    cost: { usdMicros: 9, unpricedReplies: 0 },
    executions: ['exe_CHAT_q001', 'exe_CHAT_h001'],
    sequence: begun + 5,
  })
  assert.equal(
    views
      .slice(1)
      .map(({ number, status, askedBy, answer, cause }) => [number, status, askedBy.id, answer, cause?.code]),
    [
      [2, 'failed', 'ben', null, 'model_auth'],
      [3, 'answering', 'jo', null, undefined],
    ],
  )
})

test('commits applied twice, one by one, and in any batches give the same rows', async () => {
  const entries = wholeHistory('CHAT', 'OTHER')
  const once = await rowsAfter(entries)
  assert.is(once.length, 6)
  assert.equal(await rowsAfter(...entries.flatMap((entry) => [[entry], [entry]])), once, 'each twice')
  assert.equal(await rowsAfter(entries.flatMap((entry) => [entry, entry])), once, 'each twice in one batch')
  assert.equal(await rowsAfter(entries, entries), once, 'all of it twice')
  assert.equal(await rowsAfter(entries.slice(0, first + 2), entries.slice(first + 2)), once, 'cut in the middle')
})

test('a page ends where it is told to, and the next goes on', async () => {
  const database = await readSide.database([chatProjection])
  await applyTo(database, chatProjection, one)
  const queries = createQueries(database.tables, (work) => work())
  const page = await queries.chat(acme, 'ses_CHAT', { limit: 2 })
  const rest = await queries.chat(acme, 'ses_CHAT', { limit: 2, cursor: page.next ?? '' })
  assert.equal(
    [...page.items, ...rest.items].map(({ number }) => number),
    [1, 2, 3],
  )
  assert.is(rest.next, null)
  assert.equal((await queries.chat('other', 'ses_CHAT', { limit: 2 })).items, [])
})

test('the session stays what it was, and says that it is being asked', () => {
  const views = one.map(({ commit }) => commit).flatMap((commit) => commit.events.map((event) => ({ event, commit })))
  let view: SessionView | null = null
  const told: unknown[] = []
  for (const { event, commit } of views) {
    view = evolveSessionView(view, event, commit)
    if (commit.sequence > Number(one[first]?.sequence) - 1)
      told.push([view?.status, view?.chat.open, view?.chat.answering])
  }
  assert.ok(told.every((each) => Array.isArray(each) && each[0] === 'completed'))
  assert.equal(told.at(-1), ['completed', 1, 'exe_CHAT_q003'])
  assert.is(view?.chat.questions, 3)
})

test.run()
