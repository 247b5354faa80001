// The keys of persons in PostgreSQL, apart from the log: what is destroyed here opens nothing any more, wherever copies lie.
import { randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { PersonKeys } from '../../handlers/ports/person-keys.ts'
import type { Database, Sql } from '../../projections/database.ts'
import { type OrgId, type PersonId, personId } from '../../schemas/ids.ts'
import { keyBytes } from './sealing.ts'

export interface PersonKey {
  readonly personId: PersonId
  /** Null when it was destroyed, or is not known here. */
  readonly key: Uint8Array | null
}

export interface KeyRing extends PersonKeys {
  /** Makes one for somebody new: it is on the disk when this resolves. @throws DatabaseUnavailable (retryable). */
  keyFor(org: OrgId, who: string): Promise<PersonKey>
  /** By person. @throws DatabaseUnavailable (retryable). */
  keysOf(org: OrgId, persons: ReadonlySet<string>): Promise<ReadonlyMap<string, Uint8Array | null>>
  /** Another process has destroyed it. */
  drop(org: OrgId, person: PersonId): void
}

const row = z.object({ person: personId, key: z.instanceof(Uint8Array).nullable() })

/** The name is kept beside the key, and goes with it. */
export const personKeyTable = `
  CREATE TABLE IF NOT EXISTS casebook.person_key (
    org text NOT NULL,
    person text NOT NULL,
    who text,
    key bytea,
    made_at timestamptz NOT NULL DEFAULT now(),
    destroyed_at timestamptz,
    PRIMARY KEY (org, person)
  );
  CREATE UNIQUE INDEX IF NOT EXISTS person_key_names ON casebook.person_key (org, who) WHERE who IS NOT NULL;`

export const createKeyRing = (database: Database): KeyRing => {
  const byName = new LRUCache<string, PersonKey>({ max: 10_000 })
  const byPerson = new LRUCache<string, PersonKey>({ max: 10_000 })
  const named = (org: string, who: string): string => `${org}/${who}`

  const keep = (org: OrgId, found: PersonKey): PersonKey => {
    // One that is missing may be brought by a restore.
    if (found.key !== null) byPerson.set(named(org, found.personId), found)
    return found
  }
  const durable = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    database.transaction(async (sql) => {
      await sql.query('SET LOCAL synchronous_commit = on')
      return work(sql)
    })
  const drop = (org: OrgId, person: PersonId): void => {
    byPerson.delete(named(org, person))
    for (const [name, { personId: of }] of byName.entries()) if (of === person) byName.delete(name)
  }

  return {
    find: async (org, who) => {
      const [found] = await database.query('SELECT person FROM casebook.person_key WHERE org = $1 AND who = $2', [
        org,
        who,
      ])
      return found === undefined ? null : personId.parse(found['person'])
    },
    keyFor: async (org, who) => {
      const known = byName.get(named(org, who))
      if (known !== undefined) return known
      const made = `per_${randomBytes(16).toString('base64url')}`
      const rows = await durable(async (sql) => {
        await sql.query(
          `INSERT INTO casebook.person_key (org, person, who, key) VALUES ($1, $2, $3, $4)
           ON CONFLICT (org, who) WHERE who IS NOT NULL DO NOTHING`,
          [org, made, who, randomBytes(keyBytes)],
        )
        return sql.query('SELECT person, key FROM casebook.person_key WHERE org = $1 AND who = $2', [org, who])
      })
      const { person, key } = row.parse(rows[0])
      const found = keep(org, { personId: person, key })
      byName.set(named(org, who), found)
      return found
    },
    keysOf: async (org, persons) => {
      const known = [...persons].map((person) => byPerson.get(named(org, person)))
      const missing = [...persons].filter((_, index) => known[index] === undefined)
      const rows =
        missing.length === 0
          ? []
          : await database.query('SELECT person, key FROM casebook.person_key WHERE org = $1 AND person = ANY($2)', [
              org,
              missing,
            ])
      const fetched = rows.map((each) => row.parse(each)).map(({ person, key }) => keep(org, { personId: person, key }))
      const all = [...known, ...fetched].flatMap((each) => (each === undefined ? [] : [each]))
      return new Map(all.map(({ personId: person, key }) => [person, key]))
    },
    destroy: async (org, person) => {
      await durable((sql) =>
        sql.query(
          `UPDATE casebook.person_key SET key = NULL, who = NULL, destroyed_at = COALESCE(destroyed_at, now())
           WHERE org = $1 AND person = $2`,
          [org, person],
        ),
      )
      drop(org, person)
    },
    drop,
  }
}
