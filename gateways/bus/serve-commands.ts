// Commands by request/reply on the bus: any public command by its name, answered with its outcome or a problem.
import { z } from 'zod'
import { InvalidCommand } from '../../commands/command-errors.ts'
import { withSpan } from '../../commands/with-span.ts'
import type { Log } from '../../handlers/ports/log.ts'
import { createSlots } from '../../handlers/slots.ts'
import { CasebookError } from '../../schemas/casebook-error.ts'
import type { PublicCommandDependencies } from '../public-command.ts'
import { sendBusCommand } from './bus-command.ts'
import type { BusPort, BusRequest } from './bus-port.ts'

export interface BusDependencies extends PublicCommandDependencies {
  readonly port: BusPort
  readonly log: Log
}

export const busReply = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    id: z.string(),
    outcome: z.enum(['accepted', 'unchanged']),
    version: z.int(),
    sequence: z.int(),
  }),
  z.object({
    ok: z.literal(false),
    /** RFC 9457 without the HTTP parts. */
    problem: z.object({
      type: z.string(),
      code: z.string(),
      detail: z.string(),
      retryable: z.boolean(),
      errors: z.array(z.string()).optional(),
    }),
  }),
])
export type BusReply = z.infer<typeof busReply>

/** Commands decided at once; the others wait their turn in the server. */
const concurrency = 64

/** @returns the way to stop. */
export const serveCommands = (deps: BusDependencies): (() => Promise<void>) => {
  const slots = createSlots(concurrency)
  return deps.port.serveRequests(async (request) => {
    const release = await slots.take()
    try {
      const { traceparent } = request.headers
      const attributes = { 'casebook.command': request.name, 'casebook.org': request.org }
      return JSON.stringify(
        await withSpan('bus request', { kind: 'SERVER', attributes, traceparent }, () => answer(deps, request)),
      )
    } catch (error) {
      return JSON.stringify(problemReply(deps.log, request, error))
    } finally {
      release()
    }
  })
}

const answer = async (deps: BusDependencies, request: BusRequest): Promise<BusReply> => {
  const sent = await sendBusCommand(deps, request, request.headers['idempotency-key'])
  switch (sent.kind) {
    case 'accepted':
      return { ok: true, ...sent.answer }
    case 'rejected':
      return problem(sent.rejection.code, sent.rejection.message)
    case 'unreadable':
      return problem(sent.code, sent.message)
    default:
      return sent satisfies never
  }
}

const problem = (
  code: string,
  detail: string,
  extra: { readonly retryable?: boolean; readonly errors?: readonly string[] } = {},
): BusReply => ({
  ok: false,
  problem: {
    type: `urn:casebook:problem:${code}`,
    code,
    detail,
    retryable: extra.retryable ?? false,
    ...(extra.errors !== undefined && { errors: [...extra.errors] }),
  },
})

const problemReply = (log: Log, request: BusRequest, error: unknown): BusReply => {
  if (error instanceof InvalidCommand) return problem(error.code, error.message, { errors: error.issues })
  if (error instanceof CasebookError) return problem(error.code, error.message, { retryable: error.retryable })
  log.error({ err: error, command: request.name }, 'A bus request failed unexpectedly.')
  return problem('unexpected', 'The cause is in the log.')
}
