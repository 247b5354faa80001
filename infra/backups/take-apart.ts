// The keys of persons and the tombstones of sessions, as lines of a file that is replaced by every newer one.
import type { NatsConnection } from '@nats-io/transport-node'
import { z } from 'zod'
import type { Sql } from '../../projections/database.ts'
import { type ApartLine, apartFormat } from '../../schemas/apart-line.ts'
import { commitHeaders } from '../../schemas/commit.ts'
import { orgId, personId } from '../../schemas/ids.ts'
import { messagesOf } from '../jetstream/messages-of.ts'

const row = z.object({ org: orgId, person: personId, who: z.string().nullable(), key: z.string().nullable() })

/** @throws LogUnavailable, DatabaseUnavailable. */
export async function* takeApart(connection: NatsConnection, sql: Sql): AsyncGenerator<string> {
  let lines = 0
  for await (const line of linesOf(connection, sql)) {
    lines++
    yield `${JSON.stringify(line)}\n`
  }
  yield `${JSON.stringify({ kind: 'end', lines } satisfies ApartLine)}\n`
}

async function* linesOf(connection: NatsConnection, sql: Sql): AsyncGenerator<ApartLine> {
  yield { kind: 'casebook_keys', format: apartFormat, at: new Date().toISOString() }
  const rows = await sql.query(
    `SELECT org, person, who, encode(key, 'base64') AS key FROM casebook.person_key ORDER BY org, person`,
  )
  for (const each of rows) yield { kind: 'person_key', ...row.parse(each) }
  for await (const { subject, headers, payload } of messagesOf(connection, 'casebook.events.*.erasure.*')) {
    if (headers[commitHeaders.types] === 'erasure.recorded') yield { kind: 'tombstone', subject, headers, payload }
  }
}
