// The pool, what it takes for an outage, and the tables made by many processes at once.

import { createServer } from 'node:net'
import { sql } from 'kysely'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { classified, createDatabase, type PostgresDatabase } from '../../infra/postgres/database.ts'
import { migrate } from '../../infra/postgres/migrations.ts'
import { createPipe } from '../../infra/postgres/pipe.ts'
import { projections as catalogue } from '../../projections/catalogue.ts'
import { readCheckpoints } from '../../projections/checkpoints.ts'
import { DatabaseUnavailable } from '../../projections/database.ts'
import { eventually } from '../support/eventually.ts'
import { startPostgres } from '../support/servers.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'

const postgres = await startPostgres()
const opened: PostgresDatabase[] = []
test.after(async () => {
  await Promise.all(opened.map((database) => database.close()))
  await postgres.stop()
})

const open = (...args: Parameters<typeof createDatabase>): PostgresDatabase => {
  const database = createDatabase(...args)
  opened.push(database)
  return database
}

const thrownBy = (work: Promise<unknown>): Promise<unknown> => work.catch((thrown: unknown) => thrown)

test('the tables are made once, by however many processes and however often', async () => {
  const url = await postgres.createDatabase()
  const processes = Array.from({ length: 8 }, () => open(url, 2))
  await Promise.all(processes.map((database) => migrate(database, catalogue)))
  const database = open(url)
  await migrate(database, catalogue)
  const checkpoints = await readCheckpoints(database, catalogue)
  assert.equal(
    checkpoints.map(({ name, position, state, failure, epoch }) => [name, position, state, failure, epoch]),
    ['alerts', 'audit', 'chat', 'costs', 'evaluations', 'inputs', 'sessions', 'tasks', 'timeline', 'tool-calls'].map(
      (name) => [name, 0, 'starting', null, ''],
    ),
  )
  for (const { tableNames, name, version } of catalogue) {
    for (const table of tableNames) {
      await database.query(`SELECT count(*) FROM ${name.replaceAll('-', '_')}_v${version}.${table}`)
    }
  }
})

test('a transaction whose work throws leaves nothing, and its connection serves again', async () => {
  const database = open(await postgres.createDatabase(), 1)
  await database.query('CREATE TABLE kept (id int4 PRIMARY KEY)')
  const wrong = await thrownBy(
    database.transaction(async (sql) => {
      await sql.query('INSERT INTO kept VALUES (1)')
      throw new Error('no')
    }),
  )
  assert.is(wrong instanceof Error && wrong.message, 'no')
  const doubled = await thrownBy(
    database.transaction(async (sql) => {
      await sql.query('INSERT INTO kept VALUES (2)')
      await sql.query('INSERT INTO kept VALUES (2)')
    }),
  )
  assert.not.instance(doubled, DatabaseUnavailable)
  await database.transaction(async (sql) => {
    await sql.query('INSERT INTO kept VALUES (3)')
  })
  assert.equal(await database.query('SELECT id FROM kept'), [{ id: 3 }])
})

test('connections that were cut are replaced: those in use say the database is away, the next ones work', async () => {
  const database = open(await postgres.createDatabase(), 3)
  const cutAll = () =>
    open(postgres.url, 1).query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%' AND pid <> pg_backend_pid()",
    )
  const during = thrownBy(
    database.transaction(async (sql) => {
      await cutAll()
      await sql.query('SELECT 1')
    }),
  )
  assert.instance(await during, DatabaseUnavailable)
  await eventually(async () => (await database.query('SELECT 1 AS one'))[0]?.['one'] === 1)
  await Promise.all([1, 2, 3].map(() => database.query('SELECT 1')))
  await cutAll()
  await eventually(async () => (await database.query('SELECT 1 AS one'))[0]?.['one'] === 1)
})

