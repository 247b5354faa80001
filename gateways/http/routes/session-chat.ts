// The chat about a session that has ended: ask, and read what was asked and answered.
import { z } from 'zod'
import { chatView } from '../../../projections/chat-view.ts'
import { executionId } from '../../../schemas/ids.ts'
import { sessionCommandData } from '../../../schemas/session-commands.ts'
import { sendPublicCommand } from '../../public-command.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { readAfter } from '../read-after.ts'
import { missingSession } from '../read-session.ts'
import { metadataOf } from '../request-context.ts'
import { afterQuery, idempotencyHeaders, page, pageQuery, problems, sessionParams, written } from '../shapes.ts'
import { acceptedBy } from '../written.ts'

z.globalRegistry.add(chatView, { id: 'ChatItem' })

const question = sessionCommandData.AskSession.omit({ sessionId: true }).meta({ id: 'AskSession' })

const asked = z
  .object({ ...written.shape, executionId })
  .meta({ id: 'Asked', description: 'The answer comes under `executionId`, live and in `GET …/chat`.' })

export const sessionChatRoutes = (app: App, deps: HttpDependencies): void => {
  app.post(
    '/v1/sessions/:id/chat',
    {
      schema: {
        summary: 'Ask about a session that has ended; questions are answered one after another',
        tags: ['sessions'],
        params: sessionParams,
        headers: idempotencyHeaders,
        body: question,
        response: { 202: asked, ...problems(404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const {
        id,
        version,
        sequence,
        executionId: own,
      } = acceptedBy(
        await sendPublicCommand(deps, {
          name: 'AskSession',
          input: { sessionId: request.params.id, ...request.body },
          org: request.caller.org,
          idempotencyKey: request.headers['idempotency-key'],
          metadata: (chosen) => metadataOf(request.caller, chosen),
        }),
      )
      return reply.status(202).send({ id, version, sequence, executionId: executionId.parse(own) })
    },
  )

  app.get(
    '/v1/sessions/:id/chat',
    {
      schema: {
        summary: 'What was asked about a session since its end, by whom, and the answers',
        tags: ['sessions'],
        params: sessionParams,
        querystring: z.strictObject({ ...pageQuery, ...afterQuery }),
        response: { 200: page(chatView), ...problems(404) },
      },
    },
    async (request) => {
      const { after, ...paging } = request.query
      const { org } = request.caller
      const { id } = request.params
      await readAfter(deps, 'chat', request, after)
      const answer = await deps.queries.chat(org, id, paging)
      if (answer.items.length === 0 && (await deps.bus.session(org, id)).status === 'absent') {
        throw await missingSession(deps.bus, org, id)
      }
      return answer
    },
  )
}
