// Rebuilds give way to requests: their thread and the Postgres processes that work for it get what others leave.
import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { basename } from 'node:path'
import type { Sql } from '../../projections/database.ts'
import { commandLineOf } from '../embedded/process-identity.ts'

const background = 10

/** The name of connections over which requests are answered, in every process. */
export const answering = 'casebook answers'

/**
 * Over how many connections requests were answered within the last second, in all processes: a pool takes another one only
 * while those before are at work. Behind a pooler that keeps no names nobody seems to read.
 */
export const readersLately = async (sql: Sql): Promise<number> => {
  const [found] = await sql.query(
    `SELECT count(*)::int4 AS readers FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()
       AND query_start > clock_timestamp() - interval '1 s'`,
    [answering],
  )
  return Number(found?.['readers'] ?? 0)
}

/** Linux gives each thread a priority of its own; elsewhere all stay equal. */
export const threadGivesWay = (): void => {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), background)
  } catch {}
}

/** Where the server runs on this machine, under a user of ours; elsewhere its processes stay equal. */
export const connectionGivesWay = async (sql: Sql): Promise<void> => {
  try {
    // Helpers of a statement are processes of their own, which would run at the server's priority. And on a machine with
    // much else to do, making rows may take so long that the batch would be taken for abandoned, again and again.
    await sql.query(
      "SET max_parallel_maintenance_workers TO 0; SET max_parallel_workers_per_gather TO 0; SET idle_in_transaction_session_timeout TO '60 s'",
    )
    const [own] = await sql.query('SELECT pg_backend_pid() AS pid, inet_client_port() AS port')
    const pid = Number(own?.['pid'])
    // A server elsewhere, or behind a pooler, names a process that is another one here; the port is only ours.
    const title = commandLineOf(pid)
    if (title.startsWith('postgres:') && title.includes(`(${own?.['port']})`)) setPriority(pid, background)
  } catch {}
}
