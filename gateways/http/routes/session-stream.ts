// One session live: a snapshot, then every commit, and the text being written in between.
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { StreamPosition } from '../../../commands/event-log.ts'
import { type SessionState, waitsForPlace } from '../../../domain/session/session-state.ts'
import type { Commit } from '../../../schemas/commit.ts'
import { type LogSequence, logSequence, type SessionId, startOfLog } from '../../../schemas/ids.ts'
import type { LiveDelta } from '../../../schemas/live-delta.ts'
import type { App } from '../app.ts'
import { commitFrame } from '../commit-frames.ts'
import type { HttpDependencies } from '../dependencies.ts'
import type { EventStream } from '../event-stream.ts'
import type { LiveFanOut } from '../live-fan-out.ts'
import { liveHandlers } from '../live-route.ts'
import { createLiveText } from '../live-text.ts'
import { patiently } from '../patiently.ts'
import { RequestRefused } from '../problem.ts'
import { followPlace, withPlaces } from '../queue-places.ts'
import { positionAfter, readSession, sessionStream } from '../read-session.ts'
import type { SessionSnapshots } from '../session-snapshots.ts'
import { afterQuery, eventStreamAnswer, problems, sessionParams, webSocketToo } from '../shapes.ts'
import type { StreamRegistry } from '../stream-registry.ts'
import { tailCommits } from '../tail-commits.ts'

export interface StreamParts {
  readonly streams: StreamRegistry
  readonly live: LiveFanOut
  readonly snapshots: SessionSnapshots
}

export interface LiveRequest extends FastifyRequest {
  readonly query: { readonly after?: number | undefined }
}
interface SessionStreamRequest extends LiveRequest {
  readonly params: { readonly id: SessionId }
}

export const sessionStreamRoutes = (
  app: App,
  deps: HttpDependencies,
  { streams, live, snapshots }: StreamParts,
): void => {
  app.route({
    method: 'GET',
    url: '/v1/sessions/:id/stream',
    schema: {
      summary: 'Server-sent events: snapshot, then commits; `Last-Event-ID` resumes without a snapshot',
      description: webSocketToo,
      tags: ['streams'],
      params: sessionParams,
      querystring: z.strictObject(afterQuery),
      response: { 200: eventStreamAnswer, ...problems(404) },
    },
    ...liveHandlers(deps, streams, async (request: SessionStreamRequest) => {
      const { org } = request.caller
      const { id } = request.params
      const resumeAfter = resumePoint(request)
      const known = resumeAfter === null ? null : await readSession(deps, org, id)
      // After it: what follows from the state is then no older than what is told.
      const snapshot = await snapshots.of(org, id)
      return async (stream) => {
        const follower = followText(stream, live, request, id, deps)
        follower.begin(snapshot.state)
        if (known === null) {
          const { view, position } = snapshot
          const [session = null] = await withPlaces(deps.queue, view === null ? [] : [view])
          stream.send({
            event: 'snapshot',
            id: position.sequence,
            data: { sequence: position.sequence, version: position.version, session },
          })
        } else {
          for (const commit of known.commits.filter(({ sequence }) => sequence > (resumeAfter ?? startOfLog))) {
            stream.send(commitFrame(commit))
            await stream.drained()
          }
        }
        void follower.join()
        const waits = snapshot.state.status !== 'absent' && waitsForPlace(snapshot.state)
        const followPlaceOf = followPlace(deps.queue, stream, id, waits)
        const observe = (commit: Commit): void => {
          follower.observe(commit)
          for (const event of commit.events) followPlaceOf(event)
        }
        const from = known === null ? snapshot.position : positionAfter(known.last)
        await tailSession(deps, stream, request, id, from, observe)
      }
    }),
  })
}

/** `Last-Event-ID` wins over `?after=`. @returns null when the client starts anew. */
export const resumePoint = ({ headers, query: { after } }: LiveRequest): LogSequence | null => {
  const header = headers['last-event-id']
  if (header === undefined || header === '') return after === undefined ? null : logSequence.parse(after)
  const parsed = logSequence.safeParse(Number(header))
  if (parsed.success) return parsed.data
  throw new RequestRefused('invalid_request', 'Last-Event-ID is not an id of this stream.', {
    errors: [{ path: 'last-event-id', message: 'must be a whole number, 0 or more' }],
  })
}

/** Deltas wait until the commits are told and the text so far is fetched; then each goes out as it comes. */
export const followText = (
  stream: EventStream,
  live: LiveFanOut,
  request: LiveRequest,
  id: SessionId,
  { log }: Pick<HttpDependencies, 'log'>,
) => {
  const { org, correlationId } = request.caller
  const text = createLiveText(({ sessionId: _, ...delta }) => stream.send({ event: 'delta', data: delta }))
  let waiting: LiveDelta[] | null = []
  let told: Commit[] = []
  const observe = (commit: Commit): void => {
    for (const event of commit.events) text.observe(event)
  }
  const stop = live.follow(org, id, (delta) => {
    if (waiting === null) text.take(delta)
    else if (waiting.length < 10_000) waiting.push(delta)
  })
  stream.ended.addEventListener('abort', stop, { once: true })
  /** `past` is asked for only where text is held: it says which of it is on the log already. */
  const join = async (past?: () => Promise<SessionState>): Promise<void> => {
    const read = async (): Promise<readonly LiveDelta[]> => {
      const sofar = await live.sofar(org, id)
      if (past !== undefined && sofar.length > 0) {
        text.begin(await past())
        for (const commit of told) observe(commit)
      }
      return sofar
    }
    // Deltas are a courtesy: without them the recorded reply still comes.
    const sofar = await read().catch((error: unknown) => {
      log.warn({ err: error, correlationId }, 'The text so far could not be read.')
      return []
    })
    const missed = waiting ?? []
    waiting = null
    told = []
    text.takeSofar([...sofar, ...missed])
  }
  return {
    join,
    begin: text.begin,
    observe: (commit: Commit): void => {
      if (waiting !== null) told.push(commit)
      observe(commit)
    },
  }
}

const tailSession = async (
  deps: HttpDependencies,
  stream: EventStream,
  request: LiveRequest,
  id: SessionId,
  from: StreamPosition,
  observe: (commit: Commit) => void,
): Promise<void> => {
  const { org } = request.caller
  let position = from
  await tailCommits(
    from.sequence,
    {
      feed: deps.commitFeed,
      wanted: ({ stream: { org: from, category, id: of } }) => from === org && category === 'session' && of === id,
      read: async function* () {
        yield* (await patiently(() => deps.eventLog.read(sessionStream(org, id), position), stream.ended)) ?? []
      },
      follows: (commit) => commit.version - commit.events.length === position.version,
      emit: (commit) => {
        position = positionAfter(commit)
        observe(commit)
        stream.send(commitFrame(commit))
      },
      drained: stream.drained,
    },
    stream.ended,
  )
}
