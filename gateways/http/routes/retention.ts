// What retention policies would erase: a dry run.
import { z } from 'zod'
import { retentionKind, retentionPreview } from '../../../schemas/retention.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { RequestRefused } from '../problem.ts'
import { problems } from '../shapes.ts'

const query = z
  .strictObject({
    at: z.iso.datetime().optional().describe('What has expired by then; absent: by now.'),
    keep_days: z.coerce
      .number()
      .min(0)
      .max(36_500)
      .optional()
      .describe('As if this were the only policy, instead of those of the configuration.'),
    kind: retentionKind.optional().describe('Of that policy.'),
    limit: z.coerce.number().int().min(1).max(1000).default(100),
  })
  .refine(({ kind, keep_days }) => kind === undefined || keep_days !== undefined, {
    path: ['kind'],
    message: 'goes with keep_days',
  })

export const retentionRoutes = (app: App, { previewRetention }: HttpDependencies): void => {
  app.get(
    '/v1/retention/preview',
    {
      schema: {
        summary: 'Dry run: which sessions retention policies erase, when, and which a legal hold keeps',
        tags: ['operations'],
        querystring: query,
        response: { 200: retentionPreview, ...problems() },
      },
    },
    async (request) => {
      if (previewRetention === undefined) throw new RequestRefused('not_found', 'This process knows of no policies.')
      const { at = new Date().toISOString(), keep_days, kind, limit } = request.query
      const tried = keep_days === undefined ? null : { tried: { keep_days, ...(kind !== undefined && { kind }) } }
      return previewRetention({ org: request.caller.org, at, limit, policies: tried })
    },
  )
}
