// The HTTP door: fastify with every route, one way to say no, and nothing of an inner failure in an answer.
import helmet from '@fastify/helmet'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { validatorCompiler } from 'fastify-type-provider-zod'
import { withSpan } from '../../commands/with-span.ts'
import { isTooDeep, maxJsonDepth } from '../../schemas/json-depth.ts'
import { noteMethods } from './allowed-methods.ts'
import { typed } from './app.ts'
import { createAuthentication, isLoopback, UnsafeListen } from './authentication.ts'
import { CannotListen } from './cannot-listen.ts'
import { createConnectionCloser } from './close-connections.ts'
import { registerDashboard } from './dashboard.ts'
import type { HttpDependencies, HttpServer } from './dependencies.ts'
import { defaultAnswerMs, inTime } from './in-time.ts'
import { createLiveFanOut } from './live-fan-out.ts'
import { nameInLog } from './name-in-log.ts'
import { registerOpenApi } from './open-api.ts'
import { factsOf, type ProblemFacts, problemOf, RequestRefused } from './problem.ts'
import { factsOfError } from './problem-of-error.ts'
import { callerOf, correlationOf } from './request-context.ts'
import { alertRoutes } from './routes/alerts.ts'
import { auditRoutes } from './routes/audit.ts'
import { backupRoutes } from './routes/backup.ts'
import { commandRoutes } from './routes/commands.ts'
import { configurationRoutes } from './routes/configuration.ts'
import { consumerRoutes } from './routes/consumers.ts'
import { costRoutes } from './routes/costs.ts'
import { deadLetterRoutes } from './routes/dead-letters.ts'
import { evaluationRoutes } from './routes/evaluations.ts'
import { eventRoutes } from './routes/events.ts'
import { exportRoutes } from './routes/exports.ts'
import { healthRoutes } from './routes/health.ts'
import { inputRoutes } from './routes/inputs.ts'
import { orgRoutes } from './routes/orgs.ts'
import { overviewRoutes } from './routes/overview.ts'
import { peopleRoutes } from './routes/people.ts'
import { projectionRoutes } from './routes/projections.ts'
import { retentionRoutes } from './routes/retention.ts'
import { sessionBlobRoutes } from './routes/session-blobs.ts'
import { sessionChatRoutes } from './routes/session-chat.ts'
import { sessionControlRoutes } from './routes/session-control.ts'
import { sessionConversationRoutes } from './routes/session-conversation.ts'
import { sessionErasureRoutes } from './routes/session-erasure.ts'
import { sessionForkRoutes } from './routes/session-forks.ts'
import { sessionHistoryRoutes } from './routes/session-history.ts'
import { sessionListRoutes } from './routes/session-lists.ts'
import { sessionStreamRoutes } from './routes/session-stream.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { streamRoutes } from './routes/stream.ts'
import { taskRoutes } from './routes/tasks.ts'
import { toolRoutes } from './routes/tools.ts'
import { warningRoutes } from './routes/warnings.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { createSessionSnapshots } from './session-snapshots.ts'
import { jsonProblem } from './shapes.ts'
import { createStreamRegistry, type StreamRegistry } from './stream-registry.ts'
import { mayUpgrade, subprotocol } from './web-socket-upgrade.ts'

const maxBodyBytes = 2 * 1024 * 1024
/** Asked every few seconds by machines: not worth a line each. */
const quietPaths: ReadonlySet<string> = new Set(['/health', '/ready', '/metrics'])

export const createHttpServer = async (deps: HttpDependencies): Promise<HttpServer> => {
  const streams = createStreamRegistry()
  const app = await buildApp(deps, streams)
  const closeConnections = createConnectionCloser(app.server)
  return {
    listen: async (host, port) => {
      if (deps.options.token === undefined && !isLoopback(host)) throw new UnsafeListen(host)
      return app.listen({ host, port }).catch((error: unknown) => {
        throw new CannotListen(host, port, error)
      })
    },
    close: async () => {
      streams.closeAll()
      const closed = closeConnections()
      await app.close().finally(closed)
    },
  }
}

