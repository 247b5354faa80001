// Alerts in Casebook's own format, and what became of them.
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { bodyHash } from '../../../commands/body-hash.ts'
import { IdempotencyConflict } from '../../../commands/command-errors.ts'
import { type AlertView, alertView } from '../../../projections/alerts.ts'
import { facets } from '../../../projections/queries/facets.ts'
import type { AlertId, OrgId } from '../../../schemas/ids.ts'
import { genericAlert, normaliseGeneric } from '../../alerts/generic-alert.ts'
import { alertFilterOf, alertFilterQuery } from '../alert-filter-query.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { ingestAlerts } from '../ingest-alerts.ts'
import { RequestRefused } from '../problem.ts'
import { queriesFor } from '../queries-for.ts'
import { defaultWaitMs, readAfter } from '../read-after.ts'
import { afterQuery, alertParams, idempotencyHeaders, momentQuery, page, pageQuery, problems } from '../shapes.ts'

export const ingestAnswer = z
  .object({
    accepted: z.int(),
    duplicates: z.int(),
    results: z
      .array(
        z.object({
          index: z.int(),
          status: z.enum(['accepted', 'duplicate', 'invalid']),
          alertId: z.string().optional(),
          sessionId: z
            .string()
            .optional()
            .describe('Of the episode under way; a new one is told by GET /v1/alerts/:id.'),
          error: z.string().optional(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'IngestAnswer' })

const maxAlerts = 1000

/** Each alert is checked by itself, so that a bad one does not take the others with it. */
const oneOrMany = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown()).min(1).max(maxAlerts)], {
  error: `must be one alert or an array of 1 to ${maxAlerts}`,
})

export const alertRoutes = (app: App, deps: HttpDependencies): void => {
  app.post(
    '/v1/alerts',
    {
      schema: {
        summary: 'Send one alert or an array; durable before the answer',
        tags: ['alerts'],
        headers: idempotencyHeaders,
        body: oneOrMany,
        response: { 202: ingestAnswer, ...problems(413, 415, 422) },
      },
      config: { documentedBody: z.union([genericAlert, z.array(genericAlert).max(maxAlerts)]) },
    },
    async (request, reply) => {
      const receivedAt = new Date().toISOString()
      const key = await occurrencePrefix(deps, request.caller.org, request.headers['idempotency-key'], request.body)
      const entries: readonly unknown[] = Array.isArray(request.body) ? request.body : [request.body]
      const drafts = entries.map((each, index) => normaliseGeneric(each, { key: `${key}:${index}`, receivedAt }))
      return reply.status(202).send(await ingestAlerts(deps, request.caller, drafts))
    },
  )

  app.get(
    '/v1/alerts',
    {
      schema: {
        summary: 'Alerts, the latest first',
        tags: ['alerts'],
        querystring: z.strictObject({ ...pageQuery, ...momentQuery, ...afterQuery, ...alertFilterQuery }),
        response: { 200: page(alertView), ...problems(404) },
      },
    },
    async (request) => {
      const { at, after, limit, cursor, ...filter } = request.query
      const queries = await queriesFor(deps, 'alerts', request, { at, after })
      return queries.alerts({ ...alertFilterOf(request.caller.org, filter), limit, cursor })
    },
  )

  app.get(
    '/v1/alerts/facets',
    {
      schema: {
        summary: 'How many alerts there are of each status, severity, source and label',
        description: 'Each facet is counted as if it had no filter of its own; `total` by all filters.',
        tags: ['alerts'],
        querystring: z.strictObject({ ...momentQuery, ...afterQuery, ...alertFilterQuery }),
        response: { 200: facets, ...problems(404) },
      },
    },
    async (request) => {
      const { at, after, ...filter } = request.query
      const queries = await queriesFor(deps, 'alerts', request, { at, after })
      return queries.alertFacets(alertFilterOf(request.caller.org, filter))
    },
  )

  app.get(
    '/v1/alerts/:id',
    {
      schema: {
        summary: 'One alert and the session that looks into it',
        tags: ['alerts'],
        params: alertParams,
        querystring: z.strictObject(afterQuery),
        response: { 200: alertView, ...problems(404) },
      },
    },
    async (request) => {
      await readAfter(deps, 'alerts', request, request.query.after)
      return findAlert(deps, request.caller.org, request.params.id)
    },
  )
}

/** With a key, a repeat names the same occurrences for as long as the key is remembered; without one each request is new. */
const occurrencePrefix = async (
  { requestKeys }: HttpDependencies,
  org: OrgId,
  key: string | undefined,
  body: unknown,
): Promise<string> => {
  if (key === undefined) return `generic:${randomUUID()}`
  const reserved = await requestKeys.reserve({
    org,
    key: `alerts:${key}`,
    bodyHash: bodyHash('alerts', body),
    mint: () => randomUUID(),
  })
  if (reserved.kind === 'body_differs') throw new IdempotencyConflict(key)
  return `generic:${reserved.id}`
}

/** An alert the log knows and the read model does not is waited for: "not found" would be a lie. */
const findAlert = async ({ queries, bus, options }: HttpDependencies, org: OrgId, id: AlertId): Promise<AlertView> => {
  const deadline = performance.now() + (options.waitMs ?? defaultWaitMs)
  for (;;) {
    const found = await queries.alert(org, id)
    if (found !== null) return found
    if ((await bus.alert(org, id)).status === 'absent') throw new RequestRefused('alert_not_found', `No alert ${id}.`)
    if (performance.now() > deadline) {
      throw new RequestRefused(
        'projection_behind',
        `Alert ${id} is on the log and not yet in the read model. Ask again.`,
      )
    }
    await delay(25)
  }
}
