// What an operator checks: that the log and its second copy are whole, and what was parked.
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

export const auditRoutes = (app: App, { verifyAudit, deadLetters }: HttpDependencies): void => {
  app.get(
    '/v1/audit/verify',
    {
      schema: {
        summary: 'Walk the hash chains of the log and of the Postgres copy; the whole log, or one session',
        tags: ['operations'],
        querystring: z.strictObject({ session: sessionId.optional() }),
        response: { 200: report, ...problems() },
      },
      config: { unhurried: true },
    },
    async (request, reply) => {
      const asking = new AbortController()
      reply.raw.once('close', () => asking.abort())
      return verifyAudit({ org: request.caller.org, session: request.query.session ?? null }, asking.signal)
    },
  )

  app.get(
    '/v1/dead-letters',
    {
      schema: {
        summary: 'Messages that were parked, the newest first, with the reason',
        tags: ['operations'],
        querystring: z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
        response: {
          200: z.object({ count: z.int(), items: z.array(z.unknown()).readonly(), next: z.null() }),
          ...problems(),
        },
      },
    },
    async (request) => {
      const [count, items] = await Promise.all([deadLetters.count(), deadLetters.list(request.query.limit)])
      return { count, items, next: null }
    },
  )
}