const buildApp = async (deps: HttpDependencies, streams: StreamRegistry): Promise<FastifyInstance> => {
  const fastify = Fastify({
    logger: false,
    bodyLimit: maxBodyBytes,
    exposeHeadRoutes: false,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    requestTimeout: 30_000,
    http: { shouldUpgradeCallback: mayUpgrade },
    frameworkErrors: (error, request, reply) => sendProblem(deps, request, reply, error),
  })
  fastify.setValidatorCompiler(validatorCompiler)
  // Shapes of answers are documented and tested; checking them again on every answer would only cost.
  fastify.setSerializerCompiler(() => (data) => JSON.stringify(data))
  fastify.removeContentTypeParser('text/plain')

  // Before the guard: what that refuses is then known for an upgrade, and its connection ended.
  await fastify.register(websocket, {
    options: {
      maxPayload: 4096,
      handleProtocols: (offered: ReadonlySet<string>) => offered.has(subprotocol) && subprotocol,
    },
  })
  fastify.decorateRequest('caller')
  fastify.decorateRequest('refusal')
  guard(fastify, deps)
  traceHandlers(fastify, deps.options.answerWithinMs ?? defaultAnswerMs)
  fastify.setErrorHandler((error, request, reply) => sendProblem(deps, request, reply, error))
  const methodsOf = noteMethods(fastify)
  fastify.setNotFoundHandler((request, reply) => {
    const methods = methodsOf(pathOf(request))
    if (methods.length > 0) void reply.header('allow', methods.join(', '))
    const asked = `${request.method} ${pathOf(request)}`
    const facts =
      methods.length > 0
        ? factsOf('method_not_allowed', `There is no ${asked}; the path knows ${methods.join(', ')}.`)
        : factsOf('not_found', `There is no ${asked}. See /openapi.json.`)
    answerProblem(request, reply, facts)
  })

  await fastify.register(helmet, { global: true, contentSecurityPolicy: { directives: { defaultSrc: ["'none'"] } } })
  await registerOpenApi(fastify, deps.options.version)
  const { dashboard } = deps.options
  if (dashboard !== undefined) await registerDashboard(fastify, dashboard)
  const live = createLiveFanOut(deps.live)
  const snapshots = createSessionSnapshots(deps)
  fastify.addHook('onClose', snapshots.stop)
  await fastify.register(async (instance) => {
    const app = typed(instance)
    alertRoutes(app, deps)
    await webhookRoutes(app, deps)
    sessionListRoutes(app, deps)
    sessionRoutes(app, deps)
    sessionControlRoutes(app, deps)
    sessionErasureRoutes(app, deps)
    sessionForkRoutes(app, deps)
    sessionChatRoutes(app, deps)
    sessionHistoryRoutes(app, deps)
    sessionConversationRoutes(app, deps)
    sessionBlobRoutes(app, deps)
    eventRoutes(app, deps)
    sessionStreamRoutes(app, deps, { streams, live, snapshots })
    streamRoutes(app, deps, { streams, live, snapshots })
    inputRoutes(app, deps)
    commandRoutes(app, deps)
    projectionRoutes(app, deps, streams)
    evaluationRoutes(app, deps)
    retentionRoutes(app, deps)
    peopleRoutes(app, deps)
    taskRoutes(app, deps)
    costRoutes(app, deps)
    toolRoutes(app, deps)
    auditRoutes(app, deps)
    deadLetterRoutes(app, deps)
    warningRoutes(app, deps)
    consumerRoutes(app, deps)
    configurationRoutes(app, deps)
    overviewRoutes(app, deps)
    orgRoutes(app, deps)
    backupRoutes(app, deps)
    await exportRoutes(app, deps)
    healthRoutes(app, deps)
  })
  await fastify.ready()
  return fastify
}

/** Settles who asks before a body is read, and notes each answer. */
const guard = (app: FastifyInstance, deps: HttpDependencies): void => {
  const { options, log, openPersonal } = deps
  const authenticate = createAuthentication(options.token)
  app.addHook('onRequest', async (request, reply) => {
    const correlation = correlationOf(request.headers)
    void reply.header('x-correlation-id', correlation.correlationId)
    // Set before anything can refuse, so that a refusal is logged and answered under its correlation id.
    request.caller = { ...callerOf({}, false), ...correlation }
    const { trusted } = authenticate({ method: request.method, path: pathOf(request), headers: request.headers })
    request.caller = { ...callerOf(request.headers, trusted), ...correlation }
  })
  app.addHook('preValidation', async (request) => {
    if (isTooDeep(request.body)) throw new RequestRefused('too_deep', `At most ${maxJsonDepth} levels are read.`)
  })
  app.addHook('preSerialization', (request, _reply, payload) =>
    openPersonal === undefined ? Promise.resolve(payload) : openPersonal(request.caller.org, payload),
  )
  app.addHook('onResponse', async (request, reply) => {
    if (quietPaths.has(pathOf(request)) && reply.statusCode < 500) return
    const fields = {
      method: request.method,
      route: request.routeOptions.url,
      path: pathOf(request),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      org: request.caller?.org,
      actor: request.caller && nameInLog(request.caller.actor, deps),
      correlationId: request.caller?.correlationId,
      ...(request.refusal !== undefined && { code: request.refusal }),
    }
    log.info(fields, `${request.method} ${pathOf(request)} ${reply.statusCode}`)
  })
}

/** A server span around each handler, continuing the caller's trace; an answer that does not come is a 503. */
const traceHandlers = (app: FastifyInstance, answerWithinMs: number): void => {
  app.addHook('onRoute', (route) => {
    const { handler } = route
    const name = `${String(route.method)} ${route.url}`
    route.handler = function traced(request, reply) {
      const attributes = {
        'http.request.method': request.method,
        'http.route': route.url,
        'casebook.org': request.caller.org,
        'casebook.correlation_id': request.caller.correlationId,
      }
      return withSpan(name, { kind: 'SERVER', attributes, traceparent: request.caller.traceparent }, async (span) => {
        const work = Promise.resolve(handler.call(this, request, reply))
        const result = await (route.config?.unhurried === true ? work : inTime(work, reply, answerWithinMs))
        span.setAttribute('http.response.status_code', reply.statusCode)
        return result
      })
    }
  })
}

const sendProblem = (deps: HttpDependencies, request: FastifyRequest, reply: FastifyReply, error: unknown): void => {
  const facts = factsOfError(error)
  // What is away has been told by who lost it; a stack for each request would bury that.
  if (facts.status === 500) {
    const fields = { err: error, correlationId: request.caller?.correlationId, code: facts.code }
    deps.log.error(fields, `${request.method} ${pathOf(request)} failed: ${facts.code}`)
  }
  answerProblem(request, reply, facts)
}

const answerProblem = (request: FastifyRequest, reply: FastifyReply, facts: ProblemFacts): void => {
  request.refusal = facts.code
  const correlation = request.caller?.correlationId ?? correlationOf(request.headers).correlationId
  if (facts.retryAfter !== undefined) void reply.header('retry-after', String(facts.retryAfter))
  if (facts.status === 401) void reply.header('www-authenticate', 'Bearer realm="casebook"')
  void reply
    .status(facts.status)
    .type(jsonProblem)
    .send(JSON.stringify(problemOf(facts, pathOf(request), correlation)))
}

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '/'
