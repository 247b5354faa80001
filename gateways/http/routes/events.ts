// The log of the org as it was written, searched.
import { z } from 'zod'
import { cloudEvent, streamCategory } from '../../../schemas/commit.ts'
import { sessionId } from '../../../schemas/ids.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { readAfter } from '../read-after.ts'
import { afterQuery, page, pageQuery, problems } from '../shapes.ts'

export const storedEvent = cloudEvent.extend({ logsequence: z.int() }).meta({ id: 'StoredEvent' })

/** Postgres has no year 0. */
const moment = z.iso
  .datetime()
  .refine((at) => at >= '0001', 'must be since the year 1')
  .optional()

const eventsQuery = z.strictObject({
  ...pageQuery,
  ...afterQuery,
  order: z.enum(['asc', 'desc']).default('desc').describe('`desc`: the latest commit first.'),
  type: z.string().min(1).max(500).optional().describe('A part of the name, such as `tool_call`; several with commas.'),
  category: streamCategory.optional(),
  actor: z.string().min(1).max(200).optional().describe('`<kind>:<id>` such as `user:jo`, or the kind alone.'),
  session: sessionId.optional(),
  inherited: z
    .stringbool({ truthy: ['true'], falsy: ['false'] })
    .optional()
    .describe('With a `session` that is a fork: also what it shares with its source, as it happened there.'),
  correlation: z.string().min(1).max(200).optional().describe('The correlation id, whole.'),
  from: moment.describe('Written then or later.'),
  to: moment.describe('Written before.'),
  since: z.coerce.number().int().nonnegative().optional().describe('Only commits after this log sequence.'),
})

export const eventRoutes = (app: App, deps: HttpDependencies): void => {
  app.get(
    '/v1/events',
    {
      schema: {
        summary: 'The raw events of the org, as CloudEvents, the latest first; `limit` counts commits',
        description:
          'A page by `correlation` looks into 20,000 commits: it may be short, or empty, and yet have a `next`.',
        tags: ['operations'],
        querystring: eventsQuery,
        response: { 200: page(storedEvent), ...problems() },
      },
    },
    async (request) => {
      const { after, type, ...filter } = request.query
      await readAfter(deps, 'audit', request, after)
      return deps.queries.searchEvents({ ...filter, org: request.caller.org, typeParts: partsOf(type) })
    },
  )
}

/** The name as it is stored serves as well: `casebook.session.started.v1`. */
const partsOf = (type: string | undefined): readonly string[] =>
  (type ?? '')
    .split(',')
    .map((part) => part.trim().replaceAll(/^casebook\.|\.v\d+$/g, ''))
    .filter((part) => part !== '')
