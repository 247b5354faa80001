// The journal of strict mode: with the rows of the second copy it is one copy, it lets go of what has rows, and it forgets what is erased.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { PostgresDatabase } from '../../infra/postgres/database.ts'
import { acceptLog, assertHoldsSecondCopy } from '../../projections/accept-log.ts'
import { auditProjection } from '../../projections/audit.ts'
import { checkSecondCopy, type MessageAt } from '../../projections/check-second-copy.ts'
import { readCheckpoint } from '../../projections/checkpoints.ts'
import {
  beginJournal,
  groupsTable,
  journalProjection,
  messagesOfGroup,
  trimJournal,
} from '../../projections/journal.ts'
import type { LogCopy, StoredCommit } from '../../projections/log-copy.ts'
import type { BadLogEntry, LogEntry } from '../../projections/log-reader.ts'
import { openPostgresCopy } from '../../projections/postgres-copy.ts'
import type { Projection } from '../../projections/projection.ts'
import { CopyBehindDatabase, LogDiffersFromCopy } from '../../projections/projection-errors.ts'
import { commitHeaders } from '../../schemas/commit.ts'
import { logSequence, sessionId } from '../../schemas/ids.ts'
import { badEntry, createArrayLog } from '../support/array-log.ts'
import { acme, createHistory, sessionStream, startedOnly, timeAt } from '../support/histories.ts'
import { startReadSide } from '../support/read-side.ts'
import { commits, running, upTo } from './running.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

const newDatabase = (): Promise<PostgresDatabase> => readSide.database([auditProjection])

/** Up to the end of these entries. */
const follow = (database: PostgresDatabase, projection: Projection, entries: readonly (LogEntry | BadLogEntry)[]) =>
  running(
    { database, reader: createArrayLog(entries), projections: [projection], maxBatch: 4, buildsAtOnce: 0 },
    (set) => set.waitFor(projection.name, entries.at(-1)?.sequence ?? 0, 60_000),
  )

const messages = async (copy: LogCopy): Promise<readonly StoredCommit[]> => (await Array.fromAsync(copy.read())).flat()
const asStored = ({ sequence, subject, headers = {}, payload }: LogEntry | BadLogEntry): StoredCommit => ({
  sequence,
  subject,
  headers,
  payload,
})
const groups = async (database: PostgresDatabase): Promise<readonly unknown[]> =>
  (await database.query(`SELECT last FROM ${groupsTable} ORDER BY last`)).map(({ last }) => last)

const history = createHistory()
commits(history, 12)

test('where the rows end the copy goes on with the journal, whatever the messages hold', async () => {
  const database = await newDatabase()
  const broken = badEntry(13, 'casebook.events.acme.session.ses_x', 'NUL \u0000, half \ud800, "quotes"\nand a line')
  const all = [...history.entries, broken]
  await follow(database, journalProjection, all)
  await follow(database, auditProjection, history.entries.slice(0, 6))
  const copy = await openPostgresCopy(database)
  assert.is(copy.upTo, 13)
  assert.equal(await messages(copy), all.map(asStored))
})

test('what has rows is let go of, and the copy stays the same', async () => {
  const database = await newDatabase()
  await follow(database, journalProjection, history.entries)
  await follow(database, auditProjection, history.entries.slice(0, 6))
  assert.equal(await groups(database), [4, 8, 12])
  await trimJournal(database)
  assert.equal(await groups(database), [8, 12])
  assert.equal(await messages(await openPostgresCopy(database)), history.entries.map(asStored))
  await follow(database, auditProjection, history.entries)
  await trimJournal(database)
  assert.equal(await groups(database), [])
  assert.equal(await messages(await openPostgresCopy(database)), history.entries.map(asStored))
})

test('a copy that is being read stays whole while groups become rows', async () => {
  const database = await newDatabase()
  await follow(database, journalProjection, history.entries)
  const copy = await openPostgresCopy(database)
  const read: StoredCommit[] = []
  for await (const batch of copy.read()) {
    read.push(...batch)
    await follow(database, auditProjection, history.entries.slice(0, (batch.at(-1)?.sequence ?? 0) + 2).slice(0, 12))
    await trimJournal(database)
  }
  assert.equal(read, history.entries.map(asStored))
})

const tombstone = (id: string) =>
  ({
    sessionId: sessionId.parse(id),
    reason: 'asked to',
    by: { kind: 'user', id: 'jo' },
    requestedAt: timeAt(90),
    version: 2,
    lastHash: 'x',
  }) as const

