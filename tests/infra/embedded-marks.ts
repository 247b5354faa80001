// A mark left in both servers, to be found again: the same servers with the same data.
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { Client } from 'pg'
import { connectNats } from '../../infra/jetstream/connect.ts'
import { quiet } from '../support/servers.ts'

interface Addresses {
  readonly natsUrl: string
  readonly databaseUrl: string
}

/** A server that has just started again may take its time. */
const patient = { timeout: 30_000 }

const inNats = async <T>(url: string, work: (nats: Awaited<ReturnType<typeof connectNats>>) => Promise<T>) => {
  const nats = await connectNats(url, 'test', quiet)
  try {
    return await work(nats)
  } finally {
    await nats.close()
  }
}

const inPostgres = async <T>(url: string, work: (client: Client) => Promise<T>) => {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export const leaveMark = async ({ natsUrl, databaseUrl }: Addresses, mark: string): Promise<void> => {
  await inNats(natsUrl, async (nats) => {
    await (await jetstreamManager(nats, patient)).streams.add({ name: 'MARKS', subjects: ['marks'] })
    await jetstream(nats, patient).publish('marks', mark)
  })
  await inPostgres(databaseUrl, async (client) => {
    await client.query('CREATE TABLE mark (text text)')
    await client.query('INSERT INTO mark VALUES ($1)', [mark])
  })
}

/** The mark in nats-server and the one in PostgreSQL. */
export const readMarks = async ({ natsUrl, databaseUrl }: Addresses): Promise<readonly [string, string]> => [
  await inNats(natsUrl, async (nats) => {
    const manager = await jetstreamManager(nats, patient)
    return (await manager.streams.getMessage('MARKS', { last_by_subj: 'marks' }))?.string() ?? ''
  }),
  await inPostgres(databaseUrl, async (client) => String((await client.query('SELECT text FROM mark')).rows[0]?.text)),
]
