// The OpenAPI 3.1 document, made from the routes' own schemas; beside it the one of the bus.
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { createJsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { asyncApi } from '../bus/async-api.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body as the document shows it, where the route itself checks its parts one by one. */
    documentedBody?: z.ZodType
    /** The answer may take as long as it takes. */
    unhurried?: boolean
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
  let made: unknown
  app.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    made ??= tidied(app.swagger())
    return reply.send(made)
  })
  let bus: unknown
  app.get('/asyncapi.json', { schema: { hide: true } }, (_request, reply) => {
    bus ??= asyncApi(version)
    return reply.send(bus)
  })
}

const document = z.looseObject({
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
})

const sharedRef = /#\/components\/schemas\/__shared#\/\$defs\/(\w+)/g

/**
 * Recursive schemas without a name come out under `__shared` with references that point nowhere, and each named schema
 * a second time for input: the first are given a place, the second are left out where nothing uses them.
 */
const tidied = (made: unknown): z.infer<typeof document> => {
  const text = JSON.stringify(made).replaceAll(sharedRef, '#/components/schemas/shared-$1')
  const parsed = document.parse(JSON.parse(text))
  const { __shared: shared, ...named } = parsed.components.schemas
  const definitions = z.object({ $defs: z.record(z.string(), z.unknown()) }).safeParse(shared)
  const moved = Object.entries(definitions.data?.$defs ?? {}).map(
    ([name, schema]) => [`shared-${name}`, schema] as const,
  )
  const used = Object.entries(named).filter(
    ([name]) => !name.endsWith('Input') || text.includes(`"#/components/schemas/${name}"`),
  )
  return { ...parsed, components: { ...parsed.components, schemas: Object.fromEntries([...used, ...moved]) } }
}
