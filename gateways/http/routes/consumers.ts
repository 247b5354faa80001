// How far the handlers are.
import { z } from 'zod'
import { consumerStanding } from '../../../schemas/consumer-standing.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { problems } from '../shapes.ts'

export const consumerRoutes = (app: App, { consumers }: Pick<HttpDependencies, 'consumers'>): void => {
  app.get(
    '/v1/consumers',
    {
      schema: {
        summary: 'How far each handler is: pending, in flight, redelivered, and the oldest that is not settled',
        tags: ['operations'],
        response: { 200: z.object({ items: z.array(consumerStanding).readonly(), next: z.null() }), ...problems() },
      },
    },
    async () => ({ items: (await consumers?.()) ?? [], next: null }),
  )
}
