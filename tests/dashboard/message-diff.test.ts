// What one prompt has that the one before had not.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { diffMessages, type Message } from '../../dashboard/src/pages/conversation/message-diff.ts'

const system: Message = { role: 'system', text: 'Be exact.' }
const task: Message = { role: 'user', text: 'Why is the disk full?' }
const asks = (id: string): Message => ({
  role: 'assistant',
  text: '',
  toolCalls: [{ id, name: 'host__disk', arguments: '{}' }],
})
const result = (id: string, text: string): Message => ({ role: 'tool', toolCallId: id, text })
const told = (before: readonly Message[], after: readonly Message[]) =>
  diffMessages(before, after).map(({ kind, message }) => `${kind} ${message.text || message.toolCalls?.[0]?.id}`)

test('a turn adds what was said and what came back', () => {
  const before = [system, task]
  assert.equal(told(before, [...before, asks('c1'), result('c1', 'full')]), [
    'same Be exact.',
    'same Why is the disk full?',
    'added c1',
    'added full',
  ])
  assert.equal(told(before, before), ['same Be exact.', 'same Why is the disk full?'])
})

test('a result that was shortened is the same message with another text', () => {
  const before = [system, task, asks('c1'), result('c1', 'a long result')]
  const after = [system, task, asks('c1'), result('c1', 'a long … left out'), asks('c2'), result('c2', 'more')]
  const changes = diffMessages(before, after)
  assert.equal(
    changes.map(({ kind }) => kind),
    ['same', 'same', 'same', 'changed', 'added', 'added'],
  )
  const changed = changes.find((change) => change.kind === 'changed')
  assert.is(changed?.before.text, 'a long result')
})

test('a compaction takes turns away and puts a summary in their place; nothing is told twice', () => {
  const turns = ['c1', 'c2', 'c3'].flatMap((id) => [asks(id), result(id, `result of ${id}`)])
  const summary: Message = { role: 'user', text: 'Your work so far' }
  const after = [system, task, summary, ...turns.slice(4), asks('c4'), result('c4', 'result of c4')]
  const changes = diffMessages([system, task, ...turns], after)
  assert.equal(
    changes.filter(({ kind }) => kind === 'removed').map(({ message }) => message),
    turns.slice(0, 4),
  )
  assert.equal(
    changes.filter(({ kind }) => kind === 'added').map(({ message }) => message),
    [summary, asks('c4'), result('c4', 'result of c4')],
  )
  assert.is(changes.filter(({ kind }) => kind === 'same').length, 4)
})

test.run()
