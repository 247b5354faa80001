// What is stored of people: forgotten by name, which no stream holds in clear.
import { z } from 'zod'
import { sendPublicCommand } from '../../public-command.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { RequestRefused } from '../problem.ts'
import { metadataOf } from '../request-context.ts'
import { idempotencyHeaders, problems, written } from '../shapes.ts'
import { writtenBy } from '../written.ts'

const asked = z.strictObject({
  person: z.string().trim().min(1).max(200).describe('As in X-Casebook-Actor, without `user:`.'),
  reason: z.string().trim().min(1).max(2000),
})

export const peopleRoutes = (app: App, deps: HttpDependencies): void => {
  app.post(
    '/v1/people/forget',
    {
      schema: {
        summary: 'Destroy the key that a person is stored under: what they wrote is read as "forgotten" everywhere',
        tags: ['operations'],
        headers: idempotencyHeaders,
        // In the body: paths stand in the logs of every proxy.
        body: asked,
        response: { 202: written, ...problems(404, 415, 422) },
      },
    },
    async (request, reply) => {
      const { person, reason } = request.body
      const personId = (await deps.personOf?.(request.caller.org, person)) ?? null
      if (personId === null) {
        throw new RequestRefused('person_not_found', 'Nothing is sealed of a person of this name, or not any more.')
      }
      const sent = await sendPublicCommand(deps, {
        name: 'ForgetPerson',
        input: { personId, reason },
        org: request.caller.org,
        idempotencyKey: request.headers['idempotency-key'],
        metadata: (id) => metadataOf(request.caller, id),
      })
      return reply.status(202).send(writtenBy(sent))
    },
  )
}
