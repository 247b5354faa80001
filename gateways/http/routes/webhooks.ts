// Webhooks of other systems, as they send them: never refused for load, only for what can never be read.
import { z } from 'zod'
import { isTooDeep, maxJsonDepth } from '../../../schemas/json-depth.ts'
import { jsonValue } from '../../../schemas/json-value.ts'
import { issuesOf } from '../../alerts/alert-draft.ts'
import { alertmanagerBody, normaliseAlertmanager } from '../../alerts/alertmanager.ts'
import { eventFromHeaders, looksLikeCloudEvent, normaliseCloudEvent } from '../../alerts/cloudevents.ts'
import { normalisePagerDuty, pagerDutyBody } from '../../alerts/pagerduty.ts'
import { type App, typed } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { ingestAlerts } from '../ingest-alerts.ts'
import { RequestRefused } from '../problem.ts'
import { fieldOf } from '../problem-of-error.ts'
import { problems } from '../shapes.ts'
import { ingestAnswer } from './alerts.ts'

const maxEvents = 1000

export const webhookRoutes = async (app: App, deps: HttpDependencies): Promise<void> => {
  app.post(
    '/v1/webhooks/alertmanager',
    {
      schema: {
        summary: 'Alertmanager webhook, version 4 body as sent',
        tags: ['webhooks'],
        body: z.looseObject({ alerts: z.array(z.unknown()) }),
        response: { 202: ingestAnswer, ...problems(413, 415) },
      },
      config: { documentedBody: alertmanagerBody },
    },
    async (request, reply) => {
      const parsed = alertmanagerBody.safeParse(request.body)
      if (!parsed.success) throw invalid(issuesOf(parsed.error.issues))
      const entries = normaliseAlertmanager(parsed.data, new Date().toISOString())
      return reply.status(202).send(await ingestAlerts(deps, request.caller, entries))
    },
  )
  app.post(
    '/v1/webhooks/pagerduty',
    {
      schema: {
        summary: 'PagerDuty webhook, version 3 body as sent',
        tags: ['webhooks'],
        body: z.looseObject({ event: z.looseObject({}) }),
        response: { 202: ingestAnswer, ...problems(413, 415) },
      },
      config: { documentedBody: pagerDutyBody },
    },
    async (request, reply) => {
      const parsed = pagerDutyBody.safeParse(request.body)
      if (!parsed.success) throw invalid(issuesOf(parsed.error.issues))
      const entries = normalisePagerDuty(parsed.data, new Date().toISOString())
      return reply.status(202).send(await ingestAlerts(deps, request.caller, entries))
    },
  )
  await app.register(async (instance) => cloudEventRoutes(typed(instance), deps))
}

const cloudEventRoutes = (app: App, deps: HttpDependencies): void => {
  // In binary mode the body is the event's data and may be of any type.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))

  app.post(
    '/v1/webhooks/cloudevents',
    {
      schema: {
        summary: 'CloudEvents 1.0: structured, binary or batch',
        tags: ['webhooks'],
        response: { 202: ingestAnswer, ...problems(413, 415) },
      },
    },
    async (request, reply) => {
      const text = typeof request.body === 'string' ? request.body : ''
      const receivedAt = new Date().toISOString()
      const events = eventsOf(request.headers, text)
      if (events.length > maxEvents) throw invalid([`(body): at most ${maxEvents} events at once`])
      const entries = events.flatMap((event) => normaliseCloudEvent(event, receivedAt))
      return reply.status(202).send(await ingestAlerts(deps, request.caller, entries))
    },
  )

  app.options(
    '/v1/webhooks/cloudevents',
    { schema: { summary: 'CloudEvents webhook validation', tags: ['webhooks'] } },
    async (request, reply) => {
      const origin = request.headers['webhook-request-origin']
      if (typeof origin === 'string' && /^[\x21-\x7e]{1,255}$/.test(origin)) {
        void reply.header('webhook-allowed-origin', origin)
        const rate = request.headers['webhook-request-rate']
        if (rate !== undefined) void reply.header('webhook-allowed-rate', '*')
      }
      return reply.header('allow', 'POST').status(200).send()
    },
  )
}

/** The mode is told by the content type, else by the `ce-` headers. */
const eventsOf = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
  text: string,
): readonly unknown[] => {
  const contentType = String(headers['content-type'] ?? '').toLowerCase()
  if (contentType.startsWith('application/cloudevents-batch')) {
    const batch = parsed(text)
    if (!Array.isArray(batch)) throw invalid(['(body): a batch is an array of events'])
    return batch
  }
  if (contentType.startsWith('application/cloudevents')) return [parsed(text)]
  if (headers['ce-specversion'] !== undefined) {
    const flat = Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ])
    return [eventFromHeaders(Object.fromEntries(flat), text)]
  }
  const body = parsed(text)
  if (looksLikeCloudEvent(body)) return [body]
  throw new RequestRefused(
    'unsupported_media_type',
    'Send application/cloudevents+json, application/cloudevents-batch+json, or ce- headers.',
  )
}

const parsed = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text)
    if (isTooDeep(value)) throw new RequestRefused('too_deep', `At most ${maxJsonDepth} levels are read.`)
    return jsonValue.parse(value)
  } catch (error) {
    if (error instanceof RequestRefused) throw error
    throw new RequestRefused('malformed_json', error instanceof SyntaxError ? error.message : 'The body is not JSON.')
  }
}

const invalid = (issues: readonly string[]): RequestRefused =>
  new RequestRefused('invalid_alert', issues.slice(0, 5).join('; '), { errors: issues.map(fieldOf) })
