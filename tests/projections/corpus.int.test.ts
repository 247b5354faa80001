// The log of older builds through every read model: the rows are what they were, and what is unknown stops none.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { projections as catalogue } from '../../projections/catalogue.ts'
import type { LogEntry } from '../../projections/log-reader.ts'
import { streamVersion } from '../../schemas/ids.ts'
import { recordedEvent } from '../../schemas/parse-event.ts'
import { corpusLog, lostFrom, recordedExpectation } from '../support/corpus.ts'
import { allRows, applyTo, startReadSide } from '../support/read-side.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

/** By table, whatever version of its projection; as JSON, so that they can lie in a file. */
const rowsOf = async (entries: readonly LogEntry[]) => {
  const database = await readSide.database()
  for (const projection of catalogue) await applyTo(database, projection, entries)
  const rows = Object.entries(await allRows(database))
    // The audit holds the log itself.
    .filter(([table]) => !table.startsWith('audit_'))
    .map(([table, each]) => [table.replace(/_v\d+(?=\.)/, ''), JSON.parse(JSON.stringify(each))] as const)
  return Object.fromEntries(rows)
}

test('the log of the corpus makes the rows it made', async () => {
  const now = await rowsOf(corpusLog())
  for (const table of ['sessions.sessions', 'timeline.timeline', 'alerts.alerts', 'costs.costs'])
    assert.ok(Object.hasOwn(now, table) || Object.keys(now).length > 5, table)
  assert.equal(lostFrom(recordedExpectation('rows', now), now), [])
})

test('events of types and versions to come stop no read model, and change nothing but what counts events', async () => {
  const newer = corpusLog().map(({ commit, ...entry }): LogEntry => {
    const at = { id: `${commit.commandId}.9`, version: streamVersion.parse(commit.version) }
    const unknown = [
      recordedEvent(`casebook.${commit.stream.category}.invented.v1`, { of: 'a newer build' }, at),
      recordedEvent('casebook.session.ended.v99', 7, at),
    ]
    return { ...entry, commit: { ...commit, events: [...commit.events, ...unknown] } }
  })
  const [plain, mixed] = [await rowsOf(corpusLog()), await rowsOf(newer)]
  for (const [table, rows] of Object.entries(plain)) {
    if (table.startsWith('timeline.')) continue
    assert.equal(lostFrom(rows, mixed[table]), [], table)
    assert.is(mixed[table].length, rows.length, table)
  }
})

test.run()
