// The ledger of an org's day: every commit is booked once, and an answer raises a budget once.
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { dayBudgetOf, standingOf } from '../../domain/ledger/day-budget.ts'
import { ledgerDecider } from '../../domain/ledger/ledger-decider.ts'
import { usageOf } from '../../domain/ledger/usage-of-commit.ts'
import { inputIdOf } from '../../domain/session/session-ids.ts'
import { dayBudgets } from '../../schemas/budget.ts'
import type { Commit } from '../../schemas/commit.ts'
import type { LedgerEvent, SessionEvent } from '../../schemas/events.ts'
import type { BookedUsage } from '../../schemas/ledger-events.ts'
import { metadata, spec } from '../support/decider-spec.ts'
import { executionId } from '../support/plan-samples.ts'
import { call, session } from '../support/session-samples.ts'

const { given } = spec(ledgerDecider)
const day = '2026-01-02'
const entry = (commit: number, changes: Partial<BookedUsage> = {}): BookedUsage => ({
  commit,
  sessionId: session,
  tokens: 15,
  costMicros: 200,
  unpriced: 0,
  toolCalls: 1,
  ...changes,
})
const booked = (...entries: BookedUsage[]): LedgerEvent => ({ type: 'ledger.usage_booked', data: { entries } })
const book = (...entries: BookedUsage[]) => ({ type: 'BookUsage', data: { day, entries } }) as const
const reached = { budget: 'tokens', sessionId: session, used: 30, limit: 20 } as const
const raised = {
  budget: 'tokens',
  amount: 100,
  inputId: inputIdOf(session, 1),
  sessionId: session,
  by: metadata.actor,
} as const

test('given nothing, usage is booked as it comes', () => {
  given()
    .when(book(entry(1), entry(2)))
    .thenEvents(booked(entry(1), entry(2)))
})

test('given a booked commit, only what is new is booked; nothing when nothing is', () => {
  given(booked(entry(1)))
    .when(book(entry(1), entry(2), entry(2)))
    .thenEvents(booked(entry(2)))
  given(booked(entry(1)), booked(entry(2)))
    .when(book(entry(2), entry(1)))
    .thenNothing()
})

test('a session that comes upon a budget is noted once for each limit', () => {
  const note = { type: 'NoteDayBudgetReached', data: { day, ...reached } } as const
  given().when(note).thenEvents({ type: 'ledger.budget_reached', data: reached })
  given({ type: 'ledger.budget_reached', data: reached }).when(note).thenNothing()
  given({ type: 'ledger.budget_reached', data: { ...reached, limit: 10 } })
    .when(note)
    .thenEvents({ type: 'ledger.budget_reached', data: reached })
})

test('an answer raises the budget once', () => {
  const raise = { type: 'RaiseDayBudget', data: { day, ...raised } } as const
  given().when(raise).thenEvents({ type: 'ledger.budget_raised', data: raised })
  given({ type: 'ledger.budget_raised', data: raised }).when(raise).thenNothing()
})

test('what is left is what is configured and what was granted, against what was booked', () => {
  const { state } = given(booked(entry(1), entry(2)), { type: 'ledger.budget_raised', data: raised })
  assert.equal(standingOf({ tokens: 20, usd: 0.5, tool_calls: 3 }, state), [
    { budget: 'tokens', used: 30, limit: 120 },
    { budget: 'cost', used: 400, limit: 500_000 },
    { budget: 'tool_calls', used: 2, limit: 3 },
  ])
})

test('limits of an org go before those of each org, one by one; an org without any has no ledger', () => {
  const budgets = dayBudgets.parse({ each_org: { tokens: 100, usd: 1 }, orgs: { acme: { usd: 50 } } })
  assert.equal(dayBudgetOf(budgets, 'acme'), { tokens: 100, usd: 50 })
  assert.equal(dayBudgetOf(budgets, 'constructor'), { tokens: 100, usd: 1 })
  assert.is(dayBudgetOf(dayBudgets.parse({ orgs: { acme: { usd: 50 } } }), 'other'), null)
})

test('in whatever order and however often entries come, each is counted once', () => {
  const commits = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(fc.array(commits, { maxLength: 60 }), (batches) => {
      const state = batches.reduce((current, batch) => {
        const decision = ledgerDecider.decide(book(...batch.map((each) => entry(each))), current, metadata)
        return decision.kind === 'reject' ? current : decision.events.reduce(ledgerDecider.evolve, current)
      }, ledgerDecider.initial)
      assert.is(state.used.tokens, new Set(batches.flat()).size * 15)
    }),
    { numRuns: 200 },
  )
})

test('a day of twenty thousand bookings is folded, and every one of them is known', () => {
  let state = ledgerDecider.initial
  for (let commit = 1; commit <= 20_000; commit++) state = ledgerDecider.evolve(state, booked(entry(commit)))
  assert.is(state.used.tokens, 300_000)
  const again = ledgerDecider.decide(book(entry(1), entry(10_000), entry(20_000)), state, metadata)
  assert.equal(again, { kind: 'accept', events: [] })
})

const commitOf = (...events: readonly SessionEvent[]): Commit =>
  ({
    stream: { org: metadata.org, category: 'session', id: session },
    sequence: 7,
    version: events.length,
    hash: '',
    bodyHash: '',
    commandId: metadata.commandId,
    at: metadata.at,
    actor: metadata.actor,
    correlationId: metadata.correlationId,
    causationId: metadata.causationId,
    events: events.map((event, index) => ({ ...event, id: `cmd.${index}`, version: index + 1 })),
  }) as unknown as Commit

const usage = { inputTokens: 10, outputTokens: 5 }
const by = { provider: 'p', model: 'm', simulated: false }
const requested: SessionEvent = {
  type: 'session.tool_call_requested',
  data: {
    toolCallId: call(1, 1),
    executionId: executionId(1),
    turn: 1,
    name: 'host__disk',
    server: 'host',
    tool: 'disk',
    arguments: {},
    effect: 'read_only',
  },
}

test('a commit uses what its calls to models and tools used; without a price no cost, and it is counted as unpriced', () => {
  const replied: SessionEvent = {
    type: 'session.model_replied',
    data: {
      executionId: executionId(1),
      turn: 1,
      text: { text: '' },
      toolCalls: [],
      finishReason: 'stop',
      usage,
      by,
      durationMs: 1,
      costMicros: 40,
    },
  }
  const summary: SessionEvent = { type: 'session.summary_recorded', data: { text: 'x', usage, by, durationMs: 1 } }
  assert.equal(usageOf(commitOf(replied, requested)), entry(7, { costMicros: 40 }))
  assert.equal(usageOf(commitOf(summary)), entry(7, { costMicros: 0, unpriced: 1, toolCalls: 0 }))
})

test('calls asked for again when a pause ends were counted before it', () => {
  const resumed: SessionEvent = { type: 'session.resumed', data: { by: metadata.actor } }
  assert.is(usageOf(commitOf(resumed, requested)), null)
})

test.run()
