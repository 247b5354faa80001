// The OpenAPI 3.1 document, made from the routes' own schemas.
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { createJsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { z } from 'zod'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body as the document shows it, where the route itself checks its parts one by one. */
    documentedBody?: z.ZodType
  }
}

const toJsonSchema = createJsonSchemaTransform({ zodToJsonConfig: { target: 'draft-2020-12' } })

export const registerOpenApi = async (app: FastifyInstance, version: string): Promise<void> => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Casebook',
        version,
        description: 'Alerts become investigated sessions; every step is an event. Times are ISO 8601 UTC.',
      },
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'CASEBOOK_TOKEN, when it is set.' } },
      },
      security: [{ token: [] }, {}],
    },
    transform: (input) => {
      const body = input.route.config?.documentedBody
      return toJsonSchema(body === undefined ? input : { ...input, schema: { ...input.schema, body } })
    },
    transformObject: jsonSchemaTransformObject,
  })
  app.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => reply.send(app.swagger()))
}
