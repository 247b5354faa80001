// Request and answer shapes that several routes share.
import { z } from 'zod'
import { alertId, sessionId } from '../../schemas/ids.ts'
import { problem } from './problem.ts'

export const jsonProblem = 'application/problem+json'

/** `?after=<sequence>`: the answer reflects the log at least up to there. */
export const afterQuery = {
  after: z.coerce
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('Wait until the read model has reached this sequence.'),
}

/** `?at=<version>`: the session as it was then. */
export const versionQuery = z.coerce
  .number()
  .int()
  .min(1)
  .optional()
  .describe('As of this version of the session: its number of events.')

/** `?at=<sequence>`: the list as it was then. */
export const momentQuery = {
  at: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe('As it was after this message of the log; to be asked for before: `POST /v1/projections/:name/as-of`.'),
}

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(2000).optional().describe('`next` of the page before.'),
}

export const anyOf = <T extends string>(value: z.ZodType<T, string>) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(value))
    .optional()
    .describe('One or several, separated by commas.')

const labelPattern = /^([^=]{1,200})=(.{0,2000})$/s

export const labelsQuery = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => [value].flat())
  .pipe(z.array(z.string().regex(labelPattern, 'must be <name>=<value>')).max(20))
  .optional()
  .describe('`name=value`, repeatable; all must match.')

export const labelsOf = (pairs: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    pairs.flatMap((pair) => {
      const [, name, value] = labelPattern.exec(pair) ?? []
      return name === undefined || value === undefined ? [] : [[name, value]]
    }),
  )

/** A span of time: `from` counts, `to` does not. */
export const spanQuery = {
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
}

/** In UTC, as what is stored is. */
export const spanOf = ({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }) => ({
  ...(from !== undefined && { from: new Date(from).toISOString() }),
  ...(to !== undefined && { to: new Date(to).toISOString() }),
})

export const sessionParams = z.object({ id: sessionId })
export const alertParams = z.object({ id: alertId })

export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item).readonly(), next: z.string().nullable() })

/** Where a command left its stream. */
export const written = z
  .object({ id: z.string(), version: z.int(), sequence: z.int() })
  .meta({ id: 'Written', description: 'Read your own write with `?after=<sequence>`.' })

export const idempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1–200 printable characters without spaces')
    .optional()
    .describe('The same key with the same body gives the same answer; with another body 422.'),
})

/** The problem answers of a route, beside those every route can give. */
export const problems = (...statuses: readonly number[]) =>
  Object.fromEntries(
    [...new Set([400, 401, 403, ...statuses, 500, 503])].map((status) => [
      status,
      { description: 'Problem', content: { [jsonProblem]: { schema: problem } } },
    ]),
  )

export const webSocketToo =
  'Asked for an upgrade, the same comes over a WebSocket, each frame as one JSON message `{event, id?, data}`; `?after=` resumes.'

export const eventStreamAnswer = {
  description: 'Server-sent events.',
  content: { 'text/event-stream': { schema: z.string() } },
}
