// Which orgs there are: those that the log has anything of.
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'

/** More are not told, or the list would have to come in pages. */
const most = 1_000

/** By name. From each name the index leads to the next one: as many steps as orgs, however long the log is. */
export const listOrgs = async (db: Kysely<Tables>): Promise<readonly string[]> => {
  const rows = await db
    .withRecursive('orgs', (each) =>
      each
        .selectFrom('commits')
        .select(({ fn }) => fn.min('org').as('org'))
        .unionAll((next) =>
          next
            .selectFrom('orgs')
            .select(({ selectFrom }) =>
              selectFrom('commits')
                .select(({ fn }) => fn.min('commits.org').as('org'))
                .whereRef('commits.org', '>', sql.ref('orgs.org'))
                .as('org'),
            )
            .where('orgs.org', 'is not', null),
        ),
    )
    .selectFrom('orgs')
    .select('org')
    .where('org', 'is not', null)
    .limit(most)
    .execute()
  return rows.flatMap(({ org }) => org ?? [])
}
