// What calls to models cost: of one session, and of the org over days.
import { z } from 'zod'
import { costGrouping, costs, sessionCosts } from '../../../projections/cost-view.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { queriesFor } from '../queries-for.ts'
import { readAfter } from '../read-after.ts'
import { missingSession } from '../read-session.ts'
import { afterQuery, momentQuery, problems, sessionParams } from '../shapes.ts'

z.globalRegistry.add(sessionCosts, { id: 'SessionCosts' })
z.globalRegistry.add(costs, { id: 'Costs' })

/** PostgreSQL has no year 0. */
const day = z.iso
  .date()
  .refine((date) => date >= '0001', 'must be a day since the year 1')
  .optional()

const costsQuery = z.strictObject({
  from: day.describe('The first day, in UTC; today without it.'),
  to: day.describe('The last day; today without it.'),
  by: costGrouping.default('day'),
  split: costGrouping.optional().describe('A second name to sum by: each line then has its `split`.'),
  chain: z.string().max(200).optional(),
  agent: z.string().max(200).optional(),
  model: z.string().max(300).optional().describe('`<provider>/<model>`.'),
  ...momentQuery,
  ...afterQuery,
})

export const costRoutes = (app: App, deps: HttpDependencies): void => {
  app.get(
    '/v1/sessions/:id/costs',
    {
      schema: {
        summary: 'What it cost, by stage, agent, helper and model',
        tags: ['costs'],
        params: sessionParams,
        querystring: z.strictObject(afterQuery),
        response: { 200: sessionCosts, ...problems(404) },
      },
    },
    async (request) => {
      await readAfter(deps, 'costs', request, request.query.after)
      const { org } = request.caller
      const { id } = request.params
      const found = await deps.queries.sessionCosts(org, id)
      if (found.byModel.length === 0 && (await deps.bus.session(org, id)).status === 'absent') {
        throw await missingSession(deps.bus, org, id)
      }
      return found
    },
  )

  app.get(
    '/v1/costs',
    {
      schema: {
        summary: "What the org's sessions cost, over days",
        tags: ['costs'],
        querystring: costsQuery,
        response: { 200: costs, ...problems(404) },
      },
    },
    async (request) => {
      const today = new Date().toISOString().slice(0, 10)
      const { from = today, to = today, at, after, ...rest } = request.query
      const queries = await queriesFor(deps, 'costs', request, { at, after })
      return queries.costs({ ...rest, org: request.caller.org, from, to })
    },
  )
}
