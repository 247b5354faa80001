// Questions about a session that has ended: one answer at a time, under the same rules, and nothing else of the session moves.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { conversationOf } from '../../domain/prompt/conversation.ts'
import { builtInToolsOf } from '../../domain/session/built-in-tools.ts'
import { sessionDecider } from '../../domain/session/session-decider.ts'
import { answerIdOf, chatStageIdOf, helperIdOf, inputIdOf, toolCallIdOf } from '../../domain/session/session-ids.ts'
import type { SessionCommand } from '../../schemas/commands.ts'
import type { EventData } from '../../schemas/events.ts'
import { commandId } from '../../schemas/ids.ts'
import { toolPolicy } from '../../schemas/tool-policy.ts'
import { metadata } from '../support/decider-spec.ts'
import { type Course, executionId, inShort, replyTo, stageOf, underPlan } from '../support/plan-samples.ts'
import { agent, session, tools, valid } from '../support/session-samples.ts'

const chatAgent = agent({
  name: 'chat',
  controller: 'chat',
  instructions: { general: '', servers: [], custom: 'Chat.' },
})
const one = answerIdOf(session, 1)
const two = answerIdOf(session, 2)
const scout = agent({ name: 'scout' })

const running = (changes: Partial<EventData<'session.plan_adopted'>> = {}): Course =>
  underPlan([stageOf(1), stageOf(2)], {}, { chatAgent, ...changes })

const summary: SessionCommand = {
  type: 'RecordSummary',
  data: {
    sessionId: session,
    text: 'In short: the disk.',
    usage: { inputTokens: 1, outputTokens: 1 },
    by: { provider: 'p', model: 'm', simulated: false },
    durationMs: 1,
  },
}
const completed = (changes: Partial<EventData<'session.plan_adopted'>> = {}): Course =>
  running(changes).conclude(executionId(1)).conclude(executionId(2)).send(summary)

const ask = (course: Course, text = 'Why?', by = 'ana'): Course =>
  course.send(
    { type: 'AskSession', data: { sessionId: session, text } },
    { commandId: commandId.parse(`ask:${by}:${text.replaceAll(' ', '_')}`), actor: { kind: 'user', id: by } },
  )
const withTools = (course: Course, id = one): Course =>
  course.send({ type: 'OfferTools', data: { sessionId: session, executionId: id, tools, unavailable: [] } })
const refusalOf = (course: Course, command: SessionCommand): string => {
  const decision = sessionDecider.decide(command, course.state, metadata)
  return decision.kind === 'reject' ? decision.rejection.code : 'accepted'
}
const stateOf = ({ state }: Course) => {
  if (state.status === 'absent') throw new Error('no session')
  return state
}
const asking: SessionCommand = { type: 'AskSession', data: { sessionId: session, text: 'Why?' } }

test('a question about a completed session starts an answer by the pinned agent, outside every stage', () => {
  const course = ask(completed())
  assert.equal(course.news, [
    {
      type: 'session.question_asked',
      data: {
        executionId: one,
        text: { text: 'Why?' },
        by: { kind: 'user', id: 'ana' },
        at: metadata.at,
        commandId: 'ask:ana:Why?',
      },
    },
    {
      type: 'session.execution_started',
      data: {
        executionId: one,
        stageId: chatStageIdOf(session),
        agent: 'chat',
        controller: 'chat',
        at: metadata.at,
      },
    },
    { type: 'session.turn_requested', data: { executionId: one, turn: 1, attempt: 1, mode: 'normal' } },
  ])
  assert.is(stateOf(course).status, 'completed')
})

test('an answer ends with its execution, and nothing of the session follows it', () => {
  const course = ask(completed()).conclude(one, 'Because of the disk.')
  assert.equal(inShort(course.news), ['model_replied q001', 'execution_ended q001 completed'])
  assert.is(stateOf(course).status, 'completed')
  assert.is(stateOf(course).summary, 'In short: the disk.')
})

test('failed and cancelled sessions can be asked, too', () => {
  const failed = running().fail(executionId(1))
  assert.is(stateOf(failed).status, 'failed')
  assert.equal(inShort(ask(failed).news), ['question_asked q001', 'execution_started q001', 'turn_requested q001'])
  const cancelled = running().send({ type: 'CancelSession', data: { sessionId: session, reason: '' } })
  assert.equal(inShort(ask(cancelled).conclude(one).news), ['model_replied q001', 'execution_ended q001 completed'])
})

