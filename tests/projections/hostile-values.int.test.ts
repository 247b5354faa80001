// Whatever the log's schemas let through, no read model stumbles over: each value of each event, made as odd as it may be.
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { classified } from '../../infra/postgres/database.ts'
import { projections as catalogue } from '../../projections/catalogue.ts'
import type { BadLogEntry, LogEntry } from '../../projections/log-reader.ts'
import { createQueries } from '../../projections/queries.ts'
import { alertEventData } from '../../schemas/alert-events.ts'
import type { StreamId } from '../../schemas/commit.ts'
import { MalformedCommit } from '../../schemas/event-reader.ts'
import type { DomainEvent } from '../../schemas/events.ts'
import { sessionEventData } from '../../schemas/session-events.ts'
import { taskEventData } from '../../schemas/task-events.ts'
import { badEntry } from '../support/array-log.ts'
import { acme, createHistory } from '../support/histories.ts'
import { allRows, applyTo, startReadSide } from '../support/read-side.ts'
import { alertStory, chatStory, inputStory, lineageStory, taskStory, troubledStory } from './stories.ts'

const readSide = await startReadSide()
test.after(() => readSide.stop())

/** Unlike any other, so that nothing can be compressed or counted once; longer than anything is cut to. */
const manyWords = Array.from({ length: 15_000 }, (_, index) => `w${(index * 7_919).toString(36)}`).join(' ')

const oddities: readonly unknown[] = [
  '',
  '\u0000',
  'a\u0000b\ud800',
  '\u001e\u001f\u001d',
  '\\u0000 \\ud800',
  `"'{}[]$1;--`,
  '-infinity',
  'null',
  'é'.repeat(3_000),
  manyWords,
  'x'.repeat(3_000),
  '0000-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999999Z',
  '2026-01-01T00:00Z',
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 52,
  true,
  null,
  [],
  {},
  { '\u0000': '\u0000', constructor: 1, ['__proto__']: 2, deep: [[[[['\ud800']]]]] },
]

type Path = readonly (string | number)[]

const pathsOf = (value: unknown, at: Path = []): readonly Path[] =>
  typeof value === 'object' && value !== null
    ? [
        at,
        ...Object.entries(value).flatMap(([key, each]) =>
          pathsOf(each, [...at, Array.isArray(value) ? Number(key) : key]),
        ),
      ]
    : [at]

const replacedAt = (value: unknown, [key, ...rest]: Path, by: unknown): unknown => {
  if (key === undefined) return by
  if (Array.isArray(value)) return value.map((each, index) => (index === key ? replacedAt(each, rest, by) : each))
  return { ...Object(value), [key]: replacedAt(Object(value)[key], rest, by) }
}

/** A chat begins with a whole investigation, which is told in it. */
const stories = [chatStory, alertStory, inputStory, lineageStory, taskStory, troubledStory]

const isRefused = (stream: StreamId, event: DomainEvent): boolean => {
  try {
    createHistory().commit(stream, event)
    return false
  } catch (error) {
    if (error instanceof MalformedCommit) return true
    throw error
  }
}

interface OddEntry {
  readonly entry: LogEntry
  /** Commits of its story since the odd one: 0 up to that. */
  readonly since: number
}

/** Every story told once for each value that may be odd, up to its end; those the log itself refuses are left out. */
const oddHistory = (): readonly OddEntry[] => {
  const history = createHistory()
  const entries: OddEntry[] = []
  let told = 0
  for (const story of stories) {
    for (const [nth, events] of story('MODEL').commits.entries()) {
      for (const [index, event] of events.entries()) {
        for (const path of pathsOf(event.data)) {
          for (const oddity of oddities) {
            const { stream, commits } = story(`N${String(told++).padStart(6, '0')}`)
            const own = commits[nth]?.[index]
            const odd = { ...own, data: replacedAt(own?.data, path, oddity) } as DomainEvent
            if (isRefused(stream, odd)) continue
            for (const [at, each] of commits.entries()) {
              const events = at === nth ? each.map((one, of) => (of === index ? odd : one)) : each
              entries.push({ entry: history.commit(stream, ...events), since: Math.max(0, at - nth) })
            }
          }
        }
      }
    }
  }
  return entries
}

