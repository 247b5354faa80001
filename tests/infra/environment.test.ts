// The environment as it is read at start: defaults, refusals that help, and secrets that stay unsaid.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { environmentWarnings, loadEnvironment, type ProcessEnvironment } from '../../infra/settings/load-environment.ts'
import { EnvironmentInvalid, UnauthenticatedExposure } from '../../infra/settings/settings-errors.ts'

const refusal = (variables: ProcessEnvironment): string => {
  try {
    loadEnvironment(variables)
  } catch (error) {
    if (error instanceof EnvironmentInvalid) return error.message
    throw error
  }
  return ''
}

test('an empty environment gives the defaults', () => {
  assert.equal(loadEnvironment({ PATH: '/bin' }), {
    CASEBOOK_PORT: 8080,
    CASEBOOK_HOST: '127.0.0.1',
    CASEBOOK_DATA_DIR: '.casebook',
    CASEBOOK_ROLES: ['http', 'bus', 'handlers', 'projections'],
    CASEBOOK_REBUILDS: 2,
    CASEBOOK_AS_OF_COMMITS: 500_000,
    CASEBOOK_DURABILITY: 'default',
    CASEBOOK_PERSONAL_FIELDS: 'plain',
  })
})

test('an empty value counts as not set', () => {
  const { CASEBOOK_PORT, CASEBOOK_TOKEN } = loadEnvironment({ CASEBOOK_PORT: '', CASEBOOK_TOKEN: '', DATABASE_URL: '' })
  assert.is(CASEBOOK_PORT, 8080)
  assert.is(CASEBOOK_TOKEN, undefined)
})

test('every wrong value is named with what it should be and an example', () => {
  assert.is(
    refusal({ CASEBOOK_PORT: '99999', CASEBOOK_ROLES: 'http,handler', NATS_URL: 'localhost:4222' }),
    [
      'CASEBOOK_PORT must be a port, 0 to 65535 (0 takes a free one). It is "99999". Example: CASEBOOK_PORT=8080',
      'CASEBOOK_ROLES must be some of http, bus, handlers, projections, separated by commas. It is "http,handler". Example: CASEBOOK_ROLES=http,handlers',
      'NATS_URL must be a URL starting with nats:// or tls://. Example: NATS_URL=nats://127.0.0.1:4222',
    ].join('\n'),
  )
})

test('a secret is never part of a refusal', () => {
  const said = refusal({
    CASEBOOK_TOKEN: 'hush',
    DATABASE_URL: 'mysql://root:hush@db/x',
    NATS_URL: 'http://user:hush@nats',
    OPENAI_BASE_URL: 'ftp://hush',
  })
  assert.is(said.split('\n').length, 4)
  assert.not.match(said, /hush/)
})

test('roles are a list without repeats', () => {
  assert.equal(loadEnvironment({ CASEBOOK_ROLES: ' handlers, http ,http,' }).CASEBOOK_ROLES, ['handlers', 'http'])
  assert.match(refusal({ CASEBOOK_ROLES: ' , ' }), /^CASEBOOK_ROLES must be some of/)
})

test('another host than loopback needs a token', () => {
  for (const host of ['0.0.0.0', '::', '192.168.1.4', 'casebook.example']) {
    assert.throws(
      () => loadEnvironment({ CASEBOOK_HOST: host }),
      (error: unknown) => error instanceof UnauthenticatedExposure && error.message.includes('CASEBOOK_TOKEN'),
    )
    assert.is(loadEnvironment({ CASEBOOK_HOST: host, CASEBOOK_TOKEN: 'x'.repeat(16) }).CASEBOOK_HOST, host)
  }
  for (const host of ['localhost', '127.0.0.1', '127.8.9.1', '::1']) {
    assert.is(loadEnvironment({ CASEBOOK_HOST: host }).CASEBOOK_HOST, host)
  }
})

test('the port Kubernetes sets for a service of this name is told apart', () => {
  assert.match(refusal({ CASEBOOK_PORT: 'tcp://10.0.0.7:8080' }), /enableServiceLinks/)
})

test('a CASEBOOK_ variable nobody reads is warned about, with the nearest name', () => {
  assert.equal(
    environmentWarnings({ CASEBOOK_PROT: '1', CASEBOOK_XYZZY: '', CASEBOOK_PORT: '1', CASEBOOK_URL: 'x', HOME: '/' }),
    [
      'CASEBOOK_PROT is set, but Casebook reads no such variable; did you mean "CASEBOOK_PORT"?',
      'CASEBOOK_XYZZY is set, but Casebook reads no such variable.',
    ],
  )
  assert.equal(
    environmentWarnings({ CASEBOOK_SERVICE_HOST: '10.0.0.7', CASEBOOK_PORT_8080_TCP: 'tcp://10.0.0.7:8080' }),
    [],
  )
})

test.run()
