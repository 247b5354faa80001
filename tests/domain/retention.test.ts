// Retention: of several policies the one that says most of a session counts, whatever their names and order.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { expiryReason, rankPolicies } from '../../domain/retention/rank-policies.ts'
import { retentionPolicies } from '../../schemas/retention.ts'

test('org and kind go before org, before kind, before neither', () => {
  const ranked = rankPolicies({
    any: { keep_days: 1 },
    'b-kind': { kind: 'alert', keep_days: 2 },
    'a-kind': { kind: 'request', keep_days: 2 },
    org: { org: 'acme', keep_days: 'forever' },
    both: { org: 'acme', kind: 'alert', keep_days: 4 },
  })
  assert.equal(
    ranked.map(({ name }) => name),
    ['both', 'org', 'a-kind', 'b-kind', 'any'],
  )
})

test('the reason names the policy and its days', () => {
  assert.is(expiryReason({ policy: 'alerts', keepDays: 30 }), 'retention policy "alerts": 30 days after its end')
  assert.is(expiryReason({ policy: 'day', keepDays: 1 }), 'retention policy "day": 1 day after its end')
})

test('two policies for the same sessions are refused, and so is what no policy knows', () => {
  const two = retentionPolicies.safeParse({ a: { kind: 'alert', keep_days: 1 }, b: { kind: 'alert', keep_days: 2 } })
  assert.equal(
    two.error?.issues.map(({ path, message }) => [path, message]),
    [[['b'], 'is for the same sessions as "a"']],
  )
  for (const policy of [{ keep_days: -1 }, { keep_days: 'never' }, { keep_days: 1, kind: 'chat' }, { keepdays: 1 }]) {
    assert.not.ok(retentionPolicies.safeParse({ a: policy }).success, JSON.stringify(policy))
  }
  assert.ok(retentionPolicies.safeParse({ a: { keep_days: 0.5, org: 'acme' } }).success)
})

test.run()
