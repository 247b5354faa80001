// Messages that were parked: looked at, given back to the handler they came from, or left for good.
import { z } from 'zod'
import { DeadLetterNotFound } from '../../../handlers/ports/dead-letters.ts'
import { deadLetterStatus, deadLetterView } from '../../../schemas/dead-letter.ts'
import type { App } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { RequestRefused } from '../problem.ts'
import type { RequestContext } from '../request-context.ts'
import { pageQuery, problems } from '../shapes.ts'

z.globalRegistry.add(deadLetterView, { id: 'DeadLetter' })

const params = z.object({ id: z.string().max(100) })

const listQuery = z.strictObject({
  ...pageQuery,
  status: z.union([deadLetterStatus, z.literal('all')]).default('open'),
  consumer: z.string().max(100).optional().describe('The handler that parked it.'),
  code: z.string().max(100).optional().describe('Of the error.'),
})

export const deadLetterRoutes = (
  app: App,
  { deadLetters, sealPersonal }: Pick<HttpDependencies, 'deadLetters' | 'sealPersonal'>,
): void => {
  const tags = ['operations']

  /** Who decides of a letter and why, as it is kept with it. */
  const decider = async ({ org, actor }: RequestContext, id: string, reason = '') => {
    const sealed = (text: string, what: string): Promise<string> =>
      sealPersonal === undefined || text === ''
        ? Promise.resolve(text)
        : sealPersonal(org, actor, text, `${id}.${what}`)
    return { by: { ...actor, id: await sealed(actor.id, 'by') }, reason: await sealed(reason, 'reason') }
  }

  app.get(
    '/v1/dead-letters',
    {
      schema: {
        summary: 'Messages that were parked, the newest first, with the reason',
        description: '`count` is of all that are open, whatever the filter.',
        tags,
        querystring: listQuery,
        response: {
          200: z.object({ count: z.int(), items: z.array(deadLetterView).readonly(), next: z.string().nullable() }),
          ...problems(),
        },
      },
    },
    async ({ query: { limit, cursor, ...filter } }) => {
      const below = cursor === undefined ? undefined : positionOf(cursor)
      const [count, items] = await Promise.all([deadLetters.count(), deadLetters.list(limit, { ...filter, below })])
      return { count, items, next: items.length === limit ? String(items.at(-1)?.position) : null }
    },
  )

  app.get(
    '/v1/dead-letters/:id',
    {
      schema: {
        summary: 'One parked message with its whole payload, and what was decided of it',
        tags,
        params,
        response: { 200: deadLetterView, ...problems(404) },
      },
    },
    async ({ params: { id } }) => {
      const letter = await deadLetters.find(id)
      if (letter === null) throw new DeadLetterNotFound(id)
      return letter
    },
  )

  app.post(
    '/v1/dead-letters/:id/retry',
    {
      schema: {
        summary:
          'Give the message back to the handler it was parked by, to that one alone; the same again changes nothing',
        tags,
        params,
        body: z.strictObject({}).nullish(),
        response: { 202: deadLetterView, ...problems(404, 409, 415) },
      },
    },
    async ({ params: { id }, caller }, reply) => {
      const { by } = await decider(caller, id)
      return reply.status(202).send(await deadLetters.retry(id, by))
    },
  )

  app.post(
    '/v1/dead-letters/:id/drop',
    {
      schema: {
        summary: 'Leave it for good; who did so and why is kept',
        tags,
        params,
        body: z.strictObject({ reason: z.string().trim().min(1).max(2000) }),
        response: { 200: deadLetterView, ...problems(404, 409, 415) },
      },
    },
    async ({ params: { id }, body, caller }) => {
      const { by, reason } = await decider(caller, id, body.reason)
      return deadLetters.drop(id, by, reason)
    },
  )
}

const positionOf = (cursor: string): number => {
  if (!/^[1-9]\d{0,15}$/.test(cursor)) throw new RequestRefused('invalid_cursor', 'Start again without the cursor.')
  return Number(cursor)
}
