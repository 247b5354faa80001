// Large values beside the second copy, by their SHA-256: with them a lost log comes back whole. Whoever copies or erases one holds the row that says how far the copying is.
import { z } from 'zod'
import { logSequence } from '../schemas/ids.ts'
import { mayNameBlobs, type NamedBlob } from '../schemas/named-blobs.ts'
import { auditProjection } from './audit.ts'
import type { Database, Sql } from './database.ts'
import { liveSchemaOf } from './projection.ts'

export const blobCopyTables = `
  CREATE TABLE IF NOT EXISTS casebook.blob_copy (
    hash text PRIMARY KEY,
    media_type text NOT NULL,
    content bytea NOT NULL
  );
  CREATE TABLE IF NOT EXISTS casebook.blob_copying (
    only_row bool PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch text NOT NULL DEFAULT '',
    position int8 NOT NULL DEFAULT 0
  );
  INSERT INTO casebook.blob_copying DEFAULT VALUES ON CONFLICT DO NOTHING;`

const commits = `${liveSchemaOf(auditProjection)}.commits`

const place = z.object({
  /** Of the log: its creation time. */
  epoch: z.string(),
  /** Every blob that the copy's commits up to here name was copied, or was not in the store. */
  position: logSequence,
  /** What the copy of the commits has reached. */
  copied: logSequence,
})
export type BlobPlace = Readonly<z.infer<typeof place>>

/** Of a log that was written back every blob is looked for again. */
export const readBlobPlace = async (sql: Sql): Promise<BlobPlace> => {
  const rows = await sql.query(
    `SELECT live.epoch, live.position AS copied, CASE WHEN place.epoch = live.epoch THEN place.position ELSE 0 END AS position
     FROM casebook.blob_copying AS place, casebook.projection AS live WHERE live.name = $1 AND live.role = 'live'`,
    [auditProjection.name],
  )
  return place.parse(rows[0])
}

/** Of whoever has come furthest in the log that is copied. */
export const moveBlobPlace = async (sql: Sql, epoch: string, position: number): Promise<void> => {
  await sql.query('UPDATE casebook.blob_copying SET epoch = $1, position = $2 WHERE epoch <> $1 OR position < $2', [
    epoch,
    position,
  ])
}

const naming = z.object({ sequence: z.int(), payload: z.string() })

/** Commits of the copy that may name blobs, after a position. */
export const copiedNaming = async (
  sql: Sql,
  after: number,
  upTo: number,
  limit: number,
): Promise<readonly z.infer<typeof naming>[]> => {
  const rows = await sql.query(
    `SELECT sequence, payload FROM ${commits} WHERE sequence > $1 AND sequence <= $2 AND payload ~ $3 ORDER BY sequence LIMIT $4`,
    [after, upTo, mayNameBlobs.source, limit],
  )
  return rows.map((row) => naming.parse(row))
}

const held = z.object({ hash: z.string(), sound: z.boolean() })

/** Of these, what is copied, and whether it is what its name says. */
export const heldBlobs = async (sql: Sql, hashes: readonly string[]): Promise<ReadonlyMap<string, boolean>> => {
  if (hashes.length === 0) return new Map()
  const rows = await sql.query(
    `SELECT hash, encode(sha256(content), 'hex') = hash AS sound FROM casebook.blob_copy WHERE hash = ANY($1::text[])`,
    [hashes],
  )
  return new Map(rows.map((row) => held.parse(row)).map(({ hash, sound }) => [hash, sound]))
}

/** Nothing is kept when the commit that names it has been erased meanwhile: nobody would erase the blob later. */
export const keepBlob = (
  database: Database,
  { sha256, mediaType }: NamedBlob,
  content: Uint8Array,
  namedBy: number,
): Promise<void> =>
  locked(database, (sql) =>
    sql.query(
      `INSERT INTO casebook.blob_copy (hash, media_type, content)
       SELECT $1, $2, $3 WHERE EXISTS (SELECT FROM ${commits} WHERE sequence = $4)
       ON CONFLICT (hash) DO UPDATE SET content = EXCLUDED.content`,
      [sha256, mediaType, content, namedBy],
    ),
  )

/** To be called when the copy no longer holds the commits that named them. */
export const eraseBlobCopies = (database: Database, hashes: readonly string[]): Promise<void> =>
  locked(database, (sql) => sql.query('DELETE FROM casebook.blob_copy WHERE hash = ANY($1::text[])', [hashes]))

const locked = (database: Database, work: (sql: Sql) => Promise<unknown>): Promise<void> =>
  database.transaction(async (sql) => {
    await sql.query('SELECT FROM casebook.blob_copying FOR UPDATE')
    await work(sql)
  })

const stored = z.object({ mediaType: z.string(), bytes: z.instanceof(Uint8Array) })

/** As it lies there, whatever it is. */
export const readBlobCopy = async (sql: Sql, hash: string): Promise<z.infer<typeof stored> | null> => {
  const rows = await sql.query(
    'SELECT media_type AS "mediaType", content AS bytes FROM casebook.blob_copy WHERE hash = $1',
    [hash],
  )
  return rows.map((row) => stored.parse(row))[0] ?? null
}
