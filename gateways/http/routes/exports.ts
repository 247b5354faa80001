// Sessions, alerts and tasks out and in again as lines of JSON, one CloudEvent each.
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { OrgId, SessionId } from '../../../schemas/ids.ts'
import { type App, typed } from '../app.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { RequestRefused } from '../problem.ts'
import { problems, sessionParams } from '../shapes.ts'

const jsonLines = 'application/x-ndjson'

const linesAnswer = {
  description: 'Lines of JSON.',
  content: { [jsonLines]: { schema: z.string() } },
}

const report = z
  .object({
    streams: z.int(),
    commits: z.int(),
    written: z.int().describe('Those that were not here yet.'),
    blobs: z.int(),
    erased: z.int().describe('Sessions that were erased here, and are left out.'),
  })
  .meta({ id: 'ImportReport' })

export const exportRoutes = async (app: App, deps: HttpDependencies): Promise<void> => {
  const { exports } = deps
  const send = async (reply: FastifyReply, scope: { readonly org: OrgId; readonly session: SessionId | null }) => {
    if (exports === undefined) throw new RequestRefused('not_found', 'This process exports nothing.')
    return reply.type(jsonLines).send(Readable.from(exports.exportLog(scope)))
  }
  app.get(
    '/v1/sessions/:id/export',
    {
      schema: {
        summary: 'A session as lines of JSON: its stored events, byte for byte, and the long texts they name',
        tags: ['sessions'],
        params: sessionParams,
        response: { 200: linesAnswer, ...problems(404) },
      },
      config: { unhurried: true },
    },
    async (request, reply) => {
      const { org } = request.caller
      const { id } = request.params
      if ((await deps.bus.session(org, id)).status === 'absent') {
        throw new RequestRefused('session_not_found', `No session ${id}.`)
      }
      return send(reply, { org, session: id })
    },
  )

  app.get(
    '/v1/export',
    {
      schema: {
        summary: 'All sessions, alerts and tasks of the org as lines of JSON, in log order',
        tags: ['operations'],
        response: { 200: linesAnswer, ...problems(404) },
      },
      config: { unhurried: true },
    },
    async (request, reply) => send(reply, { org: request.caller.org, session: null }),
  )

  await app.register(async (instance) => importRoute(typed(instance), deps))
}

const importRoute = (app: App, { exports }: HttpDependencies): void => {
  app.removeAllContentTypeParsers()
  // Of any length: it is read where it is handled.
  app.addContentTypeParser(jsonLines, (_request, _payload, done) => done(null))

  app.post(
    '/v1/import',
    {
      schema: {
        summary: 'Lines of an export become sessions, alerts and tasks of the org, as history',
        description:
          'All is checked first. What is here already is left out when it is identical, else all is refused.',
        tags: ['operations'],
        response: { 200: report, ...problems(404, 409, 415, 422) },
      },
      config: { unhurried: true },
    },
    async (request) => {
      if (exports === undefined) throw new RequestRefused('not_found', 'This process imports nothing.')
      const folder = await mkdtemp(join(tmpdir(), 'casebook-import-'))
      try {
        const file = join(folder, 'lines')
        await pipeline(request.raw, createWriteStream(file, { mode: 0o600 }))
        return await exports.importLog(request.caller.org, file)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  )
}
