// A public command about the session a path names, sent for whoever asked.
import type { z } from 'zod'
import type { PublicCommand } from '../../schemas/commands.ts'
import { sendPublicCommand } from '../public-command.ts'
import type { HttpDependencies } from './dependencies.ts'
import { metadataOf, type RequestContext } from './request-context.ts'
import type { idempotencyHeaders, sessionParams } from './shapes.ts'
import { writtenBy } from './written.ts'

interface Asked {
  readonly caller: RequestContext
  readonly params: z.infer<typeof sessionParams>
  readonly headers: z.infer<typeof idempotencyHeaders>
}

export const createSendToSession =
  (deps: HttpDependencies) =>
  async (name: PublicCommand, { caller, params, headers }: Asked, data: object) =>
    writtenBy(
      await sendPublicCommand(deps, {
        name,
        input: { sessionId: params.id, ...data },
        org: caller.org,
        idempotencyKey: headers['idempotency-key'],
        metadata: (id) => metadataOf(caller, id),
      }),
    )
