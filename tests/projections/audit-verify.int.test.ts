// The second copy is the log, and whatever is changed, taken away, put in or swapped on either side is named.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { PostgresDatabase } from '../../infra/postgres/database.ts'
import { auditProjection } from '../../projections/audit.ts'
import { type AuditReport, verifyAudit } from '../../projections/audit-verify.ts'
import { isBadEntry, type LogEntry, type LogReader } from '../../projections/log-reader.ts'
import { chainHash } from '../../schemas/commit-codec.ts'
import { logSequence } from '../../schemas/ids.ts'
import { type ArrayLog, badEntry, createArrayLog } from '../support/array-log.ts'
import { createHistory, investigation, other, sessionStream, subjectOf } from '../support/histories.ts'
import { applyTo, startReadSide } from '../support/read-side.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

const [first, second] = [sessionStream('ses_FIRST'), sessionStream('ses_SECOND', other)]

interface World {
  readonly log: ArrayLog
  readonly database: PostgresDatabase
  verify(options?: {
    readonly subject?: string
    readonly upTo?: number
    readonly signal?: AbortSignal
  }): Promise<AuditReport>
}

/** Two sessions interleaved: the first has the odd sequences 1 to 21, the second the even ones 2 to 22. */
const startWorld = async (): Promise<World> => {
  const history = createHistory()
  const [ones, twos] = [investigation('ses_FIRST'), investigation('ses_SECOND')]
  for (const [index, events] of ones.entries()) {
    history.commit(first, ...events)
    history.commit(second, ...(twos[index] ?? []))
  }
  const log = createArrayLog(history.entries)
  const database = await readSide.database([auditProjection])
  await applyTo(database, auditProjection, history.entries)
  return {
    log,
    database,
    verify: ({ subject, upTo = 22, signal = AbortSignal.timeout(60_000) } = {}) =>
      verifyAudit(database, log, logSequence.parse(upTo), subject ?? null, signal),
  }
}

/** `[sequence, kind]` of each problem. */
const found = ({ problems }: AuditReport) => problems.map(({ sequence, kind }) => [sequence, kind])

const at = (log: ArrayLog, sequence: number): LogEntry => {
  const entry = log.entries[sequence - 1]
  if (entry === undefined || isBadEntry(entry)) throw new Error(`no entry at ${sequence}`)
  return entry
}

const put = (log: ArrayLog, sequence: number, change: Partial<LogEntry>): void => {
  log.entries[sequence - 1] = { ...at(log, sequence), ...change }
}

test('a log and its copy are whole: every commit was compared', async () => {
  const { verify } = await startWorld()
  assert.equal(await verify(), { ok: true, checked: 22, upTo: 22, problems: [] })
  assert.equal(await verify({ subject: subjectOf(first) }), { ok: true, checked: 11, upTo: 22, problems: [] })
})

test('what only the log has beyond the position of the copy is not yet missing', async () => {
  const { verify, database } = await startWorld()
  await database.query('DELETE FROM audit_v1.commits WHERE sequence > 15')
  assert.equal(await verify({ upTo: 15 }), { ok: true, checked: 15, upTo: 15, problems: [] })
  assert.equal(found(await verify({ upTo: 16 })), [[16, 'missing_in_copy']])
})

test('every column of the copy that says something is compared', async () => {
  const { verify, database, log } = await startWorld()
  for (const [column, value] of Object.entries({
    subject: "'casebook.events.acme.session.ses_THIRD'",
    payload: "payload || ' '",
    hash: `'${'0'.repeat(64)}'`,
    org: "'else'",
    category: "'alert'",
    stream: "'ses_THIRD'",
    version: 'version + 1',
    at: "at + interval '1 ms'",
    actor: "'user:eve'",
    command_id: "'cmd-x'",
    headers: `headers || '{"Casebook-Body":"x"}'`,
    error: "'hidden'",
  })) {
    await database.query(`UPDATE audit_v1.commits SET ${column} = ${value} WHERE sequence = 7`)
    const { problems } = await verify()
    assert.is(problems.length, 1, column)
    assert.equal([problems[0]?.sequence, problems[0]?.kind], [7, 'changed'], column)
    assert.is(problems[0]?.detail, `the log and the Postgres copy differ in: ${column}`)
    await database.query('DELETE FROM audit_v1.commits WHERE sequence = 7')
    assert.equal(found(await verify()), [[7, 'missing_in_copy']], column)
    await applyTo(database, auditProjection, [at(log, 7)])
    assert.is((await verify()).ok, true, column)
  }
})

test('a row put into the copy, and a commit put into the log, are named', async () => {
  const { verify, database, log } = await startWorld()
  const forged = { ...at(log, 21), sequence: logSequence.parse(25) }
  log.push(forged)
  await applyTo(database, auditProjection, [{ ...at(log, 22), sequence: logSequence.parse(24) }])
  assert.equal(found(await verify({ upTo: 25 })), [
    [24, 'missing_in_log'],
    [25, 'broken_chain'],
    [25, 'missing_in_copy'],
  ])
})

