// What an MCP server asks in the middle of a call: asked once, answered once as its form says, and dropped when nobody waits any more.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { secretFieldOf } from '../../domain/masking/secret-field.ts'
import { contentNotFitting } from '../../domain/session/check-content.ts'
import { sessionDecider } from '../../domain/session/session-decider.ts'
import { inputIdOf, toolCallIdOf } from '../../domain/session/session-ids.ts'
import { type ElicitationRequest, type ElicitedContent, elicitationForm } from '../../schemas/elicitation.ts'
import type { InputAnswer } from '../../schemas/session-inputs.ts'
import { toolPolicy } from '../../schemas/tool-policy.ts'
import { metadata } from '../support/decider-spec.ts'
import { type Course, executionId, inShort, replyTo, stageOf, underPlan } from '../support/plan-samples.ts'
import { session, tools, valid } from '../support/session-samples.ts'

const one = executionId(1)
const callId = toolCallIdOf(one, 1, 1)
const inputId = inputIdOf(session, 1)
const form = elicitationForm.parse({
  type: 'object',
  properties: {
    region: { type: 'string', enum: ['eu', 'us'] },
    count: { type: 'integer', minimum: 1, maximum: 9 },
    mail: { type: 'string', format: 'email', maxLength: 30 },
    agreed: { type: 'boolean' },
    tags: { type: 'array', items: { anyOf: [{ const: 'a', title: 'A' }] }, maxItems: 1 },
  },
  required: ['region'],
})
const request: ElicitationRequest = { mode: 'form', requestedSchema: form }

const begun = (tool = 'host__disk'): Course =>
  underPlan([stageOf(1)], {}, { toolPolicy: toolPolicy.parse({ otherwise: { unsafe: 'allow' } }) })
    .send({ type: 'OfferTools', data: { sessionId: session, executionId: one, tools, unavailable: [] } })
    .send(replyTo(one, 1, '', [valid(tool)]))
    .send(begin(1))
const begin = (attempt: number) =>
  ({ type: 'BeginToolCall', data: { sessionId: session, toolCallId: callId, attempt, worker: 'w' } }) as const
const ask = (attempt = 1, asked: ElicitationRequest = request) =>
  ({
    type: 'RequestElicitation',
    data: { sessionId: session, toolCallId: callId, attempt, message: 'Which region?', request: asked },
  }) as const
const answer = (given: InputAnswer) =>
  ({ type: 'AnswerInput', data: { sessionId: session, inputId, answer: given } }) as const
const refusal = (course: Course, command: Parameters<typeof sessionDecider.decide>[0]): string => {
  const decision = sessionDecider.decide(command, course.state, metadata)
  return decision.kind === 'reject' ? `${decision.rejection.code}: ${decision.rejection.message}` : 'accepted'
}

test('a server that asks during a call is put before people, with the call that waits', () => {
  const course = begun().send(ask())
  assert.equal(
    course.news.map(({ data }) => data),
    [
      {
        inputId,
        question: {
          kind: 'elicitation',
          executionId: one,
          toolCallId: callId,
          attempt: 1,
          server: 'host',
          tool: 'disk',
          message: 'Which region?',
          request,
        },
        expiresAt: '2026-01-02T04:04:05.000Z',
      },
    ],
  )
  assert.equal(inShort(course.send(ask()).news), [], 'sent again, it is asked once')
})

test('an answer is recorded as it is given, and leads to nothing else: the call goes on where it waits', () => {
  const asked = begun().send(ask())
  const accepted = { kind: 'accept', content: { region: 'eu', count: 3 } } as const
  assert.equal(inShort(asked.send(answer(accepted)).news), ['input_answered'])
  assert.equal(inShort(asked.send(answer({ kind: 'decline' })).news), ['input_answered'])
  const later = asked.send(answer({ kind: 'cancel' }))
  assert.match(refusal(later, answer(accepted)), /^input_closed: Already answered by/)
})

