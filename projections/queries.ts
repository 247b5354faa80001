// The read side's face to the gateways: every query, with an outage of Postgres as a retryable error.
import type { Kysely } from 'kysely'
import { type AlertView, alertsProjection } from './alerts.ts'
import { auditProjection } from './audit.ts'
import { chatProjection } from './chat.ts'
import type { ChatView } from './chat-view.ts'
import type { Costs, SessionCosts } from './cost-view.ts'
import { costsProjection } from './costs.ts'
import { type EvaluationView, evaluationsProjection } from './evaluations.ts'
import { type InputView, inputsProjection } from './inputs.ts'
import { liveSchemaOf, type Projection } from './projection.ts'
import type { AlertFilter } from './queries/alert-filter.ts'
import { type AlertPageRequest, getAlert, listAlerts } from './queries/alert-queries.ts'
import { listChat } from './queries/chat-queries.ts'
import { type CostFilter, getSessionCosts, listCosts } from './queries/cost-queries.ts'
import type { Page } from './queries/cursor.ts'
import { type EvaluationFilter, listEvaluations } from './queries/evaluation-queries.ts'
import { type EventFilter, searchEvents } from './queries/event-queries.ts'
import type { Facets } from './queries/facets.ts'
import {
  type EventPageRequest,
  getTimeline,
  getToolCall,
  listEvents,
  listToolCalls,
  type PageRequest,
  type StoredCloudEvent,
  type TimelineItem,
  type ToolCallItem,
} from './queries/history-queries.ts'
import { getInput, type InputFilter, listInputs } from './queries/input-queries.ts'
import { countAlertFacets, countSessionFacets } from './queries/list-facets.ts'
import { listOrgs } from './queries/org-queries.ts'
import { getOverview, type OverviewFigures, type OverviewRequest } from './queries/overview-queries.ts'
import type { SessionFilter } from './queries/session-filter.ts'
import {
  countSessions,
  getSession,
  listSessionIds,
  listSessions,
  type SessionPageRequest,
} from './queries/session-queries.ts'
import { getTask, listTasks, type TaskFilter } from './queries/task-queries.ts'
import type { ListedSession, SessionView } from './session-view.ts'
import { sessionsProjection } from './sessions.ts'
import type { Tables } from './tables.ts'
import type { TaskView } from './task-view.ts'
import { tasksProjection } from './tasks.ts'
import { timelineProjection } from './timeline.ts'
import { toolCallsProjection } from './tool-calls.ts'

export interface Queries {
  sessions(filter: SessionPageRequest): Promise<Page<ListedSession>>
  /** The latest that are like that, at most `limit`. */
  sessionIds(filter: SessionFilter, limit: number): Promise<readonly string[]>
  sessionFacets(filter: SessionFilter): Promise<Facets>
  session(org: string, id: string): Promise<SessionView | null>
  sessionCounts(org: string): Promise<Readonly<Record<string, number>>>
  timeline(org: string, sessionId: string, page: PageRequest): Promise<Page<TimelineItem>>
  toolCalls(org: string, sessionId: string, page: PageRequest): Promise<Page<ToolCallItem>>
  toolCall(org: string, sessionId: string, id: string): Promise<ToolCallItem | null>
  /** Raw events of a session, or of the whole org when the session is null; the limit counts commits. */
  events(org: string, sessionId: string | null, page: EventPageRequest): Promise<Page<StoredCloudEvent>>
  /** Raw events of the org that fit; the limit counts commits. */
  searchEvents(filter: EventFilter): Promise<Page<StoredCloudEvent>>
  alerts(filter: AlertPageRequest): Promise<Page<AlertView>>
  alertFacets(filter: AlertFilter): Promise<Facets>
  alert(org: string, id: string): Promise<AlertView | null>
  inputs(filter: InputFilter): Promise<Page<InputView>>
  input(org: string, id: string): Promise<InputView | null>
  chat(org: string, sessionId: string, page: PageRequest): Promise<Page<ChatView>>
  /** Empty for a session that nobody knows. */
  sessionCosts(org: string, sessionId: string): Promise<SessionCosts>
  costs(filter: CostFilter): Promise<Costs>
  evaluations(filter: EvaluationFilter): Promise<Page<EvaluationView>>
  tasks(filter: TaskFilter): Promise<Page<TaskView>>
  task(org: string, id: string): Promise<TaskView | null>
  overview(request: OverviewRequest): Promise<OverviewFigures>
  /** Of all that the log has anything of. */
  orgs(): Promise<readonly string[]>
}

/**
 * `classified` turns a driver's error into DatabaseUnavailable where it is one. `schemaFor` says where the tables of a
 * projection lie; without it, where they serve.
 */
export const createQueries = (
  db: Kysely<Tables>,
  classified: <T>(work: () => Promise<T>) => Promise<T>,
  schemaFor: (projection: Projection) => string = liveSchemaOf,
): Queries => {
  const of = (projection: Projection): Kysely<Tables> => db.withSchema(schemaFor(projection))
  const costs = schemaFor(costsProjection)
  const sessions = of(sessionsProjection)
  const timeline = of(timelineProjection)
  const toolCalls = of(toolCallsProjection)
  const audit = of(auditProjection)
  const alerts = of(alertsProjection)
  const inputs = of(inputsProjection)
  const chat = of(chatProjection)
  const evaluations = of(evaluationsProjection)
  const tasks = of(tasksProjection)
  return {
    sessions: (filter) => classified(() => listSessions(sessions, filter)),
    sessionIds: (filter, limit) => classified(() => listSessionIds(sessions, filter, limit)),
    sessionFacets: (filter) => classified(() => countSessionFacets(db, filter)),
    session: (org, id) => classified(() => getSession(sessions, org, id)),
    sessionCounts: (org) => classified(() => countSessions(sessions, org)),
    timeline: (org, id, page) => classified(() => getTimeline(timeline, org, id, page)),
    toolCalls: (org, id, page) => classified(() => listToolCalls(toolCalls, org, id, page)),
    toolCall: (org, id, call) => classified(() => getToolCall(toolCalls, org, id, call)),
    events: (org, id, page) => classified(() => listEvents(audit, org, id, page)),
    searchEvents: (filter) => classified(() => searchEvents(audit, filter)),
    alerts: (filter) => classified(() => listAlerts(alerts, filter)),
    alertFacets: (filter) => classified(() => countAlertFacets(db, filter)),
    alert: (org, id) => classified(() => getAlert(alerts, org, id)),
    inputs: (filter) => classified(() => listInputs(inputs, filter)),
    input: (org, id) => classified(() => getInput(inputs, org, id)),
    chat: (org, id, page) => classified(() => listChat(chat, org, id, page)),
    sessionCosts: (org, id) => classified(() => getSessionCosts(db, costs, org, id)),
    costs: (filter) => classified(() => listCosts(db, costs, filter)),
    evaluations: (filter) => classified(() => listEvaluations(evaluations, filter)),
    tasks: (filter) => classified(() => listTasks(tasks, filter)),
    task: (org, id) => classified(() => getTask(tasks, org, id)),
    overview: (request) => classified(() => getOverview(db, request)),
    orgs: () => classified(() => listOrgs(audit)),
  }
}
