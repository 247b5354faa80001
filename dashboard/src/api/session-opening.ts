// What the page of a session asks first: with an address that names one, while the page's own code is still on its way.
import { answerOf, api } from './client.ts'
import type { Live } from './live.ts'
import type { CommitFrame, DeltaFrame } from './live-frames.ts'

/** Commits the page opens with. */
const latest = 50

/** What is asked for of a session's past; the story holds only its latest part. */
export const boardTypes = [
  'session.started',
  'session.forked',
  'session.plan_adopted',
  'session.plan_extended',
  'session.stage_started',
  'session.stage_ended',
  'session.tools_offered',
  'session.budget_reached',
  'session.input_requested',
  'session.input_answered',
  'session.question_asked',
] as const

export interface EventsQuery {
  readonly after?: number
  readonly at?: number
  readonly cursor?: string
  readonly type?: string
  readonly order?: 'asc' | 'desc'
  /** Commits of the page. */
  readonly limit: number
}

export const askEvents = (id: string, query: EventsQuery) =>
  answerOf(api.GET('/v1/sessions/{id}/events', { params: { path: { id }, query } }))

const askView = (id: string, after: number) =>
  answerOf(api.GET('/v1/sessions/{id}', { params: { path: { id }, query: { after } } }))

/** The first page of what the board is folded from. */
export const askBoard = (id: string, after?: number) =>
  askEvents(id, { limit: 200, type: boardTypes.join(','), ...(after !== undefined && { after }) })

export type EventsPage = Awaited<ReturnType<typeof askEvents>>

/** Each on its way; as they were sent, not yet read. */
export interface SessionOpening {
  readonly view: ReturnType<typeof askView>
  readonly page: Promise<EventsPage>
  /** The first page of what the board is folded from. */
  readonly board: Promise<EventsPage>
}

const ask = (id: string, after: number): SessionOpening => {
  const opening = {
    view: askView(id, after),
    page: askEvents(id, { after, limit: latest, order: 'desc' }),
    board: askBoard(id, after),
  }
  // Who awaits them hears of their failure; until then nobody would.
  for (const asked of Object.values(opening)) asked.catch(() => undefined)
  return opening
}

/** Frames of a session as they come. @returns the way to stop. */
export const followSession = (
  live: Live,
  id: string,
  take: (frame: CommitFrame | DeltaFrame) => void,
): (() => void) => {
  const stops = [
    live.onCommit((commit) => {
      if (commit.stream.id === id && commit.brief !== true) take(commit)
    }),
    live.onDelta(take),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

interface Taken {
  readonly opening: SessionOpening
  /** What came before the page was there to hear it. */
  readonly missed: readonly (CommitFrame | DeltaFrame)[]
}

let early: (Taken & { readonly live: Live; readonly id: string; readonly stop: () => void }) | null = null

/** The session an address names, or null. */
export const sessionOfPath = (path: string): string | null => /^\/sessions\/(ses_[^/]+)$/.exec(path)?.[1] ?? null

/** Of a session that `live` watches from its start. */
export const openEarly = async (live: Live, id: string): Promise<void> => {
  const missed: (CommitFrame | DeltaFrame)[] = []
  const stop = followSession(live, id, (frame) => missed.push(frame))
  const after = await live.position()
  early = { live, id, missed, stop, opening: ask(id, after) }
}

/** What was asked early, once; who tries again asks anew. `after`: a position since which the session is watched. */
export const takeOpening = (live: Live, id: string, after: number): Taken => {
  const begun = early
  early = null
  begun?.stop()
  return begun?.live === live && begun.id === id ? begun : { opening: ask(id, after), missed: [] }
}
