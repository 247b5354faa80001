// Looks for planted texts in everything Casebook keeps: every JetStream stream, its files on disk, every Postgres table.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { Client } from 'pg'

/** Where each text was read, by the place's name. */
export type Places = ReadonlyMap<string, string>

/** Every message of every stream, with its headers: subjects, buckets and objects included. */
export const readStreams = async (connection: NatsConnection): Promise<Places> => {
  const manager = await jetstreamManager(connection)
  const places = new Map<string, string>()
  for await (const { config, state } of manager.streams.list()) {
    const parts: string[] = []
    for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
      const message = await manager.streams.getMessage(config.name, { seq })
      if (message === null) continue
      const header = message.header
      parts.push(message.subject, ...header.keys().map((name) => `${name}: ${header.get(name)}`), message.string())
    }
    places.set(`stream ${config.name}`, parts.join('\n'))
  }
  return places
}

/** The log's own files, whatever the server would show of them. */
export const readLogFiles = (natsFolder: string, stream: string): Places =>
  new Map(
    readdirSync(natsFolder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.parentPath.split('/').includes(stream))
      .map(({ parentPath, name }) => [
        `file ${join(parentPath, name)}`,
        readFileSync(join(parentPath, name), 'latin1'),
      ]),
  )

/** Every row of every table, as text. */
export const readTables = async (connectionString: string): Promise<Places> => {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    )
    const places = new Map<string, string>()
    for (const { name } of tables) {
      const { rows } = await client.query<{ text: string }>(`SELECT each::text AS text FROM ${name} AS each`)
      places.set(`table ${name}`, rows.map(({ text }) => text).join('\n'))
    }
    return places
  } finally {
    await client.end()
  }
}

/** `<text> in <place>` for each planted text that is found. */
export const found = (planted: readonly string[], places: Places): readonly string[] =>
  [...places].flatMap(([place, content]) =>
    planted.filter((text) => content.includes(text)).map((text) => `${text} in ${place}`),
  )
