// The raw events of an org, searched: the log as an inspector reads it, from the second copy.
import { type Kysely, sql } from 'kysely'
import type { StreamCategory } from '../../schemas/commit.ts'
import { cloudEventsOf } from '../../schemas/commit-codec.ts'
import { toText } from '../postgres-text.ts'
import type { Tables } from '../tables.ts'
import { decodeCursor, encodeCursor, type Page, pageOf, sequenceCursor } from './cursor.ts'
import { type EventPageRequest, type StoredCloudEvent, upTo } from './history-queries.ts'
import { sourcesOfFork } from './sources-of-fork.ts'

export interface EventFilter extends EventPageRequest {
  readonly org: string
  /** Parts of the names of types: any of them. */
  readonly typeParts?: readonly string[] | undefined
  readonly category?: StreamCategory | undefined
  /** `kind`, or `kind:id`. */
  readonly actor?: string | undefined
  readonly session?: string | undefined
  /** Of a fork, what it shares as well. */
  readonly inherited?: boolean | undefined
  readonly correlation?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Only commits after this log sequence. */
  readonly since?: number | undefined
}

/** Only the payload knows the correlation: a page looks into so many commits at most. */
const mostLookedInto = 20_000

/** The limit counts commits. A page may be short, or empty, and yet have a next one. */
export const searchEvents = async (db: Kysely<Tables>, filter: EventFilter): Promise<Page<StoredCloudEvent>> => {
  const { org, order = 'desc', limit, cursor, typeParts = [], category, actor, session, correlation, from, to } = filter
  let looked = db
    .selectFrom('commits')
    .select(['sequence', 'payload'])
    .where('org', '=', org)
    .where('error', 'is', null)
    .where('sequence', '>', filter.since ?? 0)
  if (category !== undefined) looked = looked.where('category', '=', category)
  const sources = session !== undefined && filter.inherited === true ? await sourcesOfFork(db, org, session) : []
  if (session !== undefined) {
    looked = looked
      .where('category', '=', 'session')
      .where(({ or, and, eb }) =>
        or([
          eb('stream', '=', toText(session)),
          ...sources.map(({ sessionId, at }) =>
            and([eb('stream', '=', toText(sessionId)), upTo(db, org, sessionId, at)]),
          ),
        ]),
      )
  }
  if (actor !== undefined) {
    looked = looked.where(sql<boolean>`(actor = ${toText(actor)} OR split_part(actor, ':', 1) = ${toText(actor)})`)
  }
  if (typeParts.length > 0) {
    const names = sql.ref('types')
    looked = looked.where(({ or }) =>
      or(typeParts.map((part) => sql<boolean>`strpos(array_to_string(${names}, ','), ${toText(part)}) > 0`)),
    )
  }
  if (from !== undefined) looked = looked.where(sql<boolean>`at >= ${from}::timestamptz`)
  if (to !== undefined) looked = looked.where(sql<boolean>`at < ${to}::timestamptz`)
  if (cursor !== undefined) {
    const [sequence] = decodeCursor(cursor, sequenceCursor)
    looked = looked.where('sequence', order === 'asc' ? '>' : '<', sequence)
  }
  looked = looked.orderBy('sequence', order)

  const rows =
    correlation === undefined
      ? await looked.limit(limit + 1).execute()
      : await db
          .selectFrom(looked.limit(mostLookedInto).as('looked'))
          .select(['sequence', 'payload'])
          .where(sql<boolean>`strpos(payload, ${toText(`"correlationid":${JSON.stringify(correlation)}`)}) > 0`)
          .orderBy('sequence', order)
          .limit(limit + 1)
          .execute()
  const page = pageOf(
    rows,
    limit,
    (row) => row,
    ({ sequence }) => [sequence],
  )
  const end =
    correlation === undefined || page.next !== null
      ? undefined
      : await looked
          .clearSelect()
          .select('sequence')
          .offset(mostLookedInto - 1)
          .limit(1)
          .executeTakeFirst()
  const lastShared = new Map(sources.map(({ sessionId, at }) => [`session/${sessionId}`, at]))
  const wanted = (event: StoredCloudEvent): boolean =>
    Number(event.sequence) <= (lastShared.get(event.subject) ?? Number.POSITIVE_INFINITY) &&
    (typeParts.length === 0 || typeParts.some((part) => event.type.includes(part))) &&
    (correlation === undefined || event.correlationid === correlation)
  return {
    next: end === undefined ? page.next : encodeCursor([end.sequence]),
    items: page.items
      .flatMap(({ sequence, payload }) => cloudEventsOf(payload).map((event) => ({ ...event, logsequence: sequence })))
      .filter(wanted),
  }
}
