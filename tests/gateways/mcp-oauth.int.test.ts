// Tokens for HTTP MCP servers, machine to machine: found out, fetched, renewed when refused, and never told to anybody.
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { mcpServerDefinition } from '../../schemas/agent-definition.ts'
import { client, type Guarded, withGuardedServer } from '../support/guarded-mcp-server.ts'
import { httpServer } from '../support/mcp-http-world.ts'
import { answered, callOf, messageOf, never, withToolBox } from '../support/tool-box-world.ts'

const test = suite('OAuth for MCP servers')
const guarded = { server: 'guarded' }

const withGuarded = (
  settings: (server: Guarded) => object,
  work: (toolBox: Parameters<Parameters<typeof withToolBox>[1]>[0], server: Guarded) => Promise<void>,
): Promise<void> =>
  withGuardedServer((server) =>
    withToolBox({ guarded: httpServer(server.url, { oauth: { ...client, ...settings(server) } }) }, (toolBox) =>
      work(toolBox, server),
    ),
  )

test('the authorization server is found by what the MCP server says, and one token serves every execution', async () => {
  await withGuarded(
    ({ issuer }) => ({ issuer }),
    async (toolBox, { grants, tokens }) => {
      const listings = await Promise.all(
        ['exe_1', 'exe_2', 'exe_3'].map((execution) => toolBox.list(execution, ['guarded'], never)),
      )
      for (const { tools, unavailable } of listings) {
        assert.equal(unavailable, [])
        assert.equal(
          tools.map(({ tool }) => tool),
          ['whoami'],
        )
      }
      const said = answered(await toolBox.call(callOf('whoami', {}, guarded), never)).text
      assert.match(said, /^called with Bearer .*MASKED/)
      assert.not.match(said, tokens[0] ?? 'no token')
      assert.equal(grants, ['client_credentials all'])
    },
  )
})

test('a token that is no longer taken is renewed once, for all calls that were refused at the time, and they run', async () => {
  await withGuarded(
    ({ issuer }) => ({ issuer, scopes: ['read', 'write'] }),
    async (toolBox, { grants, expire }) => {
      await toolBox.list('exe_1', ['guarded'], never)
      expire()
      const calls = Array.from({ length: 5 }, () => toolBox.call(callOf('whoami', {}, guarded), never))
      for (const result of await Promise.all(calls)) answered(result)
      assert.equal(grants, ['client_credentials read write', 'client_credentials read write'])
    },
  )
})

test("a refresh token is used while it is taken, the client's own credentials after that", async () => {
  await withGuarded(
    ({ issuer }) => ({ issuer, refresh_token: 'refresh-0123456789' }),
    async (toolBox, { grants }) => {
      assert.equal((await toolBox.list('exe_1', ['guarded'], never)).unavailable, [])
      assert.equal(grants, ['refresh_token all'])
    },
  )
  await withGuarded(
    ({ issuer }) => ({ issuer, refresh_token: 'refresh-of-yesterday' }),
    async (toolBox, { grants }) => {
      assert.equal((await toolBox.list('exe_1', ['guarded'], never)).unavailable, [])
      assert.equal(grants, ['refresh_token all', 'client_credentials all'])
    },
  )
})

test('a call that is refused while a token is being fetched waits for it, although there is none at the time', async () => {
  await withGuarded(
    ({ issuer }) => ({ issuer, refresh_token: 'refresh-0123456789' }),
    async (toolBox, { grants, expire, forgetRefreshToken }) => {
      await toolBox.list('exe_1', ['guarded'], never)
      expire()
      forgetRefreshToken()
      const calls = [1, 2].map(() => toolBox.call(callOf('whoami', {}, guarded), never))
      for (const result of await Promise.all(calls)) answered(result)
      assert.equal(grants, ['refresh_token all', 'refresh_token all', 'client_credentials all'])
    },
  )
})

test('a token endpoint that is given is not looked for', async () => {
  await withGuardedServer(async (server) => {
    const { issuer, url, tokenEndpoint: token_endpoint, grants } = server
    const definition = httpServer(url, { oauth: { ...client, issuer, token_endpoint } })
    await withToolBox({ guarded: definition }, async (toolBox) => {
      assert.equal((await toolBox.list('exe_1', ['guarded'], never)).unavailable, [])
      assert.ok(grants.length > 0)
    })
  }, true)
})

test('a secret does not go to an authorization server other than the one it is for', async () => {
  await withGuarded(
    () => ({ issuer: 'https://login.example.org' }),
    async (toolBox, { grants }) => {
      const { unavailable } = await toolBox.list('exe_1', ['guarded'], never)
      assert.match(unavailable[0]?.reason ?? '', 'login.example.org')
      assert.equal(grants, [])
    },
  )
})

test('without a token a call did not run, the reason says so, and no secret is in it', async () => {
  await withGuarded(
    ({ issuer }) => ({ issuer }),
    async (toolBox, { close, tokens }) => {
      await toolBox.list('exe_1', ['guarded'], never)
      close()
      const result = await toolBox.call(callOf('whoami', {}, guarded), never)
      assert.is(result.kind, 'not_run', JSON.stringify(result))
      assert.match(messageOf(result), 'No token from its authorization server')
      for (const secret of [client.client_secret, ...tokens]) assert.not.match(JSON.stringify(result), secret)
    },
  )
  await withGuarded(
    ({ issuer }) => ({ issuer, client_secret: 'wrong-secret-0123456789' }),
    async (toolBox) => {
      const { unavailable } = await toolBox.list('exe_1', ['guarded'], never)
      assert.match(unavailable[0]?.reason ?? '', 'invalid_client')
      assert.not.match(JSON.stringify(unavailable), 'wrong-secret')
    },
  )
})

test('the settings are a closed schema, and need something to prove the client with', () => {
  const refused = (oauth: object): string =>
    mcpServerDefinition.safeParse({ transport: { type: 'http', url: 'https://x.example.org', oauth } }).error
      ?.message ?? ''
  assert.is(refused(client), '')
  assert.match(refused({ client_id: 'casebook' }), 'needs client_secret or refresh_token')
  assert.match(refused({ ...client, scope: 'all' }), 'scope')
})

test.run()
