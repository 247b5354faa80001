// The whole of a long text, or an attachment, of a session the caller may read: by the hash one of its events names.
import { z } from 'zod'
import { withShared } from '../../../schemas/commit.ts'
import { namedBlobs } from '../../../schemas/named-blobs.ts'
import { blobRef } from '../../../schemas/stored-text.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { RequestRefused } from '../problem.ts'
import { readSession } from '../read-session.ts'
import { problems, sessionParams } from '../shapes.ts'

export const sessionBlobRoutes = (app: App, deps: HttpDependencies): void => {
  app.get(
    '/v1/sessions/:id/blobs/:hash',
    {
      schema: {
        summary: 'A long text or an attachment, whole, by the SHA-256 that an event of the session names',
        tags: ['sessions'],
        params: sessionParams.extend({ hash: blobRef.shape.sha256 }),
        response: {
          200: {
            description: 'The bytes, always as a download, under the media type the event gives them.',
            content: { 'application/octet-stream': { schema: z.unknown().meta({ type: 'string', format: 'binary' }) } },
          },
          ...problems(404),
        },
      },
      config: { unhurried: true },
    },
    async (request, reply) => {
      const { id, hash } = request.params
      const { commits } = await readSession(deps, request.caller.org, id)
      const mediaType = commits
        .flatMap(withShared)
        .flatMap(({ events }) => events)
        .flatMap(({ data }) => namedBlobs(data))
        .find(({ sha256 }) => sha256 === hash)?.mediaType
      // A hash alone opens nothing: the store is shared by every session.
      const bytes = mediaType === undefined ? null : await deps.blobs.get(hash)
      if (mediaType === undefined || bytes === null) {
        throw new RequestRefused('blob_not_found', `No event of ${id} names a blob ${hash}.`)
      }
      return reply
        .type(safeType(mediaType))
        .headers({
          'content-disposition': `attachment; filename="${hash.slice(0, 16)}"`,
          'content-security-policy': "default-src 'none'; sandbox",
          'cache-control': 'private, max-age=31536000, immutable',
        })
        .send(Buffer.from(bytes))
    },
  )
}

/** A tool names the type of its attachments: what is no plain media type is bytes. */
const safeType = (mediaType: string): string =>
  /^[\w.+-]+\/[\w.+-]+(?:; ?charset=[\w-]+)?$/.test(mediaType) ? mediaType : 'application/octet-stream'
