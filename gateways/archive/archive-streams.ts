// How streams of the archive are called: `<category>-<id>`, so that EventStoreDB's own category projections work on them.
import { type StreamId, streamCategory } from '../../schemas/commit.ts'

/** Its streams carry no prefix: with one org, which is the rule, names are what everybody expects. */
const defaultOrg = 'default'

/** No id holds a dot, since ids are tokens of a subject: two orgs never share a stream. */
export const archiveStreamOf = ({ org, category, id }: StreamId): string =>
  org === defaultOrg ? `${category}-${id}` : `${category}-${org}.${id}`

export const placeStream = 'casebook-archive'
export const blobStreamOf = (sha256: string): string => `blob-${sha256}`
/** A message nobody can read belongs to no stream: each has its own. */
export const unreadableStreamOf = (sequence: number): string => `unreadable-${sequence}`

const categories = new Set<string>([...streamCategory.options, 'unreadable'])

/** Whether it should hold what the log holds, and nothing else. */
export const isMirrorStream = (name: string): boolean => categories.has(name.split('-', 1)[0] ?? '')

/** Of the tombstone of a session the session's own; null for any other stream. */
export const erasedBy = (name: string): string | null =>
  name.startsWith('erasure-') ? name.replace('erasure-', 'session-') : null