const oddEntries = oddHistory()

test('every type of event that sessions, alerts and tasks have occurs in a story', () => {
  const told = stories.flatMap((story) => story('MODEL').commits.flatMap((events) => events.map(({ type }) => type)))
  assert.equal(
    [...new Set<string>(told)].sort(),
    Object.keys({ ...sessionEventData, ...alertEventData, ...taskEventData }).sort(),
  )
})

test('no value that the log lets through stops a read model, and what became of it can be read', async () => {
  // All stories up to the odd value, then the next commit of each, and the one after it…: what was made of the value is read again for each.
  const entries = oddEntries.toSorted((a, b) => a.since - b.since).map(({ entry }) => entry)
  const streams = [...new Set(entries.map(({ subject }) => subject))]
  assert.ok(streams.length > 500, `${streams.length} stories`)
  const database = await readSide.database()
  for (const projection of catalogue) {
    for (let from = 0; from < entries.length; from += 500) {
      const batch = entries.slice(from, from + 500)
      try {
        await applyTo(database, projection, batch)
      } catch {
        for (const entry of batch) {
          await applyTo(database, projection, [entry]).catch((error: unknown) => {
            throw new Error(`${projection.name} stumbles (${String(error)}) over ${entry.payload.slice(0, 3_000)}`)
          })
        }
      }
    }
  }
  const queries = createQueries(database.tables, classified)
  const readAll = async (ask: (cursor: string | undefined) => Promise<{ readonly next: string | null }>) => {
    for (let cursor: string | undefined; ; ) {
      const { next } = await ask(cursor)
      if (next === null) return
      cursor = next
    }
  }
  await readAll((cursor) => queries.sessions({ org: acme, limit: 200, cursor }))
  await readAll((cursor) => queries.alerts({ org: acme, limit: 200, cursor }))
  await readAll((cursor) => queries.tasks({ org: acme, limit: 200, cursor }))
  await readAll((cursor) => queries.inputs({ org: acme, limit: 200, cursor }))
  await readAll((cursor) => queries.events(acme, null, { limit: 1_000, cursor }))
  for (const id of streams.filter((_, nth) => nth % 15 === 0).map((subject) => subject.split('.').at(-1) ?? '')) {
    await queries.timeline(acme, id, { limit: 200 })
    await queries.toolCalls(acme, id, { limit: 200 })
    await queries.chat(acme, id, { limit: 200 })
  }
})

test('a rebuild writes the rows that a runner writes, whatever is in them', async () => {
  const entries = [
    ...oddEntries.filter((_, index) => index % 50 === 0).map(({ entry }) => entry),
    badEntry(999_999, 'casebook.x', 'a\\b\tc\nd\re\u0000'),
  ]
  const projections = catalogue.filter(({ name }) => ['timeline', 'costs', 'audit'].includes(name))
  const [live, rebuilt] = [await readSide.database(projections), await readSide.database(projections)]
  for (const projection of projections) {
    const readable = projection.name === 'audit' ? entries : entries.slice(0, -1)
    for (let from = 0; from < readable.length; from += 500) {
      await applyTo(live, projection, readable.slice(from, from + 500))
      await applyTo(rebuilt, projection, readable.slice(from, from + 500), 'rebuild')
    }
  }
  const rows = await allRows(live, projections)
  for (const { length } of Object.values(rows)) assert.ok(length > 0)
  assert.equal(await allRows(rebuilt, projections), rows)
})

test('the second copy takes any message whatever its subject and payload', async () => {
  const odd: readonly BadLogEntry[] = [
    badEntry(1, `casebook.events.${manyWords.replaceAll(' ', '.').slice(0, 4_000)}`),
    badEntry(2, 'casebook.events.\ud800.é', ''),
    badEntry(3, 'casebook.events', '\u0000'.repeat(1_000)),
    badEntry(4, 'casebook.events.x', manyWords),
  ]
  const database = await readSide.database()
  for (const projection of catalogue.filter(({ name }) => name === 'audit')) await applyTo(database, projection, odd)
  const rows = await database.query('SELECT count(*)::int4 AS count FROM audit_v1.commits')
  assert.equal(rows, [{ count: 4 }])
})

test.run()
