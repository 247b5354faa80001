// Going back and trying otherwise: forks of a session, its replay, and replays under other models and prompts.
import { z } from 'zod'
import { QueueFull } from '../../../commands/queue-errors.ts'
import { replaySession } from '../../../domain/replay/replay-session.ts'
import { sessionView } from '../../../projections/session-view.ts'
import type { CommandData } from '../../../schemas/commands.ts'
import type { Commit } from '../../../schemas/commit.ts'
import { forkChanges, forkKind } from '../../../schemas/fork.ts'
import { sendPublicCommand } from '../../public-command.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { readAfter } from '../read-after.ts'
import { readSession } from '../read-session.ts'
import { metadataOf, type RequestContext } from '../request-context.ts'
import { afterQuery, idempotencyHeaders, page, pageQuery, problems, sessionParams, written } from '../shapes.ts'
import { writtenBy } from '../written.ts'

const version = z.int().positive()
const title = z.string().trim().min(1).max(500).optional()

const forkBody = z
  .strictObject({
    at: version.describe('The version of the source that is shared: its number of events.'),
    title,
    changes: forkChanges.optional(),
  })
  .meta({ id: 'ForkSession' })
const replayBody = z
  .strictObject({
    at: version.optional().describe('Where it goes on from; the adoption of the plan when absent.'),
    title,
    changes: forkChanges.optional(),
  })
  .meta({ id: 'ReplaySession' })

const forkItem = z
  .object({
    id: z.string(),
    kind: forkKind,
    at: z.int(),
    title: z.string(),
    status: z.string(),
    outcome: sessionView.shape.outcome,
    startedAt: z.string(),
    changes: forkChanges,
    drift: sessionView.shape.fork.unwrap().unwrap().shape.drift,
  })
  .meta({ id: 'Fork' })

const stood = z.object({ type: z.string(), data: z.unknown() }).nullable()
const replayReport = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('same'), commits: z.int(), events: z.int() }),
    z.object({
      kind: z.literal('diverged'),
      version: z.int().describe('Of the first event that differs.'),
      sequence: z.int(),
      command: z.string().nullable().describe('That was decided again; null where none leads to such events.'),
      expected: stood,
      got: stood,
      reason: z.string(),
    }),
  ])
  .meta({ id: 'ReplayReport' })

export const sessionForkRoutes = (app: App, deps: HttpDependencies): void => {
  const fork = async (
    { caller, headers }: { readonly caller: RequestContext; readonly headers: z.infer<typeof idempotencyHeaders> },
    data: Omit<CommandData<'ForkSession'>, 'sessionId' | 'changes'> & { readonly changes: unknown },
  ) => {
    if (await deps.queue.isFull()) throw new QueueFull('As many sessions wait for a place as may.')
    return writtenBy(
      await sendPublicCommand(deps, {
        name: 'ForkSession',
        input: data,
        org: caller.org,
        idempotencyKey: headers['idempotency-key'],
        metadata: (id) => metadataOf(caller, id),
      }),
    )
  }

  app.post(
    '/v1/sessions/:id/fork',
    {
      schema: {
        summary: 'Start a session that shares the first events of this one and goes on with something changed',
        tags: ['sessions'],
        params: sessionParams,
        headers: idempotencyHeaders,
        body: forkBody,
        response: { 201: written, ...problems(404, 409, 413, 415, 422, 429) },
      },
    },
    async (request, reply) => {
      const { at, changes = {}, ...rest } = request.body
      const answer = await fork(request, { ...rest, kind: 'fork', from: { sessionId: request.params.id, at }, changes })
      return reply.status(201).header('location', `/v1/sessions/${answer.id}`).send(answer)
    },
  )

  app.get(
    '/v1/sessions/:id/forks',
    {
      schema: {
        summary: 'Sessions that share its history: forks and replays, the latest first',
        tags: ['sessions'],
        params: sessionParams,
        querystring: z.strictObject({ ...pageQuery, ...afterQuery }),
        response: { 200: page(forkItem), ...problems(404) },
      },
    },
    async (request) => {
      const { after, ...paging } = request.query
      await readAfter(deps, 'sessions', request, after)
      const { org } = request.caller
      const { id } = request.params
      // A 404 where it is none; of one that is known, its log need not be read.
      if ((await deps.queries.session(org, id)) === null) await readSession(deps, org, id)
      const { items, next } = await deps.queries.sessions({
        org,
        forkOf: id,
        kinds: forkKind.options,
        ...paging,
      })
      return {
        next,
        items: items.flatMap(({ fork: of, id: forkId, title: named, status, outcome, startedAt }) =>
          of === null
            ? []
            : [
                {
                  id: forkId,
                  title: named,
                  status,
                  outcome,
                  startedAt,
                  kind: of.kind,
                  at: of.at,
                  changes: of.changes,
                  drift: of.drift,
                },
              ],
        ),
      }
    },
  )

  app.post(
    '/v1/sessions/:id/replay',
    {
      schema: {
        summary: 'Decide it again on what models, tools and people said: the same events, or the first divergence',
        description: 'Appends nothing and asks nobody.',
        tags: ['sessions'],
        params: sessionParams,
        body: z.strictObject({}).nullish(),
        response: { 200: replayReport, ...problems(404) },
      },
    },
    async (request) => {
      const { commits } = await readSession(deps, request.caller.org, request.params.id)
      return replaySession(commits)
    },
  )

  app.post(
    '/v1/sessions/:id/replays',
    {
      schema: {
        summary: 'Run it once more under another model or prompt, its tools answered from what was recorded',
        tags: ['sessions'],
        params: sessionParams,
        headers: idempotencyHeaders,
        body: replayBody,
        response: { 201: written, ...problems(404, 409, 413, 415, 422, 429) },
      },
    },
    async (request, reply) => {
      const { at, changes = {}, ...rest } = request.body
      const sessionId = request.params.id
      const from = { sessionId, at: at ?? (await planVersion(deps, request.caller, sessionId)) }
      const answer = await fork(request, { ...rest, kind: 'replay', from, changes })
      return reply.status(201).header('location', `/v1/sessions/${answer.id}`).send(answer)
    },
  )
}

/** Of the event after which the first agent can start. */
const planVersion = async (
  deps: HttpDependencies,
  { org }: RequestContext,
  id: z.infer<typeof sessionParams>['id'],
): Promise<number> => {
  const { commits, last } = await readSession(deps, org, id)
  const events = commits.flatMap((commit: Commit) => commit.events)
  return (
    events.find(({ type }) => type === 'session.plan_adopted' || type === 'session.forked')?.version ?? last.version
  )
}