test('a changed payload in the log breaks its chain there, and differs from the copy', async () => {
  const { verify, log } = await startWorld()
  put(log, 9, { payload: at(log, 9).payload.replace('97 %', '12 %') })
  assert.equal(found(await verify()), [
    [9, 'broken_chain'],
    [9, 'changed'],
  ])
})

test('a payload changed with a hash that fits breaks the chain at the next commit of its stream', async () => {
  const { verify, log } = await startWorld()
  const payload = at(log, 9).payload.replace('97 %', '12 %')
  const hash = chainHash(at(log, 7).commit.hash, payload)
  const { headers, commit } = at(log, 9)
  put(log, 9, { payload, headers: { ...headers, 'Casebook-Hash': hash }, commit: { ...commit, hash } })
  assert.equal(found(await verify()), [
    [9, 'changed'],
    [11, 'broken_chain'],
  ])
  assert.equal(found(await verify({ subject: subjectOf(second) })), [])
})

test('a commit taken out of the log is named, and so is the gap in its chain', async () => {
  const { verify, log } = await startWorld()
  log.entries.splice(8, 1)
  assert.equal(found(await verify()), [
    [9, 'missing_in_log'],
    [11, 'broken_chain'],
  ])
})

test('commits of a stream that are swapped in log and copy alike break the chain', async () => {
  const { verify, log, database } = await startWorld()
  const [one, two] = [at(log, 9), at(log, 11)]
  put(log, 9, { ...two, sequence: one.sequence, commit: { ...two.commit, sequence: one.sequence } })
  put(log, 11, { ...one, sequence: two.sequence, commit: { ...one.commit, sequence: two.sequence } })
  await database.query('DELETE FROM audit_v1.commits WHERE sequence IN (9, 11)')
  await applyTo(database, auditProjection, [at(log, 9), at(log, 11)])
  assert.equal(found(await verify())[0], [9, 'broken_chain'])
})

test('a log that lost its end is told from its copy', async () => {
  const { verify, log } = await startWorld()
  log.entries.splice(20)
  assert.equal(found(await verify()), [
    [21, 'missing_in_log'],
    [22, 'missing_in_log'],
  ])
  log.entries.splice(0)
  assert.equal(found(await verify()).length, 20)
})

test('a message that is no commit is named, kept as it came, and told apart when it changes', async () => {
  const { verify, log, database } = await startWorld()
  const payloads = ['', 'a\u0000b\u001e\u001f,"{}\\', '\ud800', '\n']
  for (const [index, payload] of payloads.entries()) {
    const bad = badEntry(23 + index, 'casebook.events.acme.session.ses_BAD', payload)
    log.push(bad)
    await applyTo(database, auditProjection, [bad])
  }
  const rows = await database.query('SELECT payload FROM audit_v1.commits WHERE sequence > 22 ORDER BY sequence')
  assert.equal(
    rows.map((row) => row['payload']),
    ['', 'a\ufffdb\u001e\u001f,"{}\\', '\ufffd', '\n'],
  )
  const undecodable = payloads.map((_, index) => [23 + index, 'undecodable'])
  assert.equal(found(await verify({ upTo: 26 })), undecodable)
  await database.query("UPDATE audit_v1.commits SET payload = 'else' WHERE sequence = 26")
  assert.equal(found(await verify({ upTo: 26 })), [...undecodable, [26, 'changed']])
})

test('a session erased while log and copy are walked through is no loss', async () => {
  const { log, database } = await startWorld()
  const stream = { ...first, category: 'erasure' } as const
  const last = at(log, 22)
  const tombstone = { ...last, sequence: logSequence.parse(23), subject: subjectOf(stream) }
  const erasing: LogReader = {
    ...log,
    async *follow(...asked) {
      for await (const batch of log.follow(...asked)) {
        await database.query("DELETE FROM audit_v1.commits WHERE subject = $1 OR category = 'erasure'", [
          subjectOf(first),
        ])
        await applyTo(database, auditProjection, [{ ...tombstone, commit: { ...last.commit, stream } }])
        yield batch
      }
    },
  }
  const { ok, problems } = await verifyAudit(
    database,
    erasing,
    logSequence.parse(22),
    null,
    AbortSignal.timeout(60_000),
  )
  assert.equal([ok, problems], [true, []])
})

test('the first twenty problems are reported in log order', async () => {
  const { verify, database } = await startWorld()
  await database.query("UPDATE audit_v1.commits SET payload = 'x'")
  const { problems, ok } = await verify()
  assert.is(ok, false)
  assert.equal(
    problems.map(({ sequence }) => sequence),
    Array.from({ length: 20 }, (_, index) => index + 1),
  )
})

test('an empty log is whole, and a check nobody waits for any more ends', async () => {
  const database = await readSide.database([auditProjection])
  const check = (signal: AbortSignal) => verifyAudit(database, createArrayLog(), logSequence.parse(0), null, signal)
  assert.equal(await check(AbortSignal.timeout(60_000)), { ok: true, checked: 0, upTo: 0, problems: [] })
  const { verify } = await startWorld()
  assert.is((await verify({ signal: AbortSignal.abort() })).checked, 0)
})

test.run()
