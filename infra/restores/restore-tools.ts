// What the command line does with the servers of a stopped Casebook.
import { openPostgresCopy } from '../../projections/postgres-copy.ts'
import type { RestoreReport } from '../../schemas/restore-report.ts'
import { openBackup } from '../backups/read-backup.ts'
import { assertQueuesEmpty, restoreOthers } from '../backups/restore-backup.ts'
import { createLog } from '../logger.ts'
import { loadEnvironment } from '../settings/load-environment.ts'
import { restoreInto } from './restore-into.ts'
import { withServers } from './with-servers.ts'

type OnProgress = (done: number, of: number) => void

export const createRestoreTools = (variables: Readonly<Record<string, string | undefined>>) => ({
  fromPostgres: (onProgress: OnProgress): Promise<RestoreReport> =>
    withServers(loadEnvironment(variables), createLog(), async (servers) =>
      restoreInto(servers, await openPostgresCopy(servers.database), { onProgress }),
    ),
  fromBackup: async (file: string, onProgress: OnProgress): Promise<RestoreReport> => {
    const backup = await openBackup(file)
    return withServers(loadEnvironment(variables), createLog(), async (servers) => {
      const { connection } = servers
      await assertQueuesEmpty(connection)
      const beforeOpening = (): Promise<void> => restoreOthers(connection, file, backup)
      return restoreInto(servers, backup.log, { onProgress, beforeOpening })
    })
  },
  checkBackup: async (file: string) => {
    const { header, counts, sha256 } = await openBackup(file)
    return { upTo: header.upTo, commits: counts['commit'] ?? 0, blobs: counts['blob'] ?? 0, sha256 }
  },
})
