// Fastify as the routes see it: inputs typed by their zod schemas.
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'

export const typed = (app: FastifyInstance) => app.withTypeProvider<ZodTypeProvider>()
export type App = ReturnType<typeof typed>
