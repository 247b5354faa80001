// Everything in one file, while Casebook runs: what `casebook backup` asks for.
import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { z } from 'zod'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { RequestRefused } from '../problem.ts'
import { problems } from '../shapes.ts'

export const backupRoutes = (app: App, { takeBackup, takeApart, log }: HttpDependencies): void => {
  app.get(
    '/v1/backup/keys',
    {
      schema: {
        summary: 'What no backup holds: keys of persons, and tombstones of erased sessions, of all orgs',
        description: 'Lines of JSON. Keep only the newest: it is what makes older backups forget.',
        tags: ['operations'],
        response: {
          200: {
            description: 'The file.',
            content: { 'application/x-ndjson': { schema: z.unknown().meta({ type: 'string' }) } },
          },
          ...problems(404),
        },
      },
      config: { unhurried: true },
    },
    async (_request, reply) => {
      if (takeApart === undefined) throw new RequestRefused('not_found', 'This process takes no backups.')
      return reply.type('application/x-ndjson').send(Readable.from(takeApart()))
    },
  )

  app.get(
    '/v1/backup',
    {
      schema: {
        summary: 'A backup of everything, of all orgs, as it is at one position of the log',
        description: 'Gzipped lines of JSON. The last line has the checksum: without it the file is no whole backup.',
        tags: ['operations'],
        response: {
          200: {
            description: 'The file.',
            content: { 'application/gzip': { schema: z.unknown().meta({ type: 'string', format: 'binary' }) } },
          },
          ...problems(404),
        },
      },
      config: { unhurried: true },
    },
    async (request, reply) => {
      if (takeBackup === undefined) throw new RequestRefused('not_found', 'This process takes no backups.')
      const asking = new AbortController()
      reply.raw.once('close', () => asking.abort())
      const lines = Readable.from(await takeBackup(asking.signal))
      const file = createGzip()
      lines.once('error', (error) => {
        // Cut short, it lacks its end, and whoever reads it knows.
        if (!asking.signal.aborted)
          log.warn({ err: error, correlationId: request.caller.correlationId }, 'A backup broke off.')
        file.destroy(error)
      })
      return reply
        .type('application/gzip')
        .header('content-disposition', 'attachment; filename="casebook-backup.ndjson.gz"')
        .send(lines.pipe(file))
    },
  )
}
