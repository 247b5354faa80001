// A route that answers with a stream, as server-sent events or, when asked for an upgrade, over a WebSocket.
import type { WebSocket } from '@fastify/websocket'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpDependencies } from './dependencies.ts'
import { type EventStream, openEventStream } from './event-stream.ts'
import { defaultAnswerMs, inTime } from './in-time.ts'
import { nameInLog } from './name-in-log.ts'
import { openingWire } from './opening-wire.ts'
import { createSseWire } from './sse-wire.ts'
import type { StreamRegistry } from './stream-registry.ts'
import type { StreamWire } from './stream-wire.ts'
import { createWebSocketWire } from './web-socket-wire.ts'

/** Streams until the client leaves; what breaks it ends it, and the client resumes. */
export type Follow = (stream: EventStream) => Promise<void>
type Asked = Pick<FastifyRequest, 'caller' | 'url' | 'raw' | 'ws'>

/** `prepare` is called before the answer begins: what it refuses is still a problem document. */
export const liveHandlers = <R extends Asked>(
  deps: Pick<HttpDependencies, 'options' | 'log' | 'openPersonal' | 'sealPersonal'>,
  streams: StreamRegistry,
  prepare: (request: R) => Promise<Follow>,
) => {
  const { options, log, openPersonal } = deps
  const prepared = new WeakMap<R, Follow>()

  const serve = async ({ caller: { org, correlationId } }: R, wire: StreamWire, follow: Follow): Promise<void> => {
    const opened = openPersonal === undefined ? wire : openingWire(wire, (data) => openPersonal(org, data))
    const stream = openEventStream(opened, {
      heartbeatMs: options.heartbeatMs ?? 15_000,
      bufferBytes: options.clientBufferBytes ?? 1024 * 1024,
    })
    const leave = streams.add(() => stream.end('stopping'))
    try {
      await follow(stream)
    } catch (error) {
      log.warn({ err: error, correlationId }, 'An event stream broke off; its client resumes.')
    } finally {
      leave()
      stream.end('broken')
    }
  }

  return {
    preHandler: async (request: R, reply: FastifyReply): Promise<void> => {
      if (!request.ws) return
      prepared.set(request, await inTime(prepare(request), reply, options.answerWithinMs ?? defaultAnswerMs))
    },
    handler: async (request: R, reply: FastifyReply): Promise<void> => {
      const follow = await prepare(request)
      const headers = reply.getHeaders()
      reply.hijack()
      await serve(request, createSseWire(reply.raw, headers), follow)
    },
    wsHandler: async (socket: WebSocket, request: R): Promise<void> => {
      const follow = prepared.get(request)
      if (follow === undefined) throw new Error('a WebSocket was opened before its stream was prepared')
      const { org, actor, correlationId } = request.caller
      const path = request.url.split('?', 1)[0]
      log.info({ path, status: 101, org, actor: nameInLog(actor, deps), correlationId }, `GET ${path} 101`)
      await serve(request, createWebSocketWire(socket, request.raw.socket), follow)
    },
  }
}
