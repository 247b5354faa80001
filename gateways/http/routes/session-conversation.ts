// Where a session's time went, and what its models were sent: both folded from its log when somebody asks.
import { z } from 'zod'
import { conversationOverview, conversationTurn } from '../../../projections/conversation.ts'
import * as shapes from '../../../projections/conversation-view.ts'
import { createWaterfall } from '../../../projections/waterfall.ts'
import { waterfall } from '../../../projections/waterfall-view.ts'
import { withShared } from '../../../schemas/commit.ts'
import { executionId } from '../../../schemas/ids.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { RequestRefused } from '../problem.ts'
import { commitsUntil, inRange, readSession, viewAt } from '../read-session.ts'
import { afterQuery, problems, sessionParams, versionQuery } from '../shapes.ts'

const turnParams = sessionParams.extend({ executionId, turn: z.coerce.number().int().min(1) })
const turnQuery = z.strictObject({
  ...afterQuery,
  attempt: z.coerce.number().int().min(1).optional().describe('Absent: the last one.'),
})

/** Read from the log's leader: `after` has nothing to wait for. */
export const sessionConversationRoutes = (app: App, deps: HttpDependencies): void => {
  app.get(
    '/v1/sessions/:id/waterfall',
    {
      schema: {
        summary: 'Where its time went: stages, agents, helpers, model and tool calls as bars',
        tags: ['sessions'],
        params: sessionParams,
        querystring: z.strictObject({ at: versionQuery, ...afterQuery }),
        response: { 200: waterfall, ...problems(404) },
      },
    },
    async (request) => {
      const { id } = request.params
      const { commits, last } = await readSession(deps, request.caller.org, id)
      const version = request.query.at ?? last.version
      inRange(commits, version)
      const fold = createWaterfall()
      for (const { events, at, sequence } of commitsUntil(commits, version)) {
        for (const event of events) fold.take(event, at, sequence)
      }
      return fold.read() ?? noSuch(id)
    },
  )

  app.get(
    '/v1/sessions/:id/conversation',
    {
      schema: {
        summary: 'Every agent and helper of the session, and the turns its model was asked for',
        tags: ['sessions'],
        params: sessionParams,
        querystring: z.strictObject(afterQuery),
        response: { 200: shapes.conversationOverview, ...problems(404) },
      },
    },
    async (request) => {
      const { id } = request.params
      const { commits, last } = await readSession(deps, request.caller.org, id)
      const view = viewAt(commits, last.version)
      return view === null ? noSuch(id) : conversationOverview(view, commits.flatMap(withShared))
    },
  )

  app.get(
    '/v1/sessions/:id/executions/:executionId/turns/:turn',
    {
      schema: {
        summary: 'One turn: the exact messages and tools the model was sent, and its answer',
        tags: ['sessions'],
        params: turnParams,
        querystring: turnQuery,
        response: { 200: shapes.conversationTurn, ...problems(404) },
      },
    },
    async (request) => {
      const { id, executionId, turn } = request.params
      const { commits } = await readSession(deps, request.caller.org, id)
      const found = conversationTurn(commits.flatMap(withShared), executionId, turn, request.query.attempt)
      if (found === null) throw new RequestRefused('turn_not_found', `${executionId} was not asked for turn ${turn}.`)
      return found
    },
  )
}

const noSuch = (id: string): never => {
  throw new RequestRefused('session_not_found', `No session ${id}.`)
}
