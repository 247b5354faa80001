// Prices of replies: by the provider's address and the model's name, and unpriced rather than wrong.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { priceOfReply } from '../../gateways/llm/price-of-reply.ts'

const usage = { inputTokens: 1_000_000, outputTokens: 100_000 }
const openai = 'https://api.openai.com/v1'

test('a known model of a known provider has a price, in millionths of a dollar', () => {
  const price = priceOfReply(openai, 'gpt-4o', usage)
  assert.is(price, 3_500_000)
})

test('cached tokens cost less than fresh ones', () => {
  const cached = priceOfReply(openai, 'gpt-4o', { ...usage, cachedInputTokens: 1_000_000 })
  assert.ok(cached !== undefined && cached < 3_500_000 && cached > 0)
})

test('more cached tokens than tokens, as some endpoints count, are taken for all of them', () => {
  assert.is(
    priceOfReply(openai, 'gpt-4o', { ...usage, cachedInputTokens: 5_000_000 }),
    priceOfReply(openai, 'gpt-4o', { ...usage, cachedInputTokens: 1_000_000 }),
  )
})

test('an unknown model, and a famous name at an address of one’s own, are unpriced', () => {
  assert.is(priceOfReply(openai, 'no-such-model', usage), undefined)
  assert.is(priceOfReply('http://127.0.0.1:9/v1', 'gpt-4o', usage), undefined)
})

test.run()
