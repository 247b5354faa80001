// Tasks: scheduled, listed, read, cancelled, run again.

import { z } from 'zod'
import { beforeFirst } from '../../../commands/event-log.ts'
import { evolveTaskView, type TaskView, taskStatus, taskView } from '../../../projections/task-view.ts'
import type { PublicCommand } from '../../../schemas/commands.ts'
import { taskId } from '../../../schemas/ids.ts'
import { taskCommandData } from '../../../schemas/task-commands.ts'
import { type PublicCommandRequest, sendPublicCommand } from '../../public-command.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { RequestRefused } from '../problem.ts'
import { queriesFor } from '../queries-for.ts'
import { readAfter } from '../read-after.ts'
import { metadataOf, type RequestContext } from '../request-context.ts'
import {
  afterQuery,
  idempotencyHeaders,
  labelsOf,
  labelsQuery,
  momentQuery,
  page,
  pageQuery,
  problems,
  written,
} from '../shapes.ts'
import { writtenBy } from '../written.ts'

z.globalRegistry.add(taskView, { id: 'Task' })

const taskParams = z.object({ id: taskId })

const scheduleBody = taskCommandData.ScheduleTask.omit({ taskId: true, input: true })
  .partial({ labels: true })
  .extend({
    input: z
      .string()
      .max(2_000_000)
      .default('')
      .describe('What to look into, in words or as data; masked before it is kept.'),
    at: taskCommandData.ScheduleTask.shape.at.describe('When it is due; without it, or when it has passed: at once.'),
  })
  .meta({ id: 'ScheduleTask' })

const listQuery = z.strictObject({
  ...pageQuery,
  ...momentQuery,
  ...afterQuery,
  status: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(taskStatus))
    .optional()
    .describe('One or several, separated by commas.'),
  label: labelsQuery,
})

interface Asked {
  readonly caller: RequestContext
  readonly headers: z.infer<typeof idempotencyHeaders>
}

export const taskRoutes = (app: App, deps: HttpDependencies): void => {
  const send = async (name: PublicCommand, { caller, headers }: Asked, input: object) => {
    const request: PublicCommandRequest = {
      name,
      input,
      org: caller.org,
      idempotencyKey: headers['idempotency-key'],
      metadata: (id) => metadataOf(caller, id),
    }
    return writtenBy(await sendPublicCommand(deps, request))
  }
  const tags = ['tasks']

  app.post(
    '/v1/tasks',
    {
      schema: {
        summary: 'Schedule a task: a session at a moment, at once, or again and again',
        tags,
        headers: idempotencyHeaders,
        body: scheduleBody,
        response: { 201: written, ...problems(409, 413, 415, 422) },
      },
    },
    async (request, reply) => {
      const { input, ...rest } = request.body
      const answer = await send('ScheduleTask', request, { ...rest, input: { text: input } })
      return reply.status(201).header('location', `/v1/tasks/${answer.id}`).send(answer)
    },
  )

  app.get(
    '/v1/tasks',
    {
      schema: {
        summary: 'Tasks, the latest first',
        tags,
        querystring: listQuery,
        response: { 200: page(taskView), ...problems(404) },
      },
    },
    async (request) => {
      const { at, after, label, ...filter } = request.query
      const queries = await queriesFor(deps, 'tasks', request, { at, after })
      const labels = label === undefined ? undefined : labelsOf(label)
      return queries.tasks({ ...filter, org: request.caller.org, labels })
    },
  )

  app.get(
    '/v1/tasks/:id',
    {
      schema: {
        summary: 'One task: when it is due, its latest runs and their sessions',
        tags,
        params: taskParams,
        querystring: z.strictObject(afterQuery),
        response: { 200: taskView, ...problems(404) },
      },
    },
    async (request) => {
      await readAfter(deps, 'tasks', request, request.query.after)
      return findTask(deps, request.caller, request.params.id)
    },
  )

  app.post(
    '/v1/tasks/:id/cancel',
    {
      schema: {
        summary: 'Cancel what is ahead; a session under way goes on',
        tags,
        params: taskParams,
        headers: idempotencyHeaders,
        body: z.strictObject({ reason: z.string().trim().max(2000).optional() }).nullish(),
        response: { 202: written, ...problems(404, 409, 415, 422) },
      },
    },
    async (request, reply) =>
      reply.status(202).send(await send('CancelTask', request, { taskId: request.params.id, ...request.body })),
  )

  app.post(
    '/v1/tasks/:id/rerun',
    {
      schema: {
        summary: 'Run it once more, at once',
        tags,
        params: taskParams,
        headers: idempotencyHeaders,
        body: z.strictObject({}).nullish(),
        response: { 202: written, ...problems(404, 415, 422) },
      },
    },
    async (request, reply) => reply.status(202).send(await send('RerunTask', request, { taskId: request.params.id })),
  )
}

/** One that is on the log but not yet in the read model is folded from the log: "not found" would be a lie. */
const findTask = async (
  { queries, eventLog }: HttpDependencies,
  { org }: RequestContext,
  id: z.infer<typeof taskId>,
): Promise<TaskView> => {
  const found = await queries.task(org, id)
  if (found !== null) return found
  const commits = await eventLog.read({ org, category: 'task', id }, beforeFirst)
  const view = commits.reduce<TaskView | null>(
    (before, commit) => commit.events.reduce((each, event) => evolveTaskView(each, event, commit), before),
    null,
  )
  if (view === null) throw new RequestRefused('task_not_found', `No task ${id}.`)
  return view
}