test('a session that was paused and then cancelled answers all the same', () => {
  const course = running()
    .send({ type: 'PauseSession', data: { sessionId: session, reason: '' } })
    .send({ type: 'CancelSession', data: { sessionId: session, reason: '' } })
  assert.equal(inShort(ask(course).news).at(-1), 'turn_requested q001')
})

test('before its end a session is not asked; without a plan there is nobody to ask', () => {
  assert.is(refusalOf(running(), asking), 'session_not_ended')
  const unplanned = [running().history[0]].flatMap((event) => event ?? [])
  const ended = unplanned.concat({
    type: 'session.ended',
    data: { status: 'cancelled', cause: { code: 'cancelled', message: 'm', nextStep: 'n' } },
  })
  const state = ended.reduce(sessionDecider.evolve, sessionDecider.initial)
  const decision = sessionDecider.decide(asking, state, metadata)
  assert.is(decision.kind === 'reject' && decision.rejection.code, 'nobody_to_ask')
})

test('a plan from before there was a chat is answered for by its last agent with tools, named by value', () => {
  const old = underPlan([stageOf(1), stageOf(2)])
    .conclude(executionId(1))
    .conclude(executionId(2))
    .send(summary)
  const course = ask(old)
  const [asked] = course.news
  const pinned = asked?.type === 'session.question_asked' ? asked.data.agent : undefined
  assert.equal(pinned, agent({ name: 'chat', instructions: { ...agent().instructions, custom: '' } }))
  assert.is(stateOf(course).executions[one]?.agent.name, 'chat')
})

test('one command asks once; questions asked meanwhile wait, and are answered in their order', () => {
  const first = ask(completed())
  const again = sessionDecider.decide(asking, first.state, { ...metadata, commandId: commandId.parse('ask:ana:Why?') })
  assert.equal(again, { kind: 'accept', events: [] })
  const second = ask(first, 'Since when?', 'ben')
  assert.equal(inShort(second.news), ['question_asked q002'])
  const answered = second.conclude(one, 'The disk.')
  assert.equal(inShort(answered.news), [
    'model_replied q001',
    'execution_ended q001 completed',
    'execution_started q002',
    'turn_requested q002',
  ])
})

test('no more than twenty questions wait at once', () => {
  let course = completed()
  for (let number = 1; number <= 20; number++) course = ask(course, `question ${number}`)
  assert.is(refusalOf(course, asking), 'too_many_questions')
  assert.is(refusalOf(course.conclude(one), asking), 'accepted')
})

test('a model that fails for good ends the answer with its cause, and one may ask again', () => {
  const failed = ask(completed()).fail(one)
  assert.equal(inShort(failed.news), ['model_failed q001', 'execution_ended q001 failed'])
  assert.is(stateOf(failed).executions[one]?.cause?.code, 'model_auth')
  assert.is(stateOf(failed).status, 'completed')
  assert.equal(inShort(ask(failed, 'And now?').news).at(-1), 'turn_requested q002')
})

test('an answer under way can be ended, and so can a question that waits', () => {
  const both = ask(ask(completed()), 'Since when?', 'ben')
  const cancel = (id: typeof one): SessionCommand => ({
    type: 'CancelExecution',
    data: { sessionId: session, executionId: id, reason: 'never mind' },
  })
  const waiting = both.send(cancel(two))
  assert.equal(inShort(waiting.news), ['execution_ended q002 cancelled'])
  assert.equal(inShort(waiting.conclude(one).news), ['model_replied q001', 'execution_ended q001 completed'])
  assert.equal(inShort(both.send(cancel(one)).news), [
    'execution_ended q001 cancelled',
    'execution_started q002',
    'turn_requested q002',
  ])
})

test('the tool policy holds for the chat: what asks is asked, what is denied is denied', () => {
  const policy = toolPolicy.parse({ rules: [{ tool: 'set', action: 'deny', reason: 'frozen' }] })
  const course = withTools(ask(completed({ toolPolicy: policy }))).send(
    replyTo(one, 1, '', [valid('host__disk'), valid('host__restart'), valid('host__set')]),
  )
  assert.equal(inShort(course.news), [
    'model_replied q001',
    'tool_call_requested q001',
    'input_requested',
    'tool_call_refused q001',
  ])
  const approved = course.send({
    type: 'AnswerInput',
    data: { sessionId: session, inputId: inputIdOf(session, 1), answer: { kind: 'approve', scope: 'once' } },
  })
  assert.equal(inShort(approved.news), ['input_answered', 'tool_call_requested q001'])
})

