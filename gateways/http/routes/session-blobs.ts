// The whole of a long text, or an attachment, of a session the caller may read: by the hash one of its events names.
import { z } from 'zod'
import { blobRef } from '../../../schemas/stored-text.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { RequestRefused } from '../problem.ts'
import { readSession } from '../read-session.ts'
import { problems, sessionParams } from '../shapes.ts'

const attachment = z.object({ blob: blobRef.shape.sha256, mediaType: z.string() })

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
      const { commits } = await readSession(deps.eventLog, request.caller.org, id)
      const mediaType = commits
        .flatMap(({ events }) => events)
        .map(({ data }) => mediaTypeIn(data, hash))
        .find((each) => each !== null)
      // A hash alone opens nothing: the store is shared by every session.
      const bytes = mediaType == null ? null : await deps.blobs.get(hash)
      if (mediaType == null || bytes === null) {
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

/** What models, tools and people write as they like: whoever writes a hash there has opened nothing. */
const foreign: ReadonlySet<string> = new Set(['arguments', 'inputSchema', 'labels', 'annotations'])

const mediaTypeIn = (value: unknown, hash: string): string | null => {
  if (typeof value !== 'object' || value === null) return null
  for (const [key, each] of Object.entries(value)) {
    const found = foreign.has(key) ? null : (namedBy(key, each, hash) ?? mediaTypeIn(each, hash))
    if (found !== null) return found
  }
  return null
}

/** A reference stands under one of three keys. */
const namedBy = (key: string, value: unknown, hash: string): string | null => {
  if (key === 'blob' || key === 'original') {
    const { data: reference } = blobRef.safeParse(value)
    return reference?.sha256 === hash ? reference.mediaType : null
  }
  if (key !== 'attachments') return null
  return (
    z
      .array(attachment)
      .safeParse(value)
      .data?.find(({ blob }) => blob === hash)?.mediaType ?? null
  )
}

/** A tool names the type of its attachments: what is no plain media type is bytes. */
const safeType = (mediaType: string): string =>
  /^[\w.+-]+\/[\w.+-]+(?:; ?charset=[\w-]+)?$/.test(mediaType) ? mediaType : 'application/octet-stream'
