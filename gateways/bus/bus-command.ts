// A command as it comes on the bus, by request or queued: read, and sent on its way to the same decision as through any door.
import { newCommandId } from '../../commands/new-id.ts'
import { activeTraceparent } from '../../commands/with-span.ts'
import { correlationId, orgId } from '../../schemas/ids.ts'
import { isTooDeep, maxJsonDepth } from '../../schemas/json-depth.ts'
import { type PublicCommandDependencies, type SentCommand, sendPublicCommand } from '../public-command.ts'
import { withoutQuotation } from '../without-quotation.ts'
import type { BusRequest } from './bus-port.ts'

export type SentBusCommand =
  | SentCommand
  /** It cannot be read; nothing was decided. */
  | { readonly kind: 'unreadable'; readonly code: string; readonly message: string }

/** @throws what `sendPublicCommand` throws. */
export const sendBusCommand = async (
  deps: PublicCommandDependencies,
  request: BusRequest,
  /** The key its sender chose. */
  key: string | undefined,
  /** Stands in for a key that nobody chose. */
  fallbackKey?: string,
): Promise<SentBusCommand> => {
  const { headers } = request
  const org = orgId.safeParse(request.org)
  if (!org.success) return unreadable('invalid_request', `"${request.org}" is no org.`)
  let input: unknown
  try {
    input = JSON.parse(request.payload)
  } catch (error) {
    return unreadable('malformed_json', `It is not JSON: ${withoutQuotation(error)}`)
  }
  if (isTooDeep(input)) return unreadable('too_deep', `At most ${maxJsonDepth} levels are read.`)
  if (key !== undefined && !/^[\x21-\x7e]{1,200}$/.test(key)) {
    return unreadable('invalid_request', 'The idempotency key must be 1–200 printable characters without spaces.')
  }
  const correlation = correlationId.safeParse(headers['correlation-id'] ?? headers['x-correlation-id'])
  const traceparent = activeTraceparent() ?? headers['traceparent']
  return sendPublicCommand(deps, {
    name: request.name,
    input,
    org: org.data,
    idempotencyKey: key ?? fallbackKey,
    metadata: (commandId) => ({
      org: org.data,
      commandId,
      actor: { kind: 'service', id: 'bus' },
      at: new Date().toISOString(),
      correlationId: correlation.success ? correlation.data : correlationId.parse(newCommandId()),
      causationId: commandId,
      ...(traceparent !== undefined && { traceparent }),
    }),
  })
}

const unreadable = (code: string, message: string): SentBusCommand => ({ kind: 'unreadable', code, message })
