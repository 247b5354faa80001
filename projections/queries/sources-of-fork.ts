// Which commits of other sessions a fork shares: its source's up to where it was forked, and what that one shares.
import type { Kysely } from 'kysely'
import { z } from 'zod'
import { cloudEventsOf } from '../../schemas/commit-codec.ts'
import { toText } from '../postgres-text.ts'
import type { Tables } from '../tables.ts'

export interface Source {
  readonly sessionId: string
  /** The last version that is shared. */
  readonly at: number
}

/** Forks of forks of forks …: more than the log lets anybody make. */
const mostSources = 32

const forked = z.object({ from: z.object({ sessionId: z.string(), at: z.number() }) })

/** The nearest first; none of a session that began by itself. */
export const sourcesOfFork = async (db: Kysely<Tables>, org: string, sessionId: string): Promise<readonly Source[]> => {
  const sources: Source[] = []
  for (let id = sessionId; sources.length < mostSources; ) {
    const first = await db
      .selectFrom('commits')
      .select('payload')
      .where('org', '=', org)
      .where('category', '=', 'session')
      .where('stream', '=', toText(id))
      .where('error', 'is', null)
      .orderBy('sequence')
      .limit(1)
      .executeTakeFirst()
    const [event] = first === undefined ? [] : cloudEventsOf(first.payload)
    if (event === undefined || !event.type.startsWith('casebook.session.forked.')) break
    const { from } = forked.parse(event.data)
    sources.push(from)
    id = from.sessionId
  }
  return sources
}
