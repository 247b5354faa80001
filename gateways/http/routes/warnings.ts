// What goes on without being as it should.
import { z } from 'zod'
import { warning } from '../../../schemas/warning.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { problems } from '../shapes.ts'

export const warningRoutes = (app: App, { warnings }: Pick<HttpDependencies, 'warnings'>): void => {
  app.get(
    '/v1/warnings',
    {
      schema: {
        summary: 'What somebody should look at: parked messages, paused read models, tool servers that are down',
        tags: ['operations'],
        response: { 200: z.object({ items: z.array(warning).readonly() }), ...problems() },
      },
    },
    async () => ({ items: (await warnings?.()) ?? [] }),
  )
}