test('an approval asked for by an answer expires to a denial, and is withdrawn when the answer is ended', () => {
  const policy = toolPolicy.parse({ expiry_seconds: 60 })
  const waits = withTools(ask(completed({ toolPolicy: policy }))).send(replyTo(one, 1, '', [valid('host__restart')]))
  const expire: SessionCommand = {
    type: 'ExpireInput',
    data: { sessionId: session, inputId: inputIdOf(session, 1) },
  }
  assert.equal(inShort(waits.send(expire, { at: '2026-01-02T05:00:00.000Z' }).news), [
    'input_expired',
    'tool_call_refused q001',
    'turn_requested q001',
  ])
  const ended = waits.send({ type: 'CancelExecution', data: { sessionId: session, executionId: one, reason: '' } })
  assert.equal(inShort(ended.news), ['execution_ended q001 cancelled', 'input_withdrawn'])
})

test('what the investigation left behind stays behind: its late results are late, its calls never begin', () => {
  const calling = running()
    .send({ type: 'OfferTools', data: { sessionId: session, executionId: executionId(1), tools, unavailable: [] } })
    .send(replyTo(executionId(1), 1, '', [valid('host__disk')]))
  const old = toolCallIdOf(executionId(1), 1, 1)
  const chatting = ask(calling.send({ type: 'CancelSession', data: { sessionId: session, reason: '' } }))
  const begin: SessionCommand = {
    type: 'BeginToolCall',
    data: { sessionId: session, toolCallId: old, attempt: 1, worker: 'w' },
  }
  assert.is(refusalOf(chatting, begin), 'session_ended')
  assert.is(refusalOf(chatting, replyTo(executionId(1), 2, 'late')), 'session_ended')
  const late = chatting.send({
    type: 'RecordToolCall',
    data: { sessionId: session, toolCallId: old, outcome: 'succeeded', content: { text: 'x' }, durationMs: 1 },
  })
  assert.equal(late.news, [
    {
      type: 'session.tool_call_recorded',
      data: {
        toolCallId: old,
        executionId: executionId(1),
        outcome: 'succeeded',
        content: { text: 'x' },
        durationMs: 1,
        late: true,
      },
    },
  ])
})

test('a person may speak to an answer under way, and to nobody when there is none', () => {
  const say: SessionCommand = { type: 'SendMessage', data: { sessionId: session, text: 'In UTC, please.' } }
  assert.is(refusalOf(completed(), say), 'session_ended')
  const told = ask(completed()).send(say)
  assert.equal(inShort(told.news), ['message_sent'])
  assert.equal(inShort(told.conclude(one, 'At noon.').news), ['model_replied q001', 'turn_requested q001'])
})

test('an answer has helpers, whose reports it waits for; they end with it', () => {
  const leader = { ...chatAgent, helpers: ['scout'], builtInTools: ['extend_plan', 'send_message'] as const }
  const asked = ask(
    completed({ chatAgent: { ...leader, builtInTools: [...leader.builtInTools] }, helperAgents: [scout] }),
  )
  const execution = stateOf(asked).executions[one]
  const own = execution === undefined ? [] : builtInToolsOf(execution, [scout])
  assert.not(
    own.some(({ tool }) => tool === 'extend_plan'),
    'the plan is over',
  )
  const dispatched = asked
    .send({ type: 'OfferTools', data: { sessionId: session, executionId: one, tools: [...own], unavailable: [] } })
    .send(
      replyTo(one, 1, '', [
        {
          proposed: { name: 'casebook__dispatch_helper', arguments: '{}' },
          parsed: { kind: 'valid', arguments: { agent: 'scout', task: 'look' } },
        },
      ]),
    )
  const helper = helperIdOf(session, 1)
  assert.equal(inShort(dispatched.news).slice(-2), ['turn_requested q001', 'turn_requested h001'])
  const cancelled = dispatched.send({
    type: 'CancelExecution',
    data: { sessionId: session, executionId: one, reason: '' },
  })
  assert.equal(inShort(cancelled.news), ['execution_ended q001 cancelled', 'execution_ended h001 cancelled'])
  const reported = dispatched.conclude(helper, 'Full.')
  assert.equal(inShort(reported.news).slice(1, 4), [
    'execution_ended h001 completed',
    'message_sent',
    'helper_reported h001',
  ])
})

