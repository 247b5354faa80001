// What an operator checks: that the log and its second copy are whole.
import { z } from 'zod'
import { sessionId } from '../../../schemas/ids.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { problems } from '../shapes.ts'

const report = z
  .object({
    ok: z.boolean(),
    checked: z.int(),
    upTo: z.int(),
    problems: z
      .array(z.object({ kind: z.string(), sequence: z.int(), subject: z.string(), detail: z.string() }))
      .readonly(),
  })
  .meta({ id: 'AuditReport' })

export const auditRoutes = (app: App, { verifyAudit }: HttpDependencies): void => {
  app.get(
    '/v1/audit/verify',
    {
      schema: {
        summary: 'Walk the hash chains of the log and of a copy of it; the whole log, or one session',
        tags: ['operations'],
        querystring: z.strictObject({
          session: sessionId.optional(),
          against: z.enum(['postgres', 'archive']).default('postgres').describe('The copy to compare with.'),
        }),
        response: { 200: report, ...problems(409) },
      },
      config: { unhurried: true },
    },
    async (request, reply) => {
      const asking = new AbortController()
      reply.raw.once('close', () => asking.abort())
      const { session = null, against } = request.query
      return verifyAudit({ org: request.caller.org, session, against }, asking.signal)
    },
  )
}
