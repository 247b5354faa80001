// Sessions, many at a time: how many there are of each kind, and an end to all that are like that.
import { z } from 'zod'
import { facets } from '../../../projections/queries/facets.ts'
import { sessionId } from '../../../schemas/ids.ts'
import { sendPublicCommand } from '../../public-command.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { RequestRefused } from '../problem.ts'
import { queriesFor } from '../queries-for.ts'
import { metadataOf } from '../request-context.ts'
import { sessionFilterOf, sessionFilterQuery } from '../session-filter-query.ts'
import { afterQuery, momentQuery, problems } from '../shapes.ts'

z.globalRegistry.add(facets, { id: 'Facets' })

/** Ended at once at most: each is a command of its own. */
const most = 1000
const atOnce = 8
const underWay = ['queued', 'running', 'summarizing'] as const

const cancelBody = z
  .strictObject({
    filter: z
      .strictObject(sessionFilterQuery)
      .describe('As the query of the list; of these, those that have not ended.'),
    count: z
      .int()
      .nonnegative()
      .max(most)
      .describe('How many sessions you mean to end: as many as there are, or nothing is done.'),
    reason: z.string().trim().max(2000).optional(),
  })
  .meta({ id: 'CancelSessions' })

const cancelled = z.object({
  cancelled: z.int(),
  /** Ended by themselves in the meantime. */
  over: z.int(),
  refused: z.array(z.object({ id: z.string(), code: z.string(), message: z.string() })).readonly(),
  /** Read your own write with `?after=<sequence>`. */
  sequence: z.int(),
})

export const sessionListRoutes = (app: App, deps: HttpDependencies): void => {
  app.get(
    '/v1/sessions/facets',
    {
      schema: {
        summary: 'How many sessions there are of each status, kind, chain, severity, outcome and label',
        description: 'Each facet is counted as if it had no filter of its own; `total` by all filters.',
        tags: ['sessions'],
        querystring: z.strictObject({ ...momentQuery, ...afterQuery, ...sessionFilterQuery }),
        response: { 200: facets, ...problems(404) },
      },
    },
    async (request) => {
      const { at, after, ...filter } = request.query
      const queries = await queriesFor(deps, 'sessions', request, { at, after })
      return queries.sessionFacets(sessionFilterOf(request.caller.org, filter))
    },
  )

  app.post(
    '/v1/sessions/cancel',
    {
      schema: {
        summary: 'Cancel all sessions that are like that, asked with their number',
        tags: ['sessions'],
        body: cancelBody,
        response: { 200: cancelled, ...problems(409, 415, 422) },
      },
    },
    async (request) => {
      const { filter, count, reason } = request.body
      const asked = sessionFilterOf(request.caller.org, filter)
      const status = underWay.filter((each) => asked.status === undefined || asked.status.includes(each))
      const found = status.length === 0 ? [] : await deps.queries.sessionIds({ ...asked, status }, most + 1)
      if (found.length !== count) {
        const now = found.length > most ? `More than ${most}` : found.length
        throw new RequestRefused(
          'count_changed',
          `${now} sessions under way are like that, not ${count}. Nothing was cancelled; look again.`,
        )
      }
      const left = found.map((id) => sessionId.parse(id))
      const refused: z.infer<typeof cancelled>['refused'][number][] = []
      const ended: number[] = []
      let over = 0
      const work = async (): Promise<void> => {
        for (let id = left.pop(); id !== undefined; id = left.pop()) {
          const sent = await sendPublicCommand(deps, {
            name: 'CancelSession',
            input: { sessionId: id, ...(reason !== undefined && { reason }) },
            org: request.caller.org,
            metadata: (commandId) => metadataOf(request.caller, commandId),
          })
          if (sent.kind === 'rejected' && sent.rejection.code !== 'session_ended')
            refused.push({ id, ...sent.rejection })
          else if (sent.kind === 'rejected' || sent.answer.outcome === 'unchanged') over += 1
          else ended.push(sent.answer.sequence)
        }
      }
      await Promise.all(Array.from({ length: atOnce }, work))
      return { cancelled: ended.length, over, refused, sequence: Math.max(0, ...ended) }
    },
  )
}
