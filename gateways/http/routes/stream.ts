// Everything that happens in an org, live: one frame a commit.
import { z } from 'zod'
import { isBadEntry, type LogReader } from '../../../projections/log-reader.ts'
import type { Commit } from '../../../schemas/commit.ts'
import type { LogSequence, OrgId } from '../../../schemas/ids.ts'
import type { App } from '../app.ts'
import { commitFrame } from '../commit-frames.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { liveHandlers } from '../live-route.ts'
import { patiently } from '../patiently.ts'
import { afterQuery, eventStreamAnswer, problems, webSocketToo } from '../shapes.ts'
import type { StreamRegistry } from '../stream-registry.ts'
import { tailCommits } from '../tail-commits.ts'
import { type LiveRequest, resumePoint } from './session-stream.ts'

export const streamRoutes = (app: App, deps: HttpDependencies, streams: StreamRegistry): void => {
  app.route({
    method: 'GET',
    url: '/v1/stream',
    schema: {
      summary: 'Server-sent events: every commit of the org from now on, or from `Last-Event-ID`',
      description: webSocketToo,
      tags: ['streams'],
      querystring: z.strictObject(afterQuery),
      response: { 200: eventStreamAnswer, ...problems() },
    },
    ...liveHandlers(deps, streams, async (request: LiveRequest) => {
      const { org } = request.caller
      const resumeAfter = resumePoint(request)
      const from = resumeAfter ?? (await deps.logReader.head()).sequence
      return async (stream) => {
        // Gives the client a place to resume from before anything has happened.
        if (resumeAfter === null) stream.send({ event: 'open', id: from, data: { sequence: from } })
        await tailCommits(
          from,
          {
            feed: deps.commitFeed,
            wanted: (commit) => commit.stream.org === org,
            read: (after, shown) => readOrg(deps.logReader, org, after, shown, stream.ended),
            follows: () => true,
            emit: (commit) => stream.send(commitFrame(commit)),
            drained: stream.drained,
          },
          stream.ended,
        )
      }
    }),
  })
}

/** Commits of one org up to the head as it is now, or as the feed has shown it. */
async function* readOrg(
  reader: LogReader,
  org: OrgId,
  after: LogSequence,
  shown: LogSequence,
  signal: AbortSignal,
): AsyncGenerator<Commit> {
  const head = await patiently(() => reader.head(), signal)
  if (head === null) return
  const until = Math.max(head.sequence, shown)
  if (until <= after) return
  const reading = new AbortController()
  try {
    for await (const batch of reader.follow(after, { maxBatch: 100 }, AbortSignal.any([signal, reading.signal]))) {
      for (const entry of batch.entries) {
        if (!isBadEntry(entry) && entry.commit.stream.org === org) yield entry.commit
      }
      if (batch.last >= until) return
    }
  } finally {
    reading.abort()
  }
}