test('it begins where the copy ends, and never goes back', async () => {
  const database = await newDatabase()
  await follow(database, auditProjection, history.entries.slice(0, 6))
  await beginJournal(database)
  assert.is((await readCheckpoint(database, journalProjection)).position, 6)
  await follow(database, journalProjection, history.entries)
  assert.equal(await groups(database), [10, 12])
  await beginJournal(database)
  assert.is((await readCheckpoint(database, journalProjection)).position, 12)
  assert.equal(await messages(await openPostgresCopy(database)), history.entries.map(asStored))
})

test('nothing of an erased session is left once its tombstone is copied, also when both are of one group', async () => {
  const database = await newDatabase()
  const own = createHistory()
  const gone = sessionStream('ses_GONE')
  commits(own, 2)
  own.commit(gone, startedOnly('ses_GONE', 'Early', {}))
  commits(own, 2)
  own.commit(gone, { type: 'session.held', data: { by: { kind: 'user', id: 'jo' }, reason: 'case 7' } })
  own.commit({ org: acme, category: 'erasure', id: gone.id }, { type: 'erasure.recorded', data: tombstone(gone.id) })
  commits(own, 1)
  await follow(database, journalProjection, own.entries)
  await follow(database, auditProjection, own.entries)
  const late = await database.query(`SELECT messages FROM ${groupsTable} WHERE last > 4`)
  assert.equal(
    late.flatMap(messagesOfGroup).map(({ sequence }) => sequence),
    [5, 7, 8],
  )
  await trimJournal(database)
  assert.equal(await groups(database), [])
  const left = await messages(await openPostgresCopy(database))
  assert.equal(
    left.map(({ sequence }) => sequence),
    [1, 2, 4, 5, 7, 8],
  )
})

test('a log that lacks what only the journal holds, or has something else there, is refused', async () => {
  const database = await newDatabase()
  await follow(database, journalProjection, history.entries)
  await follow(database, auditProjection, history.entries.slice(0, 6))
  const held =
    (change: (entry: LogEntry) => string | null): MessageAt =>
    async (sequence) => {
      const entry = history.entries[sequence - 1]
      const payload = entry === undefined ? null : change(entry)
      return entry === undefined || payload === null
        ? null
        : { subject: entry.subject, payload, hash: entry.headers[commitHeaders.hash] ?? '' }
    }
  const check = (at: MessageAt): Promise<unknown> =>
    checkSecondCopy(database, at, { window: 4, sample: 0 }).catch((thrown: unknown) => thrown)
  assert.is(await check(held(({ payload }) => payload)), undefined)
  const lacking = await check(held(({ sequence, payload }) => (sequence === 12 ? null : payload)))
  assert.instance(lacking, LogDiffersFromCopy)
  assert.match(String(lacking), 'Message 12 of the log is no longer there')
  const other = await check(held(({ sequence, payload }) => (sequence === 11 ? `${payload} ` : payload)))
  assert.match(String(other), 'Message 11 of the log is another one')
})

test('a log written back must reach as far as the journal, which goes on only with the rows it goes on from', async () => {
  const database = await newDatabase()
  await follow(database, journalProjection, history.entries)
  await follow(database, auditProjection, history.entries.slice(0, 6))
  await trimJournal(database)
  const { epoch } = await openPostgresCopy(database)
  const archive = (end: number): LogCopy => ({ name: 'archive', epoch, upTo: end, async *read() {} })
  const refusal = await assertHoldsSecondCopy(database, archive(11)).catch((thrown: unknown) => thrown)
  assert.instance(refusal, CopyBehindDatabase)
  await assertHoldsSecondCopy(database, archive(12))

  const accept = (at: string, sequence: number) =>
    acceptLog(database, [auditProjection], archive(12), { epoch: at, sequence: logSequence.parse(sequence) }, 12)
  assert.equal(await accept('written back', 12), { kept: ['audit', 'journal'], emptied: [] })
  assert.equal(await messages(await openPostgresCopy(database)), history.entries.map(asStored))
  // Shorter than the rows alone: a journal that fits by itself would be a copy with a hole.
  await database.query(`UPDATE casebook.projection SET position = 5 WHERE name = 'journal'`)
  assert.equal(await accept('shorter', 5), { kept: [], emptied: ['audit', 'journal'] })
  assert.equal(await groups(database), [])
})

test('of two processes each tells its waiters of all that the journal holds', async () => {
  const database = await newDatabase()
  const log = createArrayLog(history.entries)
  const options = { reader: log, projections: [journalProjection], buildsAtOnce: 0 }
  await running({ ...options, database }, (one) =>
    running({ ...options, database: readSide.connect(database) }, async (two) => {
      await Promise.all([one, two].map((set) => set.waitFor('journal', 12, 60_000)))
      assert.equal(
        (await messages(await openPostgresCopy(database))).map(({ sequence }) => sequence),
        upTo(12),
      )
    }),
  )
})

test.run()
