// A fork's share of its source's history: the same events, under the ids the fork has for its own parts.
import type { Commit, StreamId } from '../../schemas/commit.ts'
import { streamVersion } from '../../schemas/ids.ts'

/** The commits of `source` up to and with event `at`, as if they had happened in the stream of the fork. */
export const inheritCommits = (source: readonly Commit[], at: number, to: StreamId): readonly Commit[] => {
  const shared = source.flatMap((commit) => {
    const events = commit.events.filter(({ version }) => version <= at)
    return events.length === 0 ? [] : [{ ...commit, events, version: streamVersion.parse(events.at(-1)?.version) }]
  })
  const from = source[0]?.stream.id ?? ''
  const renamed = renaming(from, to.id)
  return shared.map(({ inherited: _, ...commit }) => ({ ...commit, stream: to, events: commit.events.map(renamed) }))
}

/**
 * Ids inside a session are made of its own: whatever names one is renamed, in texts as well, since agents are told ids and
 * say them again. Not so its child sessions: these are the source's, and stay what they are.
 */
export const renaming = (from: string, to: string): (<T>(value: T) => T) => {
  const [core, newCore] = [from.slice('ses_'.length), to.slice('ses_'.length)]
  const ids = new RegExp(`\\b(ses|stg|exe|call|inp|msg)_${core}(?!_c\\d{3}|[0-9A-Z])`, 'g')
  const rename = (value: unknown): unknown => {
    if (typeof value === 'string') return value.includes(core) ? value.replaceAll(ids, `$1_${newCore}`) : value
    if (Array.isArray(value)) return value.map(rename)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rename(each)]))
  }
  // Strings stay strings, and nothing else changes: the shape is the one that came in.
  return <T>(value: T): T => rename(value) as T
}

/** The id that a part of the source has in the fork. */
export const inheritedId = <T extends string>(id: T, from: string, to: string): T => renaming(from, to)(id)
