// How the org stands, at a glance.
import { z } from 'zod'
import { overviewFigures } from '../../../projections/queries/overview-queries.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { problems } from '../shapes.ts'

const overview = overviewFigures
  .extend({
    from: z.string(),
    now: z.string(),
    costToday: z.object({
      /** In UTC. */
      day: z.string(),
      usdMicros: z.int(),
      unpricedReplies: z.int(),
      /** Of the day, with what people added to it; null without such a budget. */
      limitUsdMicros: z.int().nullable(),
    }),
    /** Alerts that are taken and not decided yet. */
    intake: z.object({ waiting: z.int(), oldestAt: z.string().nullable() }),
  })
  .meta({ id: 'Overview' })

export const overviewRoutes = (app: App, { queries, dayLimit, intakeBacklog }: HttpDependencies): void => {
  app.get(
    '/v1/overview',
    {
      schema: {
        summary: 'What runs, waits and failed; alerts in, times to the first finding and to the end; cost of the day',
        tags: ['operations'],
        querystring: z.strictObject({
          hours: z.coerce.number().int().min(1).max(720).default(24).describe('How far back it looks.'),
        }),
        response: { 200: overview, ...problems() },
      },
    },
    async ({ query: { hours }, caller: { org } }) => {
      const at = new Date()
      const now = at.toISOString()
      const from = new Date(at.getTime() - hours * 3_600_000).toISOString()
      const day = now.slice(0, 10)
      const [figures, { total }, limitUsdMicros, intake] = await Promise.all([
        queries.overview({ org, from, now }),
        queries.costs({ org, from: day, to: day, by: 'day' }),
        dayLimit?.(org, day) ?? null,
        intakeBacklog?.(org) ?? { waiting: 0, oldestAt: null },
      ])
      const { priced, unpriced } = total
      const costToday = { day, usdMicros: priced.usdMicros, unpricedReplies: unpriced.replies, limitUsdMicros }
      return { ...figures, from, now, costToday, intake }
    },
  )
}
