// The read models: where each stands, and how to mend one.
import { z } from 'zod'
import { checkpoint } from '../../../projections/checkpoints.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { problems } from '../shapes.ts'

const status = checkpoint
  .extend({
    head: z.int(),
    lag: z.int(),
    rate: z.number().optional().describe('Log messages a second, lately; absent where it is not run.'),
  })
  .meta({ id: 'Projection' })
const params = z.object({ name: z.string().min(1).max(100) })

export const projectionRoutes = (app: App, { projections }: HttpDependencies): void => {
  app.get(
    '/v1/projections',
    {
      schema: {
        summary: 'State, position, head, lag and failure of each projection',
        tags: ['projections'],
        response: { 200: z.object({ items: z.array(status).readonly(), next: z.null() }), ...problems() },
      },
    },
    async () => ({ items: await projections.status(), next: null }),
  )

  app.post(
    '/v1/projections/:name/rebuild',
    {
      schema: {
        summary: 'Empty a projection and fill it again from the log',
        tags: ['projections'],
        params,
        response: { 202: z.object({ name: z.string(), rebuilding: z.literal(true) }), ...problems(404) },
      },
    },
    async (request, reply) => {
      await projections.rebuild(request.params.name)
      return reply.status(202).send({ name: request.params.name, rebuilding: true })
    },
  )

  app.post(
    '/v1/projections/:name/resume',
    {
      schema: {
        summary: 'Let a paused projection try again from where it stopped',
        tags: ['projections'],
        params,
        response: {
          202: z.object({ name: z.string(), resumed: z.boolean().describe('False when it was not paused.') }),
          ...problems(404),
        },
      },
    },
    async (request, reply) => {
      const resumed = await projections.resume(request.params.name)
      return reply.status(202).send({ name: request.params.name, resumed })
    },
  )
}
