// One connection on which statements are sent without waiting for each other's answers; each is a transaction of its own.
import { Client } from 'pg'
import type { Sql } from '../../projections/database.ts'
import { classified } from './database.ts'

export interface Pipe extends Sql {
  close(): Promise<void>
}

const statementMs = 30_000

/** Connects at the first statement, and anew after a failure. Statements are prepared: only a few texts may be used. */
export const createPipe = (url: string): Pipe => {
  const names = new Map<string, string>()
  let opening: Promise<Client> | null = null

  const nameOf = (text: string): string => {
    const name = names.get(text) ?? `casebook_${names.size}`
    names.set(text, name)
    return name
  }
  const open = (): Promise<Client> => {
    const client = new Client({
      connectionString: url,
      pipeline: true,
      connectionTimeoutMillis: 5_000,
      statement_timeout: statementMs,
      query_timeout: statementMs + 2_000,
      keepAlive: true,
      application_name: 'casebook second copy',
    })
    const connected = client.connect().then(() => client)
    opening = connected
    const forget = (): void => {
      if (opening === connected) opening = null
    }
    client.on('error', forget)
    client.on('end', forget)
    connected.catch(forget)
    return connected
  }

  return {
    query: (text, values) =>
      classified(async () => {
        const client = await (opening ?? open())
        const { rows } = await client.query({
          name: nameOf(text),
          text,
          values: values === undefined ? [] : [...values],
        })
        return rows
      }),
    close: async () => {
      const client = await opening?.catch(() => undefined)
      await client?.end().catch(() => undefined)
    },
  }
}
