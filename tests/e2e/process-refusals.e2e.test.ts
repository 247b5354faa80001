// A wrong value of the environment is refused at start: by name, with the mend, without its secrets, and nothing stays behind.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { environment as variables } from '../../schemas/environment.ts'
import { startCommand } from '../support/casebook-process.ts'
import { nobodyWorksIn } from '../support/processes-of.ts'
import { startNats, startPostgres, temporaryFolder } from '../support/servers.ts'

const test = suite('refusals at start')
const root = temporaryFolder()
const [nats, postgres] = await Promise.all([startNats(), startPostgres()])
const taken = createServer()
await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
const address = taken.address()
const takenPort = typeof address === 'object' && address !== null ? String(address.port) : ''

const secret = 'hush-hush-hush-hush'
const file = join(root, 'a-file')
writeFileSync(file, '')
mkdirSync(join(root, 'faulty'))
writeFileSync(join(root, 'faulty', 'chains.yaml'), 'chains:\n  default:\n    stages: 7\n')

const withUser = (url: string, user: string): string => url.replace(/\/\/.*@/, `//${user}@`)
const external = { NATS_URL: nats.url, DATABASE_URL: postgres.url }
/** Nothing listens on port 1. */
const nobodyThere = '127.0.0.1:1'

interface Refusal {
  readonly given: Readonly<Record<string, string>>
  readonly says: RegExp
}

