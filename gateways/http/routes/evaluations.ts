// Runs of evaluation cases: recorded in the session that was checked, and listed.
import { z } from 'zod'
import { evaluationView } from '../../../projections/evaluations.ts'
import { evaluationReport } from '../../../schemas/evaluation.ts'
import { sendPublicCommand } from '../../public-command.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { queriesFor } from '../queries-for.ts'
import { metadataOf } from '../request-context.ts'
import {
  afterQuery,
  idempotencyHeaders,
  momentQuery,
  page,
  pageQuery,
  problems,
  sessionParams,
  written,
} from '../shapes.ts'
import { writtenBy } from '../written.ts'

z.globalRegistry.add(evaluationView, { id: 'Evaluation' })

const listQuery = z.strictObject({
  ...pageQuery,
  ...momentQuery,
  ...afterQuery,
  case: z.string().max(200).optional(),
  tag: z.string().max(100).optional(),
  passed: z
    .stringbool({ truthy: ['true'], falsy: ['false'] })
    .optional()
    .describe('true or false.'),
})

export const evaluationRoutes = (app: App, deps: HttpDependencies): void => {
  const tags = ['evaluations']
  app.post(
    '/v1/sessions/:id/evaluations',
    {
      schema: {
        summary: 'Record how a session that has ended did as the run of an evaluation case',
        tags,
        params: sessionParams,
        headers: idempotencyHeaders,
        body: z.strictObject(evaluationReport.shape).meta({ id: 'RecordEvaluation' }),
        response: { 201: written, ...problems(404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const sent = await sendPublicCommand(deps, {
        name: 'RecordEvaluation',
        input: { ...request.body, sessionId: request.params.id },
        org: request.caller.org,
        idempotencyKey: request.headers['idempotency-key'],
        metadata: (id) => metadataOf(request.caller, id),
      })
      return reply.status(201).send(writtenBy(sent))
    },
  )
  app.get(
    '/v1/evaluations',
    {
      schema: {
        summary: 'Runs of evaluation cases, the latest first',
        tags,
        querystring: listQuery,
        response: { 200: page(evaluationView), ...problems(404) },
      },
    },
    async (request) => {
      const { at, after, ...filter } = request.query
      const queries = await queriesFor(deps, 'evaluations', request, { at, after })
      return queries.evaluations({ ...filter, org: request.caller.org })
    },
  )
}
