// Which page a path is, and what its search says: every filter is in the address, so that it can be sent to somebody.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { orgInAddress } from '../api/org.ts'
import { whenThere } from '../api/patience.ts'
import { readAlertsSearch } from '../pages/alerts/alerts-search.ts'
import { readConversationSearch } from '../pages/conversation/conversation-search.ts'
import { readEventsSearch, readSessionEventsSearch } from '../pages/events/events-search.ts'
import {
  readConfigurationSearch,
  readCostsSearch,
  readEvaluationsSearch,
  readLettersSearch,
} from '../pages/operations/operations-search.ts'
import { readSessionSearch } from '../pages/session/session-search.ts'
import { readSessionsSearch } from '../pages/sessions/sessions-search.ts'
import { readTasksSearch } from '../pages/tasks/tasks-search.ts'
import { readWaterfallSearch } from '../pages/waterfall/waterfall-search.ts'
import { NotFound } from './not-found.tsx'
import { Shell } from './shell.tsx'

/** Its code comes when it is first opened. */
const page = <T extends Record<K, () => ReactNode>, K extends string>(load: () => Promise<T>, name: K) =>
  lazyRouteComponent(whenThere(load), name)

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: page(() => import('../pages/overview/overview-page.tsx'), 'OverviewPage'),
})
const sessions = createRoute({
  getParentRoute: () => root,
  path: '/sessions',
  validateSearch: readSessionsSearch,
  component: page(() => import('../pages/sessions/sessions-page.tsx'), 'SessionsPage'),
})
const session = createRoute({
  getParentRoute: () => root,
  path: '/sessions/$id',
  validateSearch: readSessionSearch,
  component: page(() => import('../pages/session/session-page.tsx'), 'SessionPage'),
})
const sessionEvents = createRoute({
  getParentRoute: () => root,
  path: '/sessions/$id/events',
  validateSearch: readSessionEventsSearch,
  component: page(() => import('../pages/session-events/session-events-page.tsx'), 'SessionEventsPage'),
})
const events = createRoute({
  getParentRoute: () => root,
  path: '/events',
  validateSearch: readEventsSearch,
  component: page(() => import('../pages/events/events-page.tsx'), 'EventsPage'),
})
const waterfall = createRoute({
  getParentRoute: () => root,
  path: '/sessions/$id/waterfall',
  validateSearch: readWaterfallSearch,
  component: page(() => import('../pages/waterfall/waterfall-page.tsx'), 'WaterfallPage'),
})
const conversation = createRoute({
  getParentRoute: () => root,
  path: '/sessions/$id/conversation',
  validateSearch: readConversationSearch,
  component: page(() => import('../pages/conversation/conversation-page.tsx'), 'ConversationPage'),
})
const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  validateSearch: readAlertsSearch,
  component: page(() => import('../pages/alerts/alerts-page.tsx'), 'AlertsPage'),
})
const alert = createRoute({
  getParentRoute: () => root,
  path: '/alerts/$id',
  component: page(() => import('../pages/alerts/alert-page.tsx'), 'AlertPage'),
})
const sendAlert = createRoute({
  getParentRoute: () => root,
  path: '/alerts/send',
  component: page(() => import('../pages/alerts/send-alert-page.tsx'), 'SendAlertPage'),
})
const startSession = createRoute({
  getParentRoute: () => root,
  path: '/sessions/new',
  component: page(() => import('../pages/sessions/start-session-page.tsx'), 'StartSessionPage'),
})
const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  validateSearch: readTasksSearch,
  component: page(() => import('../pages/tasks/tasks-page.tsx'), 'TasksPage'),
})
const scheduleTask = createRoute({
  getParentRoute: () => root,
  path: '/tasks/new',
  component: page(() => import('../pages/tasks/schedule-task-page.tsx'), 'ScheduleTaskPage'),
})
const inputs = createRoute({
  getParentRoute: () => root,
  path: '/inputs',
  component: page(() => import('../pages/inputs/inputs-page.tsx'), 'InputsPage'),
})

const health = createRoute({
  getParentRoute: () => root,
  path: '/operations',
  component: page(() => import('../pages/operations/health-page.tsx'), 'HealthPage'),
})
const readModels = createRoute({
  getParentRoute: () => root,
  path: '/operations/read-models',
  component: page(() => import('../pages/operations/read-models-page.tsx'), 'ReadModelsPage'),
})
const handlers = createRoute({
  getParentRoute: () => root,
  path: '/operations/handlers',
  component: page(() => import('../pages/operations/handlers-page.tsx'), 'HandlersPage'),
})
const deadLetters = createRoute({
  getParentRoute: () => root,
  path: '/operations/dead-letters',
  validateSearch: readLettersSearch,
  component: page(() => import('../pages/operations/dead-letters-page.tsx'), 'DeadLettersPage'),
})
const toolServers = createRoute({
  getParentRoute: () => root,
  path: '/operations/tool-servers',
  component: page(() => import('../pages/operations/tool-servers-page.tsx'), 'ToolServersPage'),
})
const costs = createRoute({
  getParentRoute: () => root,
  path: '/operations/costs',
  validateSearch: readCostsSearch,
  component: page(() => import('../pages/operations/costs-page.tsx'), 'CostsPage'),
})
const configuration = createRoute({
  getParentRoute: () => root,
  path: '/operations/configuration',
  validateSearch: readConfigurationSearch,
  component: page(() => import('../pages/operations/configuration-page.tsx'), 'ConfigurationPage'),
})
const evaluations = createRoute({
  getParentRoute: () => root,
  path: '/operations/evaluations',
  validateSearch: readEvaluationsSearch,
  component: page(() => import('../pages/operations/evaluations-page.tsx'), 'EvaluationsPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    sessions,
    startSession,
    session,
    sessionEvents,
    waterfall,
    conversation,
    alerts,
    alert,
    sendAlert,
    tasks,
    scheduleTask,
    inputs,
    events,
    health,
    readModels,
    handlers,
    deadLetters,
    toolServers,
    costs,
    configuration,
    evaluations,
  ]),
  defaultPreload: 'intent',
  rewrite: orgInAddress,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
