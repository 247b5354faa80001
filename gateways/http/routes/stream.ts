// Everything that happens in an org, live: one frame a commit, and whole sessions among them for whoever watches one.
import { z } from 'zod'
import { isBadEntry, type LogReader } from '../../../projections/log-reader.ts'
import type { Commit } from '../../../schemas/commit.ts'
import { type LogSequence, type OrgId, type SessionId, sessionId, startOfLog } from '../../../schemas/ids.ts'
import type { App } from '../app.ts'
import { briefFrame, commitFrame } from '../commit-frames.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { liveHandlers } from '../live-route.ts'
import { patiently } from '../patiently.ts'
import type { SessionSnapshots } from '../session-snapshots.ts'
import { afterQuery, eventStreamAnswer, problems, webSocketToo } from '../shapes.ts'
import { tailCommits } from '../tail-commits.ts'
import { followText, type LiveRequest, resumePoint, type StreamParts } from './session-stream.ts'

const streamQuery = z.strictObject({
  ...afterQuery,
  session: sessionId
    .optional()
    .describe('Tell this session as its own stream does: a snapshot, and text as it is written. It has to be there.'),
  snapshot: z
    .enum(['true', 'false'])
    .optional()
    .describe('`false`: the session begins without its snapshot, as it does on resuming; nothing of its past is read.'),
  brief: z
    .enum(['true', 'false'])
    .optional()
    .describe('Only the types of what happens in all others, for a page that reads what it shows.'),
})

interface OrgStreamRequest extends LiveRequest {
  readonly query: z.infer<typeof streamQuery>
}

export const streamRoutes = (app: App, deps: HttpDependencies, { streams, live, snapshots }: StreamParts): void => {
  app.route({
    method: 'GET',
    url: '/v1/stream',
    schema: {
      summary: 'Server-sent events: every commit of the org from now on, or from `Last-Event-ID`',
      description: webSocketToo,
      tags: ['streams'],
      querystring: streamQuery,
      response: { 200: eventStreamAnswer, ...problems(404) },
    },
    ...liveHandlers(deps, streams, async (request: OrgStreamRequest) => {
      const { org } = request.caller
      const { session: watched, brief, snapshot } = request.query
      const resumeAfter = resumePoint(request)
      const from = resumeAfter ?? (await deps.logReader.head()).sequence
      const begins = resumeAfter === null && snapshot !== 'false'
      // After the head: what comes in between is told once, by the snapshot.
      const session = begins && watched ? await snapshots.of(org, watched) : null
      if (watched && session === null) await mustBeThere(deps, snapshots, org, watched)
      const isWatched = ({ stream }: Commit): boolean => stream.category === 'session' && stream.id === watched
      return async (stream) => {
        // Gives the client a place to resume from before anything has happened.
        if (resumeAfter === null) stream.send({ event: 'open', id: from, data: { sequence: from } })
        let told = startOfLog
        const text = watched && followText(stream, live, request, watched, deps)
        if (watched && text) {
          if (session !== null) {
            text.begin(session.state)
            const { sequence, version } = session.position
            stream.send({ event: 'snapshot', data: { sequence, version, session: session.view } })
            told = sequence
          }
          void text.join(session === null ? async () => (await snapshots.of(org, watched)).state : undefined)
        }
        await tailCommits(
          from,
          {
            feed: deps.commitFeed,
            wanted: (commit) => commit.stream.org === org,
            read: (after, shown) => readOrg(deps.logReader, org, after, shown, stream.ended),
            follows: () => true,
            emit: (commit) => {
              if (!isWatched(commit)) return stream.send(brief === 'true' ? briefFrame(commit) : commitFrame(commit))
              if (commit.sequence <= told) return
              if (text) text.observe(commit)
              stream.send(commitFrame(commit))
            },
            drained: stream.drained,
          },
          stream.ended,
        )
      }
    }),
  })
}

/** Of one that the read model knows nothing of the past is read. @throws RequestRefused when there is no such session, or there is one no more. */
const mustBeThere = async (
  { queries }: Pick<HttpDependencies, 'queries'>,
  snapshots: SessionSnapshots,
  org: OrgId,
  id: SessionId,
): Promise<void> => {
  // Begun a moment ago, gone, or Postgres is away: the log knows.
  if ((await queries.session(org, id).catch(() => null)) === null) await snapshots.of(org, id)
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
