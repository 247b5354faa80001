// The end of a session's data: a legal hold keeps it, an erasure removes it for good.
import { z } from 'zod'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { createSendToSession } from '../send-to-session.ts'
import { idempotencyHeaders, problems, sessionParams, written } from '../shapes.ts'

const reasoned = z.strictObject({ reason: z.string().trim().min(1).max(2000) })

export const sessionErasureRoutes = (app: App, deps: HttpDependencies): void => {
  const send = createSendToSession(deps)
  const shared = { tags: ['sessions'], headers: idempotencyHeaders, params: sessionParams }
  const response = { 202: written, ...problems(404, 409, 410, 415, 422) }

  app.delete(
    '/v1/sessions/:id',
    { schema: { summary: 'Erase an ended session for good; a tombstone stays', ...shared, body: reasoned, response } },
    async (request, reply) => reply.status(202).send(await send('EraseSession', request, request.body)),
  )

  app.post(
    '/v1/sessions/:id/hold',
    { schema: { summary: 'Legal hold: nothing erases the session', ...shared, body: reasoned, response } },
    async (request, reply) => reply.status(202).send(await send('HoldSession', request, request.body)),
  )

  app.post(
    '/v1/sessions/:id/release',
    { schema: { summary: 'End the legal hold', ...shared, body: z.strictObject({}).nullish(), response } },
    async (request, reply) => reply.status(202).send(await send('ReleaseHold', request, {})),
  )
}
