// What happened in a session: the readable timeline, tool calls, raw events, and the state at any version.
import { z } from 'zod'
import { plainSession } from '../../../domain/session/plain-session.ts'
import type { Page } from '../../../projections/queries/cursor.ts'
import { type PageRequest, pageOfTimeline, type TimelineItem } from '../../../projections/queries/history-queries.ts'
import { sessionView } from '../../../projections/session-view.ts'
import { timelineOf } from '../../../projections/timeline.ts'
import { isEventType } from '../../../schemas/events.ts'
import { type SessionId, toolCallId } from '../../../schemas/ids.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { RequestRefused } from '../problem.ts'
import { readAfter } from '../read-after.ts'
import { commitsBefore, inRange, missingSession, readSession, stateAt, viewAt } from '../read-session.ts'
import type { RequestContext } from '../request-context.ts'
import { afterQuery, anyOf, page, pageQuery, problems, sessionParams, versionQuery } from '../shapes.ts'
import { storedEvent } from './events.ts'

const timelineItem = z
  .object({
    sequence: z.int(),
    index: z.int(),
    at: z.string(),
    kind: z.string(),
    title: z.string(),
    text: z.string(),
    data: z.unknown(),
  })
  .meta({ id: 'TimelineItem' })

const toolCallItem = z
  .object({
    id: z.string(),
    executionId: z.string(),
    turn: z.int(),
    name: z.string(),
    server: z.string().nullable(),
    tool: z.string().nullable(),
    effect: z.string().nullable(),
    status: z.string(),
    arguments: z.unknown(),
    result: z.unknown(),
    attempts: z.int(),
    requestedAt: z.string(),
    begunAt: z.string().nullable(),
    settledAt: z.string().nullable(),
    durationMs: z.number().nullable(),
    late: z.boolean(),
  })
  .meta({ id: 'ToolCall' })

const pagedQuery = z.strictObject({ ...pageQuery, ...afterQuery })
const eventsQuery = pagedQuery.extend({
  at: z.coerce.number().int().min(1).optional().describe('Only events up to this version of the session.'),
  order: z.enum(['asc', 'desc']).default('asc').describe('`desc`: the latest commit first.'),
  type: anyOf(z.string().refine(isEventType, 'must be a type of event, such as session.plan_adopted')),
})

export const sessionHistoryRoutes = (app: App, deps: HttpDependencies): void => {
  app.get(
    '/v1/sessions/:id/timeline',
    {
      schema: {
        summary: 'The readable timeline',
        tags: ['sessions'],
        params: sessionParams,
        querystring: pagedQuery.extend({ at: versionQuery }),
        response: { 200: page(timelineItem), ...problems(404) },
      },
    },
    async (request) => {
      const { after, at, ...paging } = request.query
      if (at !== undefined) return timelineThen(deps, request.caller, request.params.id, at, paging)
      await readAfter(deps, 'timeline', request, after)
      const { org } = request.caller
      return ofSession(deps, request.caller, request.params.id, deps.queries.timeline(org, request.params.id, paging))
    },
  )

  app.get(
    '/v1/sessions/:id/tool-calls',
    {
      schema: {
        summary: 'Tool calls with their arguments and results',
        tags: ['sessions'],
        params: sessionParams,
        querystring: pagedQuery,
        response: { 200: page(toolCallItem), ...problems(404) },
      },
    },
    async (request) => {
      const { after, ...paging } = request.query
      await readAfter(deps, 'tool-calls', request, after)
      const { org } = request.caller
      return ofSession(deps, request.caller, request.params.id, deps.queries.toolCalls(org, request.params.id, paging))
    },
  )

  app.get(
    '/v1/sessions/:id/tool-calls/:callId',
    {
      schema: {
        summary: 'One tool call with its arguments and its result',
        tags: ['sessions'],
        params: sessionParams.extend({ callId: toolCallId }),
        querystring: z.strictObject(afterQuery),
        response: { 200: toolCallItem, ...problems(404) },
      },
    },
    async (request) => {
      await readAfter(deps, 'tool-calls', request, request.query.after)
      const { id, callId } = request.params
      const found = await deps.queries.toolCall(request.caller.org, id, callId)
      if (found === null) throw new RequestRefused('tool_call_not_found', `No tool call ${callId} in ${id}.`)
      return found
    },
  )

  app.get(
    '/v1/sessions/:id/events',
    {
      schema: {
        summary: 'The raw events, as CloudEvents; `limit` counts commits',
        tags: ['sessions'],
        params: sessionParams,
        querystring: eventsQuery,
        response: { 200: page(storedEvent), ...problems(404) },
      },
    },
    async (request) => {
      const { after, type: types, ...paging } = request.query
      await readAfter(deps, 'audit', request, after)
      const { org } = request.caller
      const { id } = request.params
      return ofSession(deps, request.caller, id, deps.queries.events(org, id, { ...paging, types }))
    },
  )

  app.get(
    '/v1/sessions/:id/state',
    {
      schema: {
        summary: 'The folded state, now or at any version',
        tags: ['sessions'],
        params: sessionParams,
        querystring: z.strictObject({ at: versionQuery, ...afterQuery }),
        response: {
          200: z.object({
            version: z.int(),
            sequence: z.int().describe('Of the commit that holds the version.'),
            hash: z.string().describe('Of that commit: SHA-256 over the hash before it and what it holds.'),
            session: sessionView.nullable(),
            state: z.looseObject({ status: z.string() }).describe('What decisions are made on.'),
          }),
          ...problems(404),
        },
      },
    },
    async (request) => {
      // Read from the log's leader: nothing to wait for.
      const { commits, last } = await readSession(deps, request.caller.org, request.params.id)
      const version = request.query.at ?? last.version
      const holding = inRange(commits, version)
      return {
        version,
        sequence: holding.sequence,
        hash: holding.hash,
        session: viewAt(commits, version),
        state: plainSession(stateAt(commits, version)),
      }
    },
  )
}

/** Folded from the log: the read model holds what has come since. */
const timelineThen = async (
  deps: HttpDependencies,
  { org }: RequestContext,
  id: SessionId,
  at: number,
  paging: PageRequest,
): Promise<Page<TimelineItem>> => {
  const { commits } = await readSession(deps, org, id)
  inRange(commits, at)
  return pageOfTimeline(timelineOf(commitsBefore(commits, at)), paging)
}

/** An empty page of no session is a 404. */
const ofSession = async <T extends { readonly items: readonly unknown[] }>(
  deps: HttpDependencies,
  { org }: RequestContext,
  id: SessionId,
  asked: Promise<T>,
): Promise<T> => {
  const answer = await asked
  if (answer.items.length === 0 && (await deps.bus.session(org, id)).status === 'absent') {
    throw await missingSession(deps.bus, org, id)
  }
  return answer
}
