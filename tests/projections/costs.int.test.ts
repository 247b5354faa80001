// Costs: by stage, agent, helper and model, over days, priced and unpriced apart, and the same however often the log is read.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { executionIdOf, stageIdOf } from '../../domain/session/session-ids.ts'
import { classified } from '../../infra/postgres/database.ts'
import type { CostFigures } from '../../projections/cost-view.ts'
import { costsProjection } from '../../projections/costs.ts'
import type { LogEntry } from '../../projections/log-reader.ts'
import { createQueries } from '../../projections/queries.ts'
import type { SessionEvent } from '../../schemas/events.ts'
import { sessionId } from '../../schemas/ids.ts'
import { createHistory, sessionStream } from '../support/histories.ts'
import { allRows, applyTo, startReadSide } from '../support/read-side.ts'
import { agent, plan } from '../support/session-samples.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

const session = sessionId.parse('ses_COST01')
const [collect, weigh, helper] = [1, 2, 3].map((number) => executionIdOf(session, number, 1))
const stages = [1, 2].map((number) => ({
  stageId: stageIdOf(session, number),
  name: ['collect', 'weigh'][number - 1] ?? '',
  agents: [
    { executionId: executionIdOf(session, number, 1), agent: agent({ name: ['looker', 'writer'][number - 1] ?? '' }) },
  ],
}))
if (collect === undefined || weigh === undefined || helper === undefined) throw new Error('no ids')

const usage = (inputTokens: number) => ({ inputTokens, outputTokens: 1 })
const paid = { provider: 'openai', model: 'big', simulated: false }
const own = { provider: 'local', model: 'small', simulated: false }

const replied = (executionId: typeof collect, turn: number, by: typeof paid, costMicros?: number): SessionEvent => ({
  type: 'session.model_replied',
  data: {
    executionId,
    turn,
    text: { text: '' },
    toolCalls: [],
    finishReason: 'stop',
    usage: usage(10),
    by,
    durationMs: 1,
    ...(costMicros !== undefined && { costMicros }),
  },
})

/** Commit by commit, twelve hours from one to the next. */
const entries = (): readonly LogEntry[] => {
  const history = createHistory((sequence) => new Date(Date.UTC(2026, 0, 1) + sequence * 43_200_000).toISOString())
  const stream = sessionStream(session)
  const commits: readonly (readonly SessionEvent[])[] = [
    [
      {
        type: 'session.plan_adopted',
        data: { ...plan(), chain: { name: 'two', description: '', reason: '' }, stages },
      },
    ],
    [replied(collect, 1, paid, 1_499), replied(weigh, 1, own)],
    [
      {
        type: 'session.helper_dispatched',
        data: {
          executionId: helper,
          parentId: collect,
          stageId: stageIdOf(session, 1),
          agent: 'aide',
          task: 'look',
          depth: 1,
          deadline: '2026-01-09T00:00:00.000Z',
          maxIterations: 3,
        },
      },
      replied(helper, 1, paid, 2),
      {
        type: 'session.context_compacted',
        data: {
          executionId: collect,
          throughTurn: 1,
          text: { text: '' },
          usage: usage(5),
          by: paid,
          durationMs: 1,
          costMicros: 1,
        },
      },
    ],
    [{ type: 'session.summary_recorded', data: { text: 'x', usage: usage(7), by: own, durationMs: 1 } }],
  ]
  for (const events of commits) history.commit(stream, ...events)
  history.commit(sessionStream('ses_COST02'), replied(executionIdOf(sessionId.parse('ses_COST02'), 1, 1), 1, paid, 9))
  return history.entries
}

const world = async (...batches: readonly (readonly LogEntry[])[]) => {
  const database = await readSide.database([costsProjection])
  for (const batch of batches) await applyTo(database, costsProjection, batch)
  return { database, queries: createQueries(database.tables, classified) }
}

const figures = (priced: readonly [number, number, number], unpriced: readonly [number, number]): CostFigures => ({
  priced: {
    replies: priced[0],
    inputTokens: priced[1],
    outputTokens: priced[0],
    usdMicros: priced[2],
    usd: priced[0] === 0 ? null : Math.round(priced[2] / 1000) / 1000,
  },
  unpriced: { replies: unpriced[0], inputTokens: unpriced[1], outputTokens: unpriced[0] },
})

test('a session by stage, agent, helper and model; its compactions and its summary are in it', async () => {
  const { queries } = await world(entries())
  assert.equal(await queries.sessionCosts('acme', session), {
    sessionId: session,
    total: figures([3, 25, 1_502], [2, 17]),
    byStage: [
      { key: 'collect', ...figures([3, 25, 1_502], [0, 0]) },
      { key: 'weigh', ...figures([0, 0, 0], [1, 10]) },
      { key: 'summary', ...figures([0, 0, 0], [1, 7]) },
    ],
    byAgent: [
      { key: 'looker', ...figures([2, 15, 1_500], [0, 0]) },
      { key: 'writer', ...figures([0, 0, 0], [1, 10]) },
      { key: 'summarizer', ...figures([0, 0, 0], [1, 7]) },
    ],
    byHelper: [{ key: 'aide', ...figures([1, 10, 2], [0, 0]) }],
    byModel: [
      { key: 'openai/big', ...figures([3, 25, 1_502], [0, 0]) },
      { key: 'local/small', ...figures([0, 0, 0], [2, 17]) },
    ],
  })
})

test('exact to a millionth of a dollar, shown to a thousandth; unknown is not nothing', async () => {
  const { queries } = await world(entries())
  const { total, byStage } = await queries.sessionCosts('acme', session)
  assert.is(total.priced.usdMicros, 1_502)
  assert.is(total.priced.usd, 0.002)
  assert.is(byStage[1]?.priced.usd, null)
})

test('an org over days, by day, chain, agent, model and org', async () => {
  const { queries } = await world(entries())
  const by = async (grouping: 'day' | 'org' | 'chain' | 'agent' | 'model', from = '2026-01-01', to = '2026-01-31') =>
    (await queries.costs({ org: 'acme', from, to, by: grouping })).items.map(({ key, priced, unpriced }) => [
      key,
      priced.usdMicros,
      unpriced.replies,
    ])
  assert.equal(await by('day'), [
    ['2026-01-02', 1_502, 1],
    ['2026-01-03', 9, 1],
  ])
  assert.equal(await by('day', '2026-01-03', '2026-01-03'), [['2026-01-03', 9, 1]])
  assert.equal(await by('org'), [['acme', 1_511, 2]])
  assert.equal(await by('chain'), [
    ['two', 1_502, 2],
    ['', 9, 0],
  ])
  assert.equal(await by('model'), [
    ['openai/big', 1_511, 0],
    ['local/small', 0, 2],
  ])
  assert.is((await by('agent')).length, 5)
  assert.equal((await queries.costs({ org: 'other', from: '2026-01-01', to: '2026-01-31', by: 'org' })).items, [])
})

test('the same rows, however often and in whatever batches the log is read', async () => {
  const all = entries()
  const once = await world(all)
  const often = await world(...all.map((entry) => [entry]), all, all.slice(2))
  assert.equal(await allRows(often.database, [costsProjection]), await allRows(once.database, [costsProjection]))
})

test.run()
