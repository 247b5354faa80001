// Who may ask, without a server: the cases a header can be bent into.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { createAuthentication, isLoopback } from '../../gateways/http/authentication.ts'
import { factsOf } from '../../gateways/http/problem.ts'
import { factsOfError } from '../../gateways/http/problem-of-error.ts'
import { CasebookError } from '../../schemas/casebook-error.ts'

const ask = (token: string | undefined, headers: Readonly<Record<string, string>>, method = 'GET', path = '/v1/x') => {
  try {
    return createAuthentication(token)({ method, path, headers }).trusted ? 'trusted' : 'open'
  } catch (error) {
    return factsOfError(error).code
  }
}

test('loopback has few names', () => {
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '[::1]', '::1']) assert.ok(isLoopback(host), host)
  for (const host of ['0.0.0.0', '10.0.0.1', '127.0.0.1.evil.example', 'localhost.evil', '']) {
    assert.not.ok(isLoopback(host), host)
  }
})

test('a bearer token is taken in any case of its scheme, and nothing near it', () => {
  const token = 'sixteen-characters-long'
  assert.is(ask(token, { authorization: `Bearer ${token}` }), 'trusted')
  assert.is(ask(token, { authorization: `bearer  ${token} ` }), 'trusted')
  for (const authorization of [token, `Basic ${token}`, `Bearer ${token}x`, 'Bearer ', `Bearer ${token} y`]) {
    assert.is(ask(token, { authorization }), 'unauthorized', authorization)
  }
  assert.is(ask(token, {}, 'GET', '/health'), 'open')
  assert.is(ask(token, {}, 'GET', '/healthy'), 'unauthorized')
})

test('a page of another origin may read nothing by name and write nothing at all', () => {
  const host = '127.0.0.1:8080'
  assert.is(ask(undefined, { host }), 'open')
  assert.is(ask(undefined, { host: '[::1]:8080' }), 'open')
  assert.is(ask(undefined, {}), 'host_forbidden')
  assert.is(ask(undefined, { host: 'rebound.example:8080' }), 'host_forbidden')
  assert.is(ask(undefined, { host, origin: 'http://127.0.0.1:8080' }, 'POST'), 'open')
  assert.is(ask(undefined, { host, origin: 'http://127.0.0.1:9999' }, 'POST'), 'origin_forbidden')
  assert.is(ask(undefined, { host, origin: 'null' }, 'POST'), 'origin_forbidden')
  assert.is(ask(undefined, { host, 'sec-fetch-site': 'same-site' }, 'DELETE'), 'origin_forbidden')
})

class Odd extends CasebookError {
  readonly code = 'some_new_code'
  readonly retryable: boolean
  constructor(retryable: boolean) {
    super('host db-7 said no')
    this.retryable = retryable
  }
}

test('a code that is not in the table is 503 when it may pass, else 500 without its words', () => {
  const passing = factsOfError(new Odd(true))
  assert.equal([passing.status, passing.code, passing.retryAfter], [503, 'some_new_code', 2])
  const lasting = factsOfError(new Odd(false))
  assert.equal([lasting.status, lasting.code], [500, 'some_new_code'])
  assert.not.match(lasting.detail, 'db-7')
  assert.is(factsOfError(new TypeError('x of undefined')).code, 'unexpected')
  assert.is(factsOf('log_full', 'x').retryAfter, 2)
})

test.run()
