// What a supervisor, a load balancer and a metrics collector ask.
import { z } from 'zod'
import type { App } from '../app.ts'
import type { HealthReport, HttpDependencies } from '../dependencies.ts'
import { RequestRefused } from '../problem.ts'

const parts = z.record(z.string(), z.object({ ok: z.boolean(), detail: z.string().optional() }))
const health = z.object({ status: z.enum(['ok', 'degraded']), ready: z.boolean(), parts }).meta({ id: 'Health' })

export const healthRoutes = (app: App, deps: HttpDependencies): void => {
  app.get(
    '/health',
    {
      schema: {
        summary: 'Liveness: 200 as long as the process answers, with the state of its parts',
        tags: ['operations'],
        response: { 200: health },
      },
    },
    async () => toHealth(await deps.health()),
  )

  app.get(
    '/ready',
    {
      schema: {
        summary: 'Readiness: 503 until log, database and projections can be used',
        tags: ['operations'],
        response: { 200: health, 503: health },
      },
    },
    async (_request, reply) => {
      const answer = toHealth(await deps.health())
      if (!answer.ready) void reply.header('retry-after', '2')
      return reply.status(answer.ready ? 200 : 503).send(answer)
    },
  )

  app.get(
    '/metrics',
    { schema: { summary: 'Prometheus text', tags: ['operations'], response: { 200: z.string() } } },
    async (_request, reply) => {
      if (deps.metrics === undefined) throw new RequestRefused('not_found', 'Metrics are not collected here.')
      return reply
        .type('text/plain; version=0.0.4; charset=utf-8')
        .serializer(String)
        .send(await deps.metrics())
    },
  )
}

const toHealth = ({ ready, parts }: HealthReport) => ({
  status: ready ? ('ok' as const) : ('degraded' as const),
  ready,
  parts,
})
