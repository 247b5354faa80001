// The orgs a caller may name: whoever is let in, is let into all of them.
import { z } from 'zod'
import { orgId } from '../../../schemas/ids.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { readAfter } from '../read-after.ts'
import { afterQuery, problems } from '../shapes.ts'

const org = z.object({ id: orgId }).meta({ id: 'Org' })

export const orgRoutes = (app: App, deps: HttpDependencies): void => {
  app.get(
    '/v1/orgs',
    {
      schema: {
        summary: 'The orgs that anything has happened in, by name: what `Casebook-Org` may say',
        tags: ['operations'],
        querystring: z.strictObject(afterQuery),
        response: { 200: z.object({ items: z.array(org) }), ...problems() },
      },
    },
    async (request) => {
      await readAfter(deps, 'audit', request, request.query.after)
      return { items: (await deps.queries.orgs()).map((id) => ({ id: orgId.parse(id) })) }
    },
  )
}
