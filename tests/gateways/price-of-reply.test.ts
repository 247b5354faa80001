// Prices of replies: one's own first, then by the provider's address and the model's name, and unpriced rather than wrong.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createPriceOfReply, publishedPrice } from '../../gateways/llm/price-of-reply.ts'
import { modelPrice } from '../../schemas/model-price.ts'
import { providerDefinition } from '../../schemas/provider-definition.ts'

const usage = { inputTokens: 1_000_000, outputTokens: 100_000 }
const at = (base_url: string) => providerDefinition.parse({ base_url, model: 'any' })
const openai = at('https://api.openai.com/v1')
const local = at('http://127.0.0.1:9/v1')

test('a known model of a known provider has a price, in millionths of a dollar', () => {
  const price = publishedPrice(openai, 'gpt-4o', usage)
  assert.is(price, 3_500_000)
})

test('cached tokens cost less than fresh ones', () => {
  const cached = publishedPrice(openai, 'gpt-4o', { ...usage, cachedInputTokens: 1_000_000 })
  assert.ok(cached !== undefined && cached < 3_500_000 && cached > 0)
})

test('more cached tokens than tokens, as some endpoints count, are taken for all of them', () => {
  assert.is(
    publishedPrice(openai, 'gpt-4o', { ...usage, cachedInputTokens: 5_000_000 }),
    publishedPrice(openai, 'gpt-4o', { ...usage, cachedInputTokens: 1_000_000 }),
  )
})

test('an unknown model, a famous name at an address of one’s own, and the simulator are unpriced', () => {
  assert.is(publishedPrice(openai, 'no-such-model', usage), undefined)
  assert.is(publishedPrice(local, 'gpt-4o', usage), undefined)
  assert.is(publishedPrice({ ...openai, simulated: true }, 'gpt-4o', usage), undefined)
})

const priceOn = (day: string, ...prices: readonly object[]) => {
  const parsed = prices.map((each) => modelPrice.parse({ provider: 'local', input: 2, output: 10, ...each }))
  const priceOf = createPriceOfReply(
    () => parsed,
    () => day,
  )
  return (model: string, provider = 'local', asked = model, used = usage) =>
    priceOf(provider === 'local' ? local : openai, { provider, model, asked }, used)
}

test('a price of one’s own is for a million tokens, cached input apart', () => {
  const priceOf = priceOn('2026-01-02', { model: 'big', cached_input: 0.5 })
  assert.is(priceOf('big'), 3_000_000)
  assert.is(priceOf('big', 'local', 'big', { ...usage, ...{ cachedInputTokens: 400_000 } }), 2_400_000)
  assert.is(priceOf('small'), undefined)
})

test('a price of one’s own goes before the published one, for its provider alone', () => {
  const priceOf = priceOn('2026-01-02', { model: 'gpt-4o', provider: 'openai', input: 0, output: 0 })
  assert.is(priceOf('gpt-4o', 'openai'), 0)
  assert.is(priceOf('gpt-4o', 'local'), undefined)
})

test('a model is known by the name it was asked under, too; the rest of a provider’s models by *', () => {
  const priceOf = priceOn('2026-01-02', { model: '*', input: 0, output: 10 }, { model: 'big' })
  assert.is(priceOf('big-2026-01-01', 'local', 'big'), 3_000_000)
  assert.is(priceOf('small'), 1_000_000)
})

test('a price holds from its first day to its last, and of two the later in the list', () => {
  const prices = [
    { model: 'big' },
    { model: 'big', input: 1, from: '2026-02-01', until: '2026-02-28' },
    { model: 'big', input: 0, from: '2026-02-28' },
  ]
  const on = (day: string) => priceOn(day, ...prices)('big')
  assert.equal(
    ['2026-01-31', '2026-02-01', '2026-02-27', '2026-02-28', '2026-03-01'].map(on),
    [3_000_000, 2_000_000, 2_000_000, 1_000_000, 1_000_000],
  )
})

test.run()
