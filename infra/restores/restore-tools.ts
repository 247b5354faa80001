// What the command line does with the servers of a stopped Casebook.
import { openArchiveCopy } from '../../projections/archive-copy.ts'
import { ArchiveNotConfigured } from '../../projections/archive-errors.ts'
import type { ArchiveReader } from '../../projections/archive-reader.ts'
import { readBlobCopy } from '../../projections/blob-copies.ts'
import { openPostgresCopy } from '../../projections/postgres-copy.ts'
import type { RestoreReport } from '../../schemas/restore-report.ts'
import { openBackup } from '../backups/read-backup.ts'
import { openApart, restoreKeys, restoreTombstones } from '../backups/restore-apart.ts'
import { assertQueuesEmpty, restoreOthers } from '../backups/restore-backup.ts'
import { createLog } from '../logger.ts'
import { loadEnvironment } from '../settings/load-environment.ts'
import { restoreInto } from './restore-into.ts'
import { withServers } from './with-servers.ts'

type OnProgress = (done: number, of: number) => void

/** `openArchive` is given by the gateway that knows the archive. */
export const createRestoreTools = (
  variables: Readonly<Record<string, string | undefined>>,
  openArchive: (url: string) => { readonly reader: ArchiveReader; readonly archive: { close(): Promise<void> } },
) => ({
  fromPostgres: (onProgress: OnProgress): Promise<RestoreReport> =>
    withServers(loadEnvironment(variables), createLog(), async (servers) =>
      restoreInto(servers, await openPostgresCopy(servers.database), {
        onProgress,
        blobOf: (sha256) => readBlobCopy(servers.database, sha256),
      }),
    ),
  fromArchive: async (onProgress: OnProgress): Promise<RestoreReport> => {
    const environment = loadEnvironment(variables)
    if (environment.EVENTSTORE_URL === undefined) throw new ArchiveNotConfigured()
    const { archive, reader } = openArchive(environment.EVENTSTORE_URL)
    try {
      const copy = await openArchiveCopy(reader)
      return await withServers(environment, createLog(), (servers) =>
        restoreInto(servers, copy, { onProgress, blobOf: reader.blob }),
      )
    } finally {
      await archive.close()
    }
  },
  fromBackup: async (file: string, onProgress: OnProgress, keys?: string): Promise<RestoreReport> => {
    const backup = await openBackup(file)
    const apart = keys === undefined ? [] : await openApart(keys)
    return withServers(loadEnvironment(variables), createLog(), async (servers) => {
      const { connection, database } = servers
      await assertQueuesEmpty(connection)
      const beforeOpening = async (): Promise<void> => {
        await restoreOthers(connection, file, backup)
        await restoreKeys(database, apart)
        await restoreTombstones(connection, apart)
      }
      return restoreInto(servers, backup.log, { onProgress, beforeOpening })
    })
  },
  checkKeys: openApart,
  checkBackup: async (file: string) => {
    const { header, counts, sha256 } = await openBackup(file)
    return { upTo: header.upTo, commits: counts['commit'] ?? 0, blobs: counts['blob'] ?? 0, sha256 }
  },
})
