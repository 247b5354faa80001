// Any public command by its name: what the other routes are shorthands for.
import { z } from 'zod'
import { publicCommands } from '../../../schemas/commands.ts'
import { acceptedCommand, sendPublicCommand } from '../../public-command.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { metadataOf } from '../request-context.ts'
import { idempotencyHeaders, problems, written } from '../shapes.ts'
import { acceptedBy } from '../written.ts'

export const commandRoutes = (app: App, deps: HttpDependencies): void => {
  app.post(
    '/v1/commands/:name',
    {
      schema: {
        summary: `Send a public command: ${publicCommands.join(', ')}`,
        tags: ['commands'],
        params: z.object({ name: z.string().min(1).max(100) }),
        headers: idempotencyHeaders,
        body: z.unknown().meta({ description: "The command's data." }),
        response: {
          200: written
            .extend(acceptedCommand.pick({ outcome: true, executionId: true }).shape)
            .meta({ id: 'CommandAnswer' }),
          ...problems(404, 409, 413, 415, 422),
        },
      },
    },
    async (request) => {
      const sent = await sendPublicCommand(deps, {
        name: request.params.name,
        input: request.body,
        org: request.caller.org,
        idempotencyKey: request.headers['idempotency-key'],
        metadata: (id) => metadataOf(request.caller, id),
      })
      return acceptedBy(sent)
    },
  )
}
