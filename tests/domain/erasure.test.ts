// Erasure, decided: only what has ended and is not held goes, nothing is recorded after it, and the tombstone stands once.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { erasureDecider } from '../../domain/erasure/erasure-decider.ts'
import { sessionDecider } from '../../domain/session/session-decider.ts'
import type { SessionCommand } from '../../schemas/commands.ts'
import { metadata, spec } from '../support/decider-spec.ts'
import { stageOf, underPlan } from '../support/plan-samples.ts'
import { session } from '../support/session-samples.ts'

const by = metadata.actor
const erase = { type: 'EraseSession', data: { sessionId: session, reason: 'asked by the customer' } } as const
const hold = { type: 'HoldSession', data: { sessionId: session, reason: 'case 7' } } as const
const cancel = { type: 'CancelSession', data: { sessionId: session, reason: '' } } as const
const release = { type: 'ReleaseHold', data: { sessionId: session } } as const

const running = underPlan([stageOf(1)])
const over = running.send(cancel)
const decided = (state: typeof over.state, command: SessionCommand) => sessionDecider.decide(command, state, metadata)

test('a session at work is not erased', () => {
  const decision = decided(running.state, erase)
  assert.is(decision.kind === 'reject' && decision.rejection.code, 'session_not_ended')
})

test('one that has ended is, and says by whom and why', () => {
  assert.equal(decided(over.state, erase), {
    kind: 'accept',
    events: [{ type: 'session.erasure_requested', data: { by, reason: 'asked by the customer' } }],
  })
})

test('a legal hold forbids it until it is released', () => {
  const held = over.send(hold)
  assert.equal(held.news, [{ type: 'session.held', data: { by, reason: 'case 7' } }])
  const decision = decided(held.state, erase)
  assert.is(decision.kind === 'reject' && decision.rejection.code, 'legal_hold')
  assert.equal(decided(held.state, hold), { kind: 'accept', events: [] })
  const released = held.send(release)
  assert.equal(released.news, [{ type: 'session.hold_released', data: { by } }])
  assert.is(decided(released.state, erase).kind, 'accept')
})

test('after it nothing is recorded: people are told, reports of handlers change nothing, and asking again is the same', () => {
  const erasing = over.send(erase)
  const ask = { type: 'AskSession', data: { sessionId: session, text: 'why?' } } as const
  const decision = decided(erasing.state, ask)
  assert.is(decision.kind === 'reject' && decision.rejection.code, 'session_erased')
  assert.equal(decided(erasing.state, erase), { kind: 'accept', events: [] })
  const late = {
    type: 'RecordSummaryFailure',
    data: { sessionId: session, attempt: 1, class: 'transient', message: 'too late' },
  } as const
  assert.equal(decided(erasing.state, late), { kind: 'accept', events: [] })
})

test('the tombstone is written once, and its end once', () => {
  const data = {
    sessionId: session,
    by,
    reason: 'asked by the customer',
    requestedAt: metadata.at,
    version: 7,
    lastHash: 'ab'.repeat(32),
  }
  const removed = { commits: 5, blobs: 1, blobsKept: 0 }
  const given = spec(erasureDecider).given
  given().when({ type: 'RecordErasure', data }).thenEvents({ type: 'erasure.recorded', data })
  const recorded = { type: 'erasure.recorded', data } as const
  given(recorded).when({ type: 'RecordErasure', data }).thenNothing()
  const complete = { type: 'CompleteErasure', data: { sessionId: session, ...removed } } as const
  const completed = { type: 'erasure.completed', data: removed } as const
  given().when(complete).thenRejects('session_not_found')
  given(recorded).when(complete).thenEvents(completed)
  given(recorded, completed).when(complete).thenNothing()
})

test.run()
