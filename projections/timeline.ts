// The readable story of a session: one line for each thing worth reading, in log order.

import type { Commit, RecordedEvent } from '../schemas/commit.ts'
import { addRows } from './add-rows.ts'
import { toJsonb, toTimestamp } from './postgres-text.ts'
import { historiesOf, numberedEvents, type Projection } from './projection.ts'
import type { TimelineItem } from './queries/history-queries.ts'
import { lineOf } from './timeline-lines.ts'

export const timelineProjection: Projection = {
  name: 'timeline',
  version: 1,
  tableNames: ['timeline'],
  sessionColumn: { timeline: 'session_id' },
  tables: `
    CREATE TABLE IF NOT EXISTS timeline (
      org text NOT NULL,
      session_id text NOT NULL,
      sequence int8 NOT NULL,
      index int8 NOT NULL,
      at timestamptz NOT NULL,
      kind text NOT NULL,
      title text NOT NULL,
      text text NOT NULL,
      data jsonb NOT NULL,
      PRIMARY KEY (org, session_id, sequence, index)
    );`,
  apply: async (sql, entries, copy) => {
    const rows = historiesOf(entries, 'session').flatMap(({ entry, event, index }) => {
      const { org, id } = entry.commit.stream
      return itemsOf(event, entry.sequence, index, entry.commit.at).map((item) => ({
        org,
        session_id: id,
        ...item,
        data: toJsonb(item.data),
      }))
    })
    await addRows(sql, 'timeline', columnTypes, rows, copy)
  },
}

const columnTypes = {
  org: 'text',
  session_id: 'text',
  sequence: 'int8',
  index: 'int8',
  at: 'timestamptz',
  kind: 'text',
  title: 'text',
  text: 'text',
  data: 'jsonb',
}

/** The line of an event, if it has one. Below zero, `index` says that it is shared with the session it was forked from. */
export const itemsOf = (event: RecordedEvent, sequence: number, index: number, at: string): readonly TimelineItem[] => {
  const own = lineOf(event)
  if (own === null) return []
  const data = index < 0 && typeof own.data === 'object' ? { ...own.data, inherited: true } : own.data
  return [{ sequence, index, at: toTimestamp(at), ...own, data }]
}

/** The timeline of one session from its commits. */
export const timelineOf = (commits: readonly Commit[]): readonly TimelineItem[] =>
  commits.flatMap((commit) =>
    numberedEvents(commit).flatMap(({ event, index, of }) => itemsOf(event, commit.sequence, index, of.at)),
  )
