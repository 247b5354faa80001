// Who asks, for which org, and under which correlation: settled once per request, before anything else runs.
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { newCommandId } from '../../commands/new-id.ts'
import { activeTraceparent } from '../../commands/with-span.ts'
import type { Actor } from '../../schemas/actor.ts'
import type { CommandMetadata } from '../../schemas/commands.ts'
import { type CommandId, type CorrelationId, correlationId, type OrgId, orgId } from '../../schemas/ids.ts'
import { RequestRefused } from './problem.ts'

export interface RequestContext {
  readonly org: OrgId
  readonly actor: Actor
  readonly correlationId: CorrelationId
  readonly traceparent: string | undefined
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: RequestContext
    /** The code of the problem it was answered with. */
    refusal: string | undefined
  }
}

const traceparentPattern = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/

/** Never throws: even a refused request has a correlation id. */
export const correlationOf = (headers: IncomingHttpHeaders): Pick<RequestContext, 'correlationId' | 'traceparent'> => {
  const sent = single(headers['x-correlation-id'])
  const traceparent = single(headers['traceparent'])
  const trace = traceparent === undefined ? null : traceparentPattern.exec(traceparent)
  const usable = sent !== undefined && /^[\x21-\x7e]{1,200}$/.test(sent) ? sent : trace?.[1]
  return {
    correlationId: correlationId.parse(usable ?? randomUUID()),
    traceparent: trace === null ? undefined : traceparent,
  }
}

/** `trusted` is true when the caller holds the token: only then may it say who it acts for. */
export const callerOf = (headers: IncomingHttpHeaders, trusted: boolean): Pick<RequestContext, 'org' | 'actor'> => {
  const named = single(headers['casebook-org'])
  const org = orgId.safeParse(named ?? 'default')
  if (!org.success) {
    throw new RequestRefused('invalid_request', 'The header casebook-org names no org.', {
      errors: [{ path: 'casebook-org', message: 'must be 1–63 of a-z, 0-9 and "-"' }],
    })
  }
  const acting = single(headers['x-casebook-actor'])
  if (!trusted || acting === undefined) return { org: org.data, actor: { kind: 'user', id: 'local' } }
  const [, kind, id] = /^(?:(user|service):)?([\x21-\x7e]{1,200})$/.exec(acting) ?? []
  if (id === undefined) {
    throw new RequestRefused('invalid_request', 'The header x-casebook-actor is not valid.', {
      errors: [{ path: 'x-casebook-actor', message: 'must be <name>, user:<name> or service:<name>' }],
    })
  }
  return { org: org.data, actor: { kind: kind === 'service' ? 'service' : 'user', id } }
}

export const metadataOf = (caller: RequestContext, commandId: CommandId = newCommandId()): CommandMetadata => {
  const traceparent = activeTraceparent() ?? caller.traceparent
  return {
    org: caller.org,
    commandId,
    actor: caller.actor,
    at: new Date().toISOString(),
    correlationId: caller.correlationId,
    causationId: commandId,
    ...(traceparent !== undefined && { traceparent }),
  }
}

const single = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0]