test('an answer that does not fit names the field, and the question stays open', () => {
  const asked = begun().send(ask())
  const refused = (content: ElicitedContent) => refusal(asked, answer({ kind: 'accept', content }))
  assert.is(refused({}), 'answer_not_fitting: The answer does not fit: the field "region" must be filled in.')
  assert.is(
    refused({ region: 'mars' }),
    'answer_not_fitting: The answer does not fit: the field "region" must be one of: eu, us.',
  )
  assert.match(
    refusal(asked, answer({ kind: 'approve', scope: 'once' })),
    /^answer_not_fitting: A question of the kind elicitation is/,
  )
  const link = begun().send(ask(1, { mode: 'url', url: 'https://example.org' }))
  assert.match(refusal(link, answer({ kind: 'accept', content: { a: 'b' } })), /a link is accepted without content/)
  assert.is(refusal(link, answer({ kind: 'accept' })), 'accepted')
})

test('each kind of field is checked, by name', () => {
  const wrong = (more: ElicitedContent) => contentNotFitting(form, { region: 'eu', ...more })
  assert.is(wrong({ count: 3, mail: 'jo@example.org', agreed: true, tags: ['a'] }), null)
  assert.is(wrong({ count: 1.5 }), 'the field "count" must be a whole number')
  assert.is(wrong({ count: 10 }), 'the field "count" must be at most 9')
  assert.is(wrong({ count: '3' }), 'the field "count" must be a number')
  assert.is(wrong({ mail: 'nobody' }), 'the field "mail" must be an e-mail address')
  assert.is(wrong({ mail: `${'x'.repeat(30)}@example.org` }), 'the field "mail" must be at most 30 characters')
  assert.is(wrong({ agreed: 'yes' }), 'the field "agreed" must be true or false')
  assert.is(wrong({ tags: ['b'] }), 'the field "tags" must be some of: a')
  assert.is(wrong({ tags: ['a', 'a'] }), 'the field "tags" must be at most 1 choices')
  assert.match(wrong({ other: 1 }) ?? '', /there is no field "other"; there are: region, count/)
  assert.match(wrong({ toString: 'x' }) ?? '', /there is no field "toString"/)
})

test('nobody is asked while the session is paused, and a pause takes back what was asked', () => {
  const pause = { type: 'PauseSession', data: { sessionId: session, reason: '' } } as const
  assert.equal(inShort(begun().send(ask()).send(pause).news), ['paused', 'input_withdrawn'])
  assert.match(refusal(begun().send(pause), ask()), /^session_paused/)
})

test('what was asked is taken back when its call is settled, when it is begun again, and when its agent ends', () => {
  const asked = begun().send(ask())
  const settled = asked.send({
    type: 'RecordToolCall',
    data: { sessionId: session, toolCallId: callId, outcome: 'failed', content: { text: '' }, durationMs: 1 },
  })
  assert.ok(inShort(settled.news).includes('input_withdrawn'), inShort(settled.news).join())
  assert.equal(inShort(asked.send(begin(2)).news), ['tool_call_begun 01_01', 'input_withdrawn'])
  const ended = asked.send({
    type: 'CancelExecution',
    data: { sessionId: session, executionId: one, reason: '' },
  })
  assert.ok(inShort(ended.news).includes('input_withdrawn'), inShort(ended.news).join())
})

test('an attempt that is not the one under way asks nobody', () => {
  assert.equal(inShort(begun().send(begin(2)).send(ask(1)).news), [])
})

test('nobody answered in time: the question expires, and the call is told where it waits', () => {
  const course = begun().send(ask())
  const expire = { type: 'ExpireInput', data: { sessionId: session, inputId } } as const
  const decision = sessionDecider.decide(expire, course.state, { ...metadata, at: '2026-01-02T05:00:00.000Z' })
  assert.equal(decision.kind === 'accept' && decision.events.map(({ type }) => type), ['session.input_expired'])
})

test('a form that asks for a secret is told by the names and titles of its fields', () => {
  const fieldOf = (name: string, more: object = {}) =>
    secretFieldOf(elicitationForm.parse({ type: 'object', properties: { [name]: { type: 'string', ...more } } }))
  for (const name of ['password', 'dbPassword', 'api_key', 'accessToken', 'client-secret', 'pin', 'cardNumber']) {
    assert.is(fieldOf(name), name)
  }
  assert.is(fieldOf('value', { title: 'Your password' }), 'value')
  for (const name of ['region', 'partition_key', 'pinned', 'shipping', 'email', 'next_page_token']) {
    assert.is(fieldOf(name), undefined, name)
  }
})

test.run()