test('a connection cut in the middle of anything is an error to whoever uses it, never of the process', async () => {
  const url = new URL(await postgres.createDatabase())
  const proxy = await startTcpProxy(Number(url.port))
  url.port = String(proxy.port)
  const database = open(url.href, 4)
  const sleeping = [
    classified(() => sql`SELECT pg_sleep(60)`.execute(database.tables)),
    database.query('SELECT pg_sleep(60)'),
    database.transaction((statements) => statements.query('SELECT pg_sleep(60)')),
    // Cut while nothing is asked on it.
    database.transaction(async (statements) => {
      await statements.query('SELECT 1')
      await eventually(() => cut)
      await statements.query('SELECT 1')
    }),
  ].map(thrownBy)
  let cut = false
  const direct = open(postgres.url, 1)
  await eventually(async () => {
    const rows = await direct.query(
      "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' OR (state = 'idle in transaction' AND query = 'SELECT 1')",
    )
    return rows.length === 4
  })
  proxy.cut()
  cut = true
  for (const error of await Promise.all(sleeping)) assert.instance(error, DatabaseUnavailable)
  proxy.heal()
  assert.equal(await database.query('SELECT 1 AS one'), [{ one: 1 }])
  await direct.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'")
  await proxy.close()
})

test('nobody there, or nobody who lets us in, is an outage; a wrong statement is not', async () => {
  const url = new URL(postgres.url)
  const changed = (change: (copy: URL) => void): string => {
    const copy = new URL(url)
    change(copy)
    return copy.href
  }
  const unusable = {
    'no server': changed((copy) => {
      // Of no server, and of none that starts meanwhile.
      copy.port = '1'
    }),
    'no such host': changed((copy) => {
      copy.hostname = 'nowhere.invalid'
    }),
    'no such database': changed((copy) => {
      copy.pathname = '/nothing_here'
    }),
    'no such user': changed((copy) => {
      copy.username = 'nobody'
    }),
  }
  for (const [what, href] of Object.entries(unusable)) {
    const error = await thrownBy(open(href, 1).query('SELECT 1'))
    assert.instance(error, DatabaseUnavailable, what)
    assert.instance(error instanceof Error && error.cause, Error, what)
  }
  const database = open(await postgres.createDatabase(), 1)
  for (const text of ['SELEC 1', 'SELECT nothing', "SELECT 'x'::int4", 'SELECT * FROM nothing', 'SELECT 1/0']) {
    assert.not.instance(await thrownBy(database.query(text)), DatabaseUnavailable, text)
  }
})

test('a server that lets us in and says nothing is an outage, for the pool and for the pipe', async () => {
  const silent = createServer((socket) => socket.resume())
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const { port } = z.object({ port: z.int() }).parse(silent.address())
  const url = `postgres://nobody@127.0.0.1:${port}/casebook`
  const pipe = createPipe(url)
  const answers = await Promise.all([open(url, 1).query('SELECT 1'), pipe.query('SELECT 1')].map(thrownBy))
  await pipe.close()
  silent.close()
  for (const answer of answers) assert.instance(answer, DatabaseUnavailable)
})

test('a server that only reads, as a standby does, is waited for', async () => {
  const readOnly = `${await postgres.createDatabase()}?options=-c%20default_transaction_read_only%3Don`
  assert.instance(await thrownBy(open(readOnly, 1).query('CREATE TABLE t (id int4)')), DatabaseUnavailable)
})

test('a pool whose connections are all taken says so in seconds instead of waiting for ever', async () => {
  const database = open(await postgres.createDatabase(), 1)
  const { promise, resolve } = Promise.withResolvers<void>()
  // As long as that takes: the server would end a transaction that says nothing for ten seconds.
  const taken = database.transaction(async (statements) => {
    await statements.query('SET LOCAL idle_in_transaction_session_timeout TO 0')
    await promise
  })
  assert.instance(await thrownBy(database.query('SELECT 1')), DatabaseUnavailable)
  resolve()
  await taken
  assert.equal(await database.query('SELECT 1 AS one'), [{ one: 1 }])
})

test('large numbers and times come as numbers and ISO 8601 in UTC', async () => {
  const database = open(`${await postgres.createDatabase()}?options=-c%20timezone%3DAsia%2FTokyo`, 1)
  const rows = await database.query(
    "SELECT 9007199254740991::int8 AS large, '2026-01-02T03:04:05.678+02'::timestamptz AS at",
  )
  assert.equal(rows, [{ large: Number.MAX_SAFE_INTEGER, at: '2026-01-02T01:04:05.678Z' }])
})

test.run()
