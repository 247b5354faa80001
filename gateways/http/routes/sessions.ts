// Sessions: started, listed, read, cancelled.
import { z } from 'zod'
import { QueueFull } from '../../../commands/queue-errors.ts'
import { childView, listedSession, type SessionView, sessionView } from '../../../projections/session-view.ts'
import { type SessionId, sessionId } from '../../../schemas/ids.ts'
import { labels } from '../../../schemas/labels.ts'
import { overrides } from '../../../schemas/overrides.ts'
import { priority } from '../../../schemas/priority.ts'
import { childRelation } from '../../../schemas/session-origin.ts'
import { sendPublicCommand } from '../../public-command.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { RequestRefused } from '../problem.ts'
import { queriesFor } from '../queries-for.ts'
import { withPlaces } from '../queue-places.ts'
import { readAfter } from '../read-after.ts'
import { inRange, readSession, viewAt } from '../read-session.ts'
import { metadataOf, type RequestContext } from '../request-context.ts'
import { sessionFilterOf, sessionFilterQuery } from '../session-filter-query.ts'
import {
  afterQuery,
  idempotencyHeaders,
  momentQuery,
  page,
  pageQuery,
  problems,
  sessionParams,
  versionQuery,
  written,
} from '../shapes.ts'
import { writtenBy } from '../written.ts'

z.globalRegistry.add(sessionView, { id: 'Session' })
z.globalRegistry.add(listedSession, { id: 'ListedSession' })

const startBody = z
  .strictObject({
    title: z.string().trim().min(1).max(500),
    input: z
      .string()
      .max(2_000_000)
      .default('')
      .describe('What to look into, in words or as data; masked before it is kept.'),
    chain: z.string().min(1).max(100).optional(),
    agent: z.string().min(1).max(100).optional().describe('One agent instead of a chain.'),
    parent: z
      .strictObject({
        sessionId,
        why: z.string().trim().max(2000).default(''),
        relation: childRelation.default('follow_up'),
      })
      .optional()
      .describe('The session it is started from; a sub_task is cancelled with it.'),
    labels: labels.optional(),
    priority: priority.optional().describe('How urgent it is, where sessions wait for a place.'),
    overrides: overrides.optional(),
  })
  .meta({ id: 'StartSession' })

export const sessionRoutes = (app: App, deps: HttpDependencies): void => {
  app.post(
    '/v1/sessions',
    {
      schema: {
        summary: 'Start a session directly',
        tags: ['sessions'],
        headers: idempotencyHeaders,
        body: startBody,
        response: { 201: written, ...problems(404, 409, 413, 415, 422, 429) },
      },
    },
    async (request, reply) => {
      if (await deps.queue.isFull()) throw new QueueFull('As many sessions wait for a place as may.')
      const { input, parent, ...rest } = request.body
      const origin = parent && {
        kind: 'child',
        parentSessionId: parent.sessionId,
        relation: parent.relation,
        why: parent.why,
      }
      const sent = await sendPublicCommand(deps, {
        name: 'StartSession',
        input: { ...rest, ...(origin && { origin }), input: { text: input } },
        org: request.caller.org,
        idempotencyKey: request.headers['idempotency-key'],
        metadata: (id) => metadataOf(request.caller, id),
      })
      const answer = writtenBy(sent)
      return reply.status(201).header('location', `/v1/sessions/${answer.id}`).send(answer)
    },
  )

  app.get(
    '/v1/sessions',
    {
      schema: {
        summary: 'Sessions, the latest first',
        tags: ['sessions'],
        querystring: z.strictObject({ ...pageQuery, ...momentQuery, ...afterQuery, ...sessionFilterQuery }),
        response: { 200: page(listedSession), ...problems(404) },
      },
    },
    async (request) => {
      const { at, after, limit, cursor, ...filter } = request.query
      const queries = await queriesFor(deps, 'sessions', request, { at, after })
      const found = await queries.sessions({ ...sessionFilterOf(request.caller.org, filter), limit, cursor })
      // The places in the queue of that time are nowhere any more.
      return at === undefined ? { ...found, items: await withPlaces(deps.queue, found.items) } : found
    },
  )

  app.get(
    '/v1/sessions/:id',
    {
      schema: {
        summary: 'One session: stages, executions, summary, final analysis, usage',
        tags: ['sessions'],
        params: sessionParams,
        querystring: z.strictObject({ at: versionQuery, ...afterQuery }),
        response: { 200: sessionView, ...problems(404) },
      },
    },
    async (request) => {
      if (request.query.at !== undefined) return viewThen(deps, request.caller, request.params.id, request.query.at)
      await readAfter(deps, 'sessions', request, request.query.after)
      const view = await findSession(deps, request.caller, request.params.id)
      const [placed = view] = await withPlaces(deps.queue, [view])
      return placed
    },
  )

  app.get(
    '/v1/sessions/:id/children',
    {
      schema: {
        summary: 'Sessions that were started from it: who asked, why, and how far they are',
        tags: ['sessions'],
        params: sessionParams,
        querystring: z.strictObject({ ...pageQuery, ...afterQuery }),
        response: { 200: page(childView), ...problems(400, 404) },
      },
    },
    async (request) => {
      await readAfter(deps, 'sessions', request, request.query.after)
      const { limit, cursor } = request.query
      const { children } = await findSession(deps, request.caller, request.params.id)
      const from = cursor === undefined ? 0 : children.findIndex(({ id }) => id === cursor) + 1
      if (cursor !== undefined && from === 0) throw new RequestRefused('invalid_cursor', 'No page ended there.')
      const items = children.slice(from, from + limit)
      return { items, next: from + limit < children.length ? (items.at(-1)?.id ?? null) : null }
    },
  )

  app.post(
    '/v1/sessions/:id/cancel',
    {
      schema: {
        summary: 'Cancel a session; running model and tool calls are aborted',
        tags: ['sessions'],
        params: sessionParams,
        headers: idempotencyHeaders,
        body: z.strictObject({ reason: z.string().trim().max(2000).optional() }).nullish(),
        response: { 202: written, ...problems(404, 409, 415, 422) },
      },
    },
    async (request, reply) => {
      const sent = await sendPublicCommand(deps, {
        name: 'CancelSession',
        input: { sessionId: request.params.id, ...request.body },
        org: request.caller.org,
        idempotencyKey: request.headers['idempotency-key'],
        metadata: (id) => metadataOf(request.caller, id),
      })
      return reply.status(202).send(writtenBy(sent))
    },
  )
}

/** As it was shown then: the places in the queue of that time are nowhere any more. */
const viewThen = async (
  deps: HttpDependencies,
  { org }: RequestContext,
  id: SessionId,
  at: number,
): Promise<SessionView> => {
  const { commits } = await readSession(deps, org, id)
  inRange(commits, at)
  const view = viewAt(commits, at)
  if (view === null) throw new RequestRefused('session_not_found', `No session ${id}.`)
  return view
}

/** A session that is on the log but not yet in the read model is folded from the log: "not found" would be a lie. */
const findSession = async (deps: HttpDependencies, { org }: RequestContext, id: SessionId): Promise<SessionView> => {
  const found = await deps.queries.session(org, id)
  if (found !== null) return found
  const { commits, last } = await readSession(deps, org, id)
  const view = viewAt(commits, last.version)
  if (view === null) throw new RequestRefused('session_not_found', `No session ${id}.`)
  return view
}