test('an answer counts from zero: a budget the investigation used up does not silence the chat, its own does', () => {
  const budgets = { session: { tokens: 20 }, agent: { tool_calls: 1 }, on_reached: 'finish' as const }
  const course = running({ budgets }).conclude(executionId(1)).conclude(executionId(2)).send(summary)
  assert.ok(stateOf(course).used.tokens >= 20)
  const calling = withTools(ask(course)).send(replyTo(one, 1, '', [valid('host__disk')]))
  const done = calling.send({
    type: 'RecordToolCall',
    data: {
      sessionId: session,
      toolCallId: toolCallIdOf(one, 1, 1),
      outcome: 'succeeded',
      content: { text: 'x' },
      durationMs: 1,
    },
  })
  assert.equal(inShort(done.news), ['tool_call_recorded q001', 'budget_reached q001', 'turn_requested q001'])
  assert.equal(done.news.at(-1)?.data, {
    executionId: one,
    turn: 2,
    attempt: 1,
    mode: 'forced_conclusion',
    why: 'budget',
  })
})

test('whoever answers is given the whole session, then the chat so far, then the question', () => {
  const calling = running()
    .send({ type: 'OfferTools', data: { sessionId: session, executionId: executionId(1), tools, unavailable: [] } })
    .send(replyTo(executionId(1), 1, '', [valid('host__disk')]))
    .send({
      type: 'RecordToolCall',
      data: {
        sessionId: session,
        toolCallId: toolCallIdOf(executionId(1), 1, 1),
        outcome: 'succeeded',
        content: { text: '94 % used' },
        durationMs: 1,
      },
    })
  const ended = calling.conclude(executionId(1), 'The disk is full.').fail(executionId(2))
  const state = stateOf(ask(ask(ended, 'Why?', 'ana').conclude(one, 'The log grew.'), 'Since when?', 'ben'))
  const answering = state.executions[two]
  const open = answering?.openTurn
  if (answering === undefined || open === undefined || open === null) throw new Error('nobody answers')
  const [system, task, ...chat] = conversationOf(state, answering, open)
  assert.match(system?.text ?? '', /^Chat\.\n\n## Your conclusion\n.*A finding without a label is a guess\.$/)
  for (const words of [
    'Session: Disk full',
    'why?',
    'Stage "stage 1", agent 1: completed',
    'The disk is full.',
    'Stage "stage 2", agent 2: failed',
    'no key',
    'Tool call [call 1] host__disk {}: succeeded',
    '94 % used',
    'It ended as failed',
  ]) {
    assert.ok(task?.text.includes(words), words)
  }
  assert.equal(chat, [
    { role: 'user', text: `Question from ana (${metadata.at}):\nWhy?` },
    { role: 'assistant', text: 'The log grew.', toolCalls: [] },
    { role: 'user', text: `Question from ben (${metadata.at}):\nSince when?` },
  ])
})

test('a long session and a long chat leave room in the window; the latest questions stay', () => {
  const narrow = { ...chatAgent, contextTokens: 4_000 }
  let course = completed({ chatAgent: narrow, runbook: 'r'.repeat(50_000) })
  for (let number = 1; number <= 9; number++) {
    course = ask(course, `question ${number}`).conclude(answerIdOf(session, number), `answer ${number} `.repeat(100))
  }
  const state = stateOf(ask(course, 'the last one'))
  const answering = state.executions[answerIdOf(session, 10)]
  const open = answering?.openTurn
  if (answering === undefined || open === undefined || open === null) throw new Error('nobody answers')
  const messages = conversationOf(state, answering, open)
  const size = messages.reduce((sum, { text }) => sum + text.length, 0)
  assert.ok(size < 16_000 * 0.75, String(size))
  const texts = messages.map(({ text }) => text)
  assert.ok(texts.some((text) => /\(\d earlier questions are left out here\.\)/.test(text)))
  assert.ok(texts.some((text) => text.includes('question 9')) && !texts.some((text) => text.includes('question 1\n')))
  assert.match(texts[1] ?? '', /characters are left out here/)
  assert.match(texts[1] ?? '', /In short: the disk\./, 'what is short stays whole')
})

test.run()
