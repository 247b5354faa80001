// A log in strict mode as processes have it: each with its own connections and its own keeper of the journal.
import type { Command } from '../../commands/command.ts'
import { newCommandId, newSessionId } from '../../commands/new-id.ts'
import { createJetStreamEventLog } from '../../infra/jetstream/jetstream-event-log.ts'
import { createJetStreamLogReader } from '../../infra/jetstream/jetstream-log-reader.ts'
import { createOwnEntries } from '../../infra/jetstream/own-entries.ts'
import { createDatabase } from '../../infra/postgres/database.ts'
import { migrate } from '../../infra/postgres/migrations.ts'
import { createPipe } from '../../infra/postgres/pipe.ts'
import { createStrictEventLog } from '../../infra/strict-event-log.ts'
import { auditProjection } from '../../projections/audit.ts'
import type { Sql } from '../../projections/database.ts'
import { groupsTable, journalProjection, messagesOfGroup, trimJournal } from '../../projections/journal.ts'
import { startProjections } from '../../projections/projection-set.ts'
import { correlationId } from '../../schemas/ids.ts'
import { org } from './commit-samples.ts'
import { startLogWorld } from './log-world.ts'
import { quiet, startPostgres } from './servers.ts'
import { startTcpProxy } from './tcp-proxy.ts'

export const startStrictWorld = async () => {
  const [world, postgres] = await Promise.all([startLogWorld(), startPostgres({ durable: true })])
  const url = new URL(await postgres.createDatabase())
  const direct = createDatabase(url.href)
  await migrate(direct, [auditProjection])
  const proxy = await startTcpProxy(Number(url.port))
  url.port = String(proxy.port)
  // As wherever projections run: what the copy has rows of, the journal lets go.
  const connection = await world.connect()
  const audit = await startProjections({
    database: direct,
    reader: await createJetStreamLogReader(connection, quiet),
    run: true,
    projections: [auditProjection],
    buildsAtOnce: 0,
  })
  const trimming = setInterval(() => void trimJournal(direct).catch(() => undefined), 100)
  const ends: (() => Promise<void>)[] = [audit.stop]
  return {
    ...world,
    postgres,
    /** Of the copy's rows alone. */
    rowsUpTo: (sequence: number) => audit.waitFor('audit', sequence, 60_000),
    /** To Postgres, for the processes. */
    proxy,
    /** For the test itself. */
    direct,
    startProcess: async ({ journalWaitMs = 60_000 } = {}) => {
      const connection = await world.connect()
      const database = createDatabase(url.href)
      const pipe = createPipe(url.href)
      const own = createOwnEntries()
      const reader = own.reader(await createJetStreamLogReader(connection, quiet))
      const sent = { statements: 0, missed: 0 }
      const counted: Sql = {
        query: async (text, values) => {
          const rows = await pipe.query(text, values)
          sent.statements++
          if (rows.length === 0) sent.missed++
          return rows
        },
      }
      const journal = await startProjections({
        database,
        reader,
        run: true,
        projections: [journalProjection],
        buildsAtOnce: 0,
        pipe: counted,
      })
      ends.push(async () => {
        await journal.stop()
        await Promise.all([pipe.close(), database.close()])
      })
      const log = await createJetStreamEventLog(connection, { onStored: own.add })
      return { reader, sent, log: createStrictEventLog(log, (at) => journal.waitFor('journal', at, journalWaitMs)) }
    },
    /** Of what was acknowledged, what the copy does not hold. */
    missing: async (sequences: readonly number[]): Promise<readonly number[]> => {
      const rows = await direct.query(
        `SELECT sequence, NULL AS messages FROM audit_live.commits WHERE sequence = ANY($1::int8[])
         UNION ALL SELECT NULL, messages FROM ${groupsTable} WHERE last >= $2`,
        [sequences, Math.min(...sequences)],
      )
      const held = new Set(
        rows.flatMap((row) =>
          row['messages'] === null ? [row['sequence']] : messagesOfGroup(row).map(({ sequence }) => sequence),
        ),
      )
      return sequences.filter((each) => !held.has(each))
    },
    stop: async (): Promise<void> => {
      proxy.heal()
      clearInterval(trimming)
      for (const end of ends) await end()
      await direct.close()
      await proxy.close()
      await world.stop()
      await postgres.stop()
    },
  }
}

export const startSessionCommand = (title = 'Disk full'): Command => ({
  type: 'StartSession',
  data: { sessionId: newSessionId(), title, input: { text: title }, origin: { kind: 'request' }, labels: {} },
  metadata: {
    org,
    commandId: newCommandId(),
    actor: { kind: 'user', id: 'ada' },
    at: '2026-01-02T03:04:05.000Z',
    correlationId: correlationId.parse('cor-1'),
    causationId: 'cause-1',
  },
})
