// The read side's face to the gateways: every query, with an outage of Postgres as a retryable error.
import type { Kysely } from 'kysely'
import type { AlertView } from './alerts.ts'
import { type AlertFilter, getAlert, listAlerts } from './queries/alert-queries.ts'
import type { Page } from './queries/cursor.ts'
import {
  countSessions,
  getSession,
  getTimeline,
  listEvents,
  listSessions,
  listToolCalls,
  type PageRequest,
  type SessionFilter,
  type SessionListItem,
  type StoredCloudEvent,
  type TimelineItem,
  type ToolCallItem,
} from './queries/session-queries.ts'
import type { SessionView } from './session-view.ts'
import type { Tables } from './tables.ts'

export interface Queries {
  sessions(filter: SessionFilter): Promise<Page<SessionListItem>>
  session(org: string, id: string): Promise<SessionView | null>
  sessionCounts(org: string): Promise<Readonly<Record<string, number>>>
  timeline(org: string, sessionId: string, page: PageRequest): Promise<Page<TimelineItem>>
  toolCalls(org: string, sessionId: string, page: PageRequest): Promise<Page<ToolCallItem>>
  /** Raw events of a session, or of the whole org when the session is null; the limit counts commits. */
  events(org: string, sessionId: string | null, page: PageRequest): Promise<Page<StoredCloudEvent>>
  alerts(filter: AlertFilter): Promise<Page<AlertView>>
  alert(org: string, id: string): Promise<AlertView | null>
}

/** `classified` turns a driver's error into DatabaseUnavailable where it is one. */
export const createQueries = (db: Kysely<Tables>, classified: <T>(work: () => Promise<T>) => Promise<T>): Queries => ({
  sessions: (filter) => classified(() => listSessions(db, filter)),
  session: (org, id) => classified(() => getSession(db, org, id)),
  sessionCounts: (org) => classified(() => countSessions(db, org)),
  timeline: (org, id, page) => classified(() => getTimeline(db, org, id, page)),
  toolCalls: (org, id, page) => classified(() => listToolCalls(db, org, id, page)),
  events: (org, id, page) => classified(() => listEvents(db, org, id, page)),
  alerts: (filter) => classified(() => listAlerts(db, filter)),
  alert: (org, id) => classified(() => getAlert(db, org, id)),
})
