// What people are asked: listed, read, answered.

import { z } from 'zod'
import { beforeFirst } from '../../../commands/event-log.ts'
import { sessionOfInput } from '../../../domain/session/session-ids.ts'
import { changedInputs, type InputView, inputKind, inputStatus, inputView } from '../../../projections/inputs.ts'
import { type InputId, inputId, type OrgId, sessionId } from '../../../schemas/ids.ts'
import { inputAnswer } from '../../../schemas/session-inputs.ts'
import { sendPublicCommand } from '../../public-command.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { RequestRefused } from '../problem.ts'
import { queriesFor } from '../queries-for.ts'
import { readAfter } from '../read-after.ts'
import { sessionStream } from '../read-session.ts'
import { metadataOf } from '../request-context.ts'
import { afterQuery, anyOf, idempotencyHeaders, momentQuery, page, pageQuery, problems, written } from '../shapes.ts'
import { writtenBy } from '../written.ts'

z.globalRegistry.add(inputView, { id: 'Input' })

const inputParams = z.object({ id: inputId })

const listQuery = z.strictObject({
  ...pageQuery,
  ...momentQuery,
  ...afterQuery,
  status: anyOf(inputStatus),
  kind: anyOf(inputKind),
  session: sessionId.optional(),
})

export const inputRoutes = (app: App, deps: HttpDependencies): void => {
  app.get(
    '/v1/inputs',
    {
      schema: {
        summary: 'What people are and were asked, the latest first',
        tags: ['inputs'],
        querystring: listQuery,
        response: { 200: page(inputView), ...problems(404) },
      },
    },
    async (request) => {
      const { at, after, session, ...filter } = request.query
      const queries = await queriesFor(deps, 'inputs', request, { at, after })
      return queries.inputs({ ...filter, org: request.caller.org, sessionId: session })
    },
  )

  app.get(
    '/v1/inputs/:id',
    {
      schema: {
        summary: 'One question: what is asked, until when, and who answered what',
        tags: ['inputs'],
        params: inputParams,
        querystring: z.strictObject(afterQuery),
        response: { 200: inputView, ...problems(404) },
      },
    },
    async (request) => {
      await readAfter(deps, 'inputs', request, request.query.after)
      return findInput(deps, request.caller.org, request.params.id)
    },
  )

  app.post(
    '/v1/inputs/:id/answer',
    {
      schema: {
        summary: 'Answer it; the first answer counts, and a later one is told who was first',
        tags: ['inputs'],
        params: inputParams,
        headers: idempotencyHeaders,
        body: inputAnswer.meta({ id: 'InputAnswer' }),
        response: { 202: written, ...problems(404, 409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const asking = sessionOfInput(id)
      if (asking === null) throw noInput(id)
      const sent = await sendPublicCommand(deps, {
        name: 'AnswerInput',
        input: { sessionId: asking, inputId: id, answer: request.body },
        org: request.caller.org,
        idempotencyKey: request.headers['idempotency-key'],
        metadata: (chosen) => metadataOf(request.caller, chosen),
      })
      if (sent.kind === 'rejected' && sent.rejection.code === 'session_not_found') throw noInput(id)
      return reply.status(202).send(writtenBy(sent))
    },
  )
}

const noInput = (id: InputId): RequestRefused => new RequestRefused('input_not_found', `No input ${id}.`)

/** One that is on the log but not yet in the read model is folded from the log: "not found" would be a lie. */
const findInput = async ({ queries, eventLog }: HttpDependencies, org: OrgId, id: InputId): Promise<InputView> => {
  const found = await queries.input(org, id)
  if (found !== null) return found
  const asking = sessionOfInput(id)
  const commits = asking === null ? [] : await eventLog.read(sessionStream(org, asking), beforeFirst)
  const views = new Map<string, InputView>()
  for (const commit of commits) {
    for (const event of commit.events) {
      for (const view of changedInputs([...views.values()], event, commit)) views.set(view.id, view)
    }
  }
  const view = views.get(id)
  if (view === undefined) throw noInput(id)
  return view
}
