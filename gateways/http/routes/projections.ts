// The read models: where each stands, and how one is rebuilt, verified and mended.
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { asOf } from '../../../projections/as-of.ts'
import { checkpoint } from '../../../projections/checkpoints.ts'
import { build, buildSource, verification } from '../../../projections/generations.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { liveHandlers } from '../live-route.ts'
import { patiently } from '../patiently.ts'
import { eventStreamAnswer, problems, webSocketToo } from '../shapes.ts'
import type { StreamRegistry } from '../stream-registry.ts'

const status = checkpoint
  .extend({
    head: z.int(),
    lag: z.int(),
    rate: z.number().optional().describe('Log messages a second, lately; absent where it is not run.'),
    builds: z
      .array(build.extend({ head: z.int(), eta: z.int().nullable().describe('Seconds; null when it does not move.') }))
      .readonly()
      .describe('What is being filled beside what serves, or waits for its turn.'),
    asOf: z.array(asOf).readonly().describe('Of other times: kept for a while, or being filled.'),
    old: z.array(z.int()).readonly().describe('Generations that were replaced and not dropped yet.'),
    verification: verification.nullable().describe('The last one.'),
  })
  .meta({ id: 'Projection' })
const params = z.object({ name: z.string().min(1).max(100) })
const asked = z.object({ name: z.string(), generation: z.int() })

const moment = z
  .strictObject({
    sequence: z.int().min(1).optional().describe('As it was after this message of the log.'),
    time: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('As it was at this moment, by the times of the commits.'),
  })
  .refine(({ sequence, time }) => (sequence === undefined) !== (time === undefined), 'name a sequence or a time')
  .meta({ id: 'Moment' })

const progressMs = 500

export const projectionRoutes = (app: App, deps: HttpDependencies, streams: StreamRegistry): void => {
  const { projections } = deps
  app.get(
    '/v1/projections',
    {
      schema: {
        summary: 'State, position, head, lag and failure of each projection, and what is being built of it',
        tags: ['projections'],
        response: { 200: z.object({ items: z.array(status).readonly(), next: z.null() }), ...problems() },
      },
    },
    async () => ({ items: await projections.status(), next: null }),
  )

  app.route({
    method: 'GET',
    url: '/v1/projections/stream',
    schema: {
      summary: 'Server-sent events: each projection as it is, and again whenever it has changed, twice a second',
      description: webSocketToo,
      tags: ['projections', 'streams'],
      response: { 200: eventStreamAnswer, ...problems() },
    },
    ...liveHandlers(deps, streams, async (_: FastifyRequest) => async (stream) => {
      const sent = new Map<string, string>()
      while (!stream.ended.aborted) {
        for (const each of (await patiently(projections.status, stream.ended)) ?? []) {
          const text = JSON.stringify(each)
          if (sent.get(each.name) === text) continue
          sent.set(each.name, text)
          stream.send({ event: 'projection', data: each })
        }
        await delay(progressMs, undefined, { signal: stream.ended }).catch(() => undefined)
      }
    }),
  })

  app.post(
    '/v1/projections/:name/rebuild',
    {
      schema: {
        summary: 'Fill a new generation from the log beside the one that serves, and put it in its place',
        description:
          'Asked for again meanwhile it is the same one. It is done when `generation` is the one given here.',
        tags: ['projections'],
        params,
        querystring: z.object({
          from: buildSource
            .default('log')
            .describe('What is mirrored is read from the archive, and the rest from the log.'),
        }),
        response: { 202: asked.extend({ rebuilding: z.literal(true) }), ...problems(404, 409) },
      },
    },
    async ({ params: { name }, query: { from } }, reply) =>
      reply.status(202).send({ name, generation: await projections.rebuild(name, from), rebuilding: true }),
  )

  app.post(
    '/v1/projections/:name/verify',
    {
      schema: {
        summary: 'Fill a shadow from the log and compare every row with what serves',
        description: 'It is done when `verification.generation` is the one given here.',
        tags: ['projections'],
        params,
        response: { 202: asked.extend({ verifying: z.literal(true) }), ...problems(404, 409) },
      },
    },
    async ({ params: { name } }, reply) =>
      reply.status(202).send({ name, generation: await projections.verify(name), verifying: true }),
  )

  app.post(
    '/v1/projections/:name/as-of',
    {
      schema: {
        summary: 'Fill one beside the one that serves, as it was then; kept until it has not been read for a while',
        description: 'Lists answer from it by `?at=<sequence>` when it is `ready`. Asked for again it is the same one.',
        tags: ['projections'],
        params,
        body: moment,
        response: { 202: asOf.extend({ name: z.string() }), ...problems(404, 415, 422, 429) },
      },
    },
    async ({ params: { name }, body: { sequence, time } }, reply) => {
      const at = time === undefined ? { sequence: sequence ?? 0 } : { time: new Date(time).toISOString() }
      return reply.status(202).send({ name, ...(await projections.asOf(name, at)) })
    },
  )

  app.post(
    '/v1/projections/:name/drop-as-of',
    {
      schema: {
        summary: 'Drop those of other times',
        tags: ['projections'],
        params,
        response: { 200: z.object({ name: z.string(), dropped: z.array(z.int()).readonly() }), ...problems(404) },
      },
    },
    async ({ params: { name } }) => ({ name, dropped: await projections.dropAsOf(name) }),
  )

  app.post(
    '/v1/projections/:name/pause',
    {
      schema: {
        summary: 'Let what is being filled stand still until it is resumed',
        tags: ['projections'],
        params,
        response: {
          202: z.object({ name: z.string(), paused: z.boolean().describe('False when nothing was being filled.') }),
          ...problems(404),
        },
      },
    },
    async ({ params: { name } }, reply) => reply.status(202).send({ name, paused: await projections.pause(name) }),
  )

  app.post(
    '/v1/projections/:name/resume',
    {
      schema: {
        summary: 'Let a paused projection, and what is being filled of it, try again from where it stopped',
        tags: ['projections'],
        params,
        response: {
          202: z.object({ name: z.string(), resumed: z.boolean().describe('False when it was not paused.') }),
          ...problems(404),
        },
      },
    },
    async ({ params: { name } }, reply) => reply.status(202).send({ name, resumed: await projections.resume(name) }),
  )

  app.post(
    '/v1/projections/:name/cancel',
    {
      schema: {
        summary: 'Drop what is being filled; what serves goes on',
        tags: ['projections'],
        params,
        response: {
          200: z.object({ name: z.string(), cancelled: z.boolean().describe('False when nothing was being filled.') }),
          ...problems(404),
        },
      },
    },
    async ({ params: { name } }) => ({ name, cancelled: await projections.cancel(name) }),
  )

  app.post(
    '/v1/projections/:name/drop-old',
    {
      schema: {
        summary: 'Drop the generations that were replaced',
        tags: ['projections'],
        params,
        response: { 200: z.object({ name: z.string(), dropped: z.array(z.int()).readonly() }), ...problems(404) },
      },
    },
    async ({ params: { name } }) => ({ name, dropped: await projections.dropOld(name) }),
  )
}
