// Thinking between tags, however the stream cuts it: the same words come out, told apart.
import * as fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createThinkingTags, type TaggedText } from '../../gateways/llm/thinking-tags.ts'

const read = (...pieces: readonly string[]) => {
  const tags = createThinkingTags()
  const parts = [...pieces.flatMap((piece) => tags.take(piece)), ...tags.end()]
  const of = (kind: TaggedText['kind']): string =>
    parts.flatMap((part) => (part.kind === kind ? [part.text] : [])).join('')
  return { thinking: of('thinking'), text: of('text') }
}

test('what stands between tags at the beginning is thinking, and the rest is text', () => {
  for (const name of ['think', 'thinking', 'thought', 'reasoning']) {
    assert.equal(read(`\n<${name}>a < b</${name}>\n\nDone.`), { thinking: 'a < b', text: 'Done.' })
  }
})

test('anywhere else tags are text, and so is what only begins like one', () => {
  for (const text of ['I <think> so</think>.', '<b>bold</b>', '<thin', '<', ' ', 'x'])
    assert.equal(read(text), { thinking: '', text })
})

test('thinking that never ends is thinking to the last letter', () => {
  assert.equal(read('<think>on and on </thi'), { thinking: 'on and on </thi', text: '' })
})

test('the pieces it comes in change nothing', () => {
  const letters = fc.string({ unit: fc.constantFrom('<', '/', 't', 'think', '>', '</think>', ' ', 'a') })
  fc.assert(
    fc.property(letters, letters, fc.array(fc.nat(40), { maxLength: 12 }), (thinking, text, cuts) => {
      const whole = `<think>${thinking}</think>${text}`
      const pieces: string[] = []
      let rest = whole
      for (const cut of cuts) {
        pieces.push(rest.slice(0, cut))
        rest = rest.slice(cut)
      }
      assert.equal(normal(read(...pieces, rest)), normal(read(whole)))
    }),
  )
})

/** White space before the text is dropped only as far as it came with the tag. */
const normal = ({ thinking, text }: ReturnType<typeof read>) => ({ thinking, text: text.trimStart() })

test.run()
