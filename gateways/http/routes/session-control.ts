// What people do to a session under way: pause, resume, say something, end one agent.
import { z } from 'zod'
import { executionId } from '../../../schemas/ids.ts'
import { sessionCommandData } from '../../../schemas/session-commands.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { createSendToSession } from '../send-to-session.ts'
import { idempotencyHeaders, problems, sessionParams, written } from '../shapes.ts'

const message = sessionCommandData.SendMessage.omit({ sessionId: true }).meta({ id: 'SendMessage' })
const reasoned = z.strictObject({ reason: z.string().trim().max(2000).optional() }).nullish()
const nothing = z.strictObject({}).nullish()
const executionParams = sessionParams.extend({ executionId })

export const sessionControlRoutes = (app: App, deps: HttpDependencies): void => {
  const send = createSendToSession(deps)
  const shared = { tags: ['sessions'], headers: idempotencyHeaders }
  const response = { 202: written, ...problems(404, 409, 415, 422) }

  app.post(
    '/v1/sessions/:id/pause',
    {
      schema: {
        summary: 'Pause: calls under way finish, nothing new begins',
        ...shared,
        params: sessionParams,
        body: reasoned,
        response,
      },
    },
    async (request, reply) => reply.status(202).send(await send('PauseSession', request, { ...request.body })),
  )

  app.post(
    '/v1/sessions/:id/resume',
    {
      schema: {
        summary: 'Resume: it goes on where it was',
        ...shared,
        params: sessionParams,
        body: nothing,
        response,
      },
    },
    async (request, reply) => reply.status(202).send(await send('ResumeSession', request, {})),
  )

  app.post(
    '/v1/sessions/:id/messages',
    {
      schema: {
        summary: 'Say something to one agent, or to every agent at work; heard at the next step',
        ...shared,
        params: sessionParams,
        body: message,
        response,
      },
    },
    async (request, reply) => reply.status(202).send(await send('SendMessage', request, request.body)),
  )

  app.post(
    '/v1/sessions/:id/executions/:executionId/cancel',
    {
      schema: {
        summary: 'End one agent or helper; its stage goes on by its policy',
        ...shared,
        params: executionParams,
        body: reasoned,
        response,
      },
    },
    async (request, reply) => {
      const data = { executionId: request.params.executionId, ...request.body }
      return reply.status(202).send(await send('CancelExecution', request, data))
    },
  )
}