const refusals: readonly Refusal[] = [
  {
    given: { CASEBOOK_PORT: '80800' },
    says: /CASEBOOK_PORT must be a port, .* It is "80800"\. Example: CASEBOOK_PORT=8080/,
  },
  {
    given: { ...external, CASEBOOK_PORT: takenPort },
    says: new RegExp(
      `CASEBOOK_PORT ${takenPort} is taken on 127\\.0\\.0\\.1\\. Stop what listens there, or set CASEBOOK_PORT`,
    ),
  },
  {
    given: { CASEBOOK_HOST: '0.0.0.0' },
    says: /CASEBOOK_HOST=0\.0\.0\.0 would serve other machines .* Set CASEBOOK_TOKEN/,
  },
  { given: { CASEBOOK_HOST: '::' }, says: /CASEBOOK_HOST=:: would serve other machines .* Set CASEBOOK_TOKEN/ },
  {
    given: { ...external, CASEBOOK_HOST: '192.0.2.1', CASEBOOK_TOKEN: secret },
    says: /CASEBOOK_HOST 192\.0\.2\.1 is no address of this machine\. Set it to one/,
  },
  {
    given: { CASEBOOK_TOKEN: 'hush' },
    says: /CASEBOOK_TOKEN must be at least 16 printable characters .* Example: CASEBOOK_TOKEN=/,
  },
  {
    given: { CASEBOOK_REBUILDS: 'many' },
    says: /CASEBOOK_REBUILDS must be a whole number, 1 to 64\. It is "many"\. Example: CASEBOOK_REBUILDS=2/,
  },
  {
    given: { CASEBOOK_DURABILITY: 'high' },
    says: /CASEBOOK_DURABILITY must be default or strict\. It is "high"\. Example: CASEBOOK_DURABILITY=strict/,
  },
  {
    given: { CASEBOOK_AS_OF_COMMITS: 'few' },
    says: /CASEBOOK_AS_OF_COMMITS must be a whole number, 1 to 999999999\. It is "few"\. Example: CASEBOOK_AS_OF_COMMITS=/,
  },
  {
    given: { CASEBOOK_PERSONAL_FIELDS: 'hidden' },
    says: /CASEBOOK_PERSONAL_FIELDS must be plain or sealed\. It is "hidden"\. Example: CASEBOOK_PERSONAL_FIELDS=sealed/,
  },
  {
    given: { CASEBOOK_REPLICAS: '7' },
    says: /CASEBOOK_REPLICAS must be a whole number, 1 to 5\. It is "7"\. Example: CASEBOOK_REPLICAS=3/,
  },
  {
    given: { EVENTSTORE_URL: `http://user:${secret}@events` },
    says: /EVENTSTORE_URL must be an address of EventStoreDB starting with esdb:\/\/ .* Example: EVENTSTORE_URL=esdb:/,
  },
  { given: { CASEBOOK_ROLES: 'http,all' }, says: /CASEBOOK_ROLES must be some of http, bus, handlers, projections/ },
  {
    given: { CASEBOOK_DATA_DIR: file },
    says: /a-file cannot be used as data folder: .* set CASEBOOK_DATA_DIR to another one/,
  },
  {
    given: { CASEBOOK_CONFIG_DIR: join(root, 'nowhere') },
    says: /nowhere: is no folder; create it, or mend CASEBOOK_CONFIG_DIR/,
  },
  { given: { CASEBOOK_CONFIG_DIR: join(root, 'faulty') }, says: /faulty\/chains\.yaml:3: chains\.default\.stages: / },
  { given: { CASEBOOK_MODEL: 'two words' }, says: /CASEBOOK_MODEL must be a model's name.* Example: CASEBOOK_MODEL=/ },
  {
    given: { NATS_SERVER_BIN: join(root, 'nowhere') },
    says: /NATS_SERVER_BIN=\S+nowhere is no nats-server .* Set it to the file of one/,
  },
  {
    given: { NATS_SERVER_BIN: root },
    says: /NATS_SERVER_BIN=\S+ is no nats-server that runs here: it cannot be executed\./,
  },
  {
    given: { NATS_SERVER_BIN: process.execPath },
    says: /NATS_SERVER_BIN=\S+ is no nats-server that runs here: it says "v24/,
  },
  {
    given: { NATS_URL: `http://user:${secret}@nats` },
    says: /NATS_URL must be a URL starting with nats:\/\/ .* Example: NATS_URL=/,
  },
  {
    given: { ...external, NATS_URL: `nats://user:${secret}@${nobodyThere}` },
    says: /NATS_URL names 127\.0\.0\.1:1, but no server answers there \(connect ECONNREFUSED .*\)\. Start it/,
  },
  {
    given: { ...external, NATS_URL: withUser(nats.url, secret) },
    says: /NATS_URL names 127\.0\.0\.1:\d+, but that server refuses the credentials\. Mend them/,
  },
  {
    given: { DATABASE_URL: `mysql://user:${secret}@db/x` },
    says: /DATABASE_URL must be a URL starting with postgres:\/\/ .* Example:/,
  },
  {
    given: { ...external, DATABASE_URL: `postgres://user:${secret}@${nobodyThere}/x` },
    says: /DATABASE_URL names 127\.0\.0\.1:1, but no server answers there \(connect ECONNREFUSED .*\)\. Start it/,
  },
  {
    given: { ...external, DATABASE_URL: withUser(postgres.url, `casebook:${secret}`) },
    says: /DATABASE_URL names \S+, but that server says: password authentication failed.* Mend the name, password or database/,
  },
  {
    given: { ...external, DATABASE_URL: postgres.url.replace(/casebook$/, 'nowhere') },
    says: /DATABASE_URL names \S+, but that server says: database "nowhere" does not exist/,
  },
  {
    given: { OPENAI_BASE_URL: `ftp://${secret}` },
    says: /OPENAI_BASE_URL must be a URL starting with http:\/\/ .* Example:/,
  },
  {
    given: { OPENAI_API_KEY: `${secret}\n` },
    says: /OPENAI_API_KEY must be printable characters without spaces.* Example:/,
  },
]

test('every variable has a wrong value among those tried', () => {
  const text = refusals.map(({ says }) => says.source).join('\n')
  for (const name of Object.keys(variables.shape)) assert.ok(text.includes(name), name)
})

const refused = async ({ given, says }: Refusal, index: number): Promise<void> => {
  const dataDir = join(root, `data-${index}`)
  const { exited, output } = startCommand(['serve'], { CASEBOOK_PORT: '0', CASEBOOK_DATA_DIR: dataDir, ...given })
  const code = await exited
  const about = `${JSON.stringify(given)}\n${output()}`
  assert.is(code, 1, about)
  assert.match(output(), says, about)
  assert.match(output(), /^casebook: /m, about)
  assert.not.match(output(), /hush|casebook ready|\n {4}at /, about)
  for (const { password, username } of [new URL(nats.url), new URL(postgres.url)]) {
    assert.not.ok(output().includes(password || username), about)
  }
  await nobodyWorksIn(dataDir)
  assert.not.ok(existsSync(join(dataDir, 'lock')), about)
}

test('each is refused by name, with the mend and no secret, and leaves nothing running', async () => {
  const queue = [...refusals.entries()]
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await refused(next[1], next[0])
  }
  await Promise.all([worker(), worker(), worker()])
})

test('several wrong values are told together', async () => {
  const { exited, output } = startCommand(['serve'], { CASEBOOK_PORT: 'x', CASEBOOK_ROLES: 'y', NATS_URL: 'z' })
  assert.is(await exited, 1)
  for (const name of ['CASEBOOK_PORT', 'CASEBOOK_ROLES', 'NATS_URL'])
    assert.match(output(), new RegExp(`${name} must be`))
})

test.after(async () => {
  taken.close()
  await Promise.all([nats.stop(), postgres.stop()])
  rmSync(root, { recursive: true, force: true })
})

test.run()
