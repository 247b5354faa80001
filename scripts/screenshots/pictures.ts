// Which pictures there are: one for each page of the dashboard, and what has to stand there before it is taken.
import type { Page } from 'playwright-core'
import type { StagedShop } from './staged-shop.ts'

export interface Picture {
  /** Of its files: `<name>.light.png` and `<name>.dark.png`. */
  readonly name: string
  /** As the dashboard's router has it. */
  readonly route: string
  /** The address, when the route alone is not one. */
  readonly path?: (shop: StagedShop) => string
  readonly ready: (page: Page) => Promise<unknown>
}

const words = (text: string | RegExp) => (page: Page) =>
  page.getByRole('main').getByText(text).filter({ visible: true }).first().waitFor()
const operation = (name: string, shown: string | RegExp): Picture => ({
  name: `operations-${name}`,
  route: `/operations/${name}`,
  ready: words(shown),
})

export const pictures: readonly Picture[] = [
  { name: 'overview', route: '/', ready: words('To the first finding') },
  { name: 'sessions', route: '/sessions', ready: words('Checkout answers slowly') },
  { name: 'start-session', route: '/sessions/new', ready: words('Title') },
  {
    name: 'session',
    route: '/sessions/$id',
    path: ({ sessions }) => `/sessions/${sessions.ended}`,
    ready: words('Session completed'),
  },
  {
    name: 'session-waiting',
    route: '/sessions/$id',
    path: ({ sessions }) => `/sessions/${sessions.waiting}`,
    ready: (page) => page.getByRole('button', { name: 'Approve once' }).waitFor(),
  },
  {
    name: 'session-running',
    route: '/sessions/$id',
    path: ({ sessions }) => `/sessions/${sessions.running}`,
    ready: words('What is left to find out'),
  },
  {
    name: 'session-events',
    route: '/sessions/$id/events',
    path: ({ sessions }) => `/sessions/${sessions.ended}/events?at=12`,
    ready: words('session.tool_call_requested'),
  },
  {
    name: 'waterfall',
    route: '/sessions/$id/waterfall',
    path: ({ sessions }) => `/sessions/${sessions.ended}/waterfall?path=true`,
    ready: (page) => page.getByRole('treeitem', { name: /Executive summary, succeeded/ }).waitFor(),
  },
  {
    name: 'conversation',
    route: '/sessions/$id/conversation',
    path: ({ sessions }) => `/sessions/${sessions.ended}/conversation`,
    ready: (page) => page.getByRole('heading', { name: /, turn \d+$/ }).waitFor(),
  },
  { name: 'alerts', route: '/alerts', ready: words('Checkout answers slowly') },
  {
    name: 'alert',
    route: '/alerts/$id',
    path: ({ alert }) => `/alerts/${alert}`,
    ready: (page) => page.getByRole('region', { name: 'The body as it came' }).waitFor(),
  },
  { name: 'send-alert', route: '/alerts/send', ready: words('Copy as curl') },
  { name: 'tasks', route: '/tasks', ready: words('Are the backups') },
  { name: 'schedule-task', route: '/tasks/new', ready: words('Title') },
  {
    name: 'inputs',
    route: '/inputs',
    ready: (page) => page.getByRole('button', { name: 'Approve once' }).waitFor(),
  },
  { name: 'events', route: '/events', ready: words(/^session\.\w+$/) },
  { name: 'operations', route: '/operations', ready: words('durability') },
  operation('read-models', 'tool-calls'),
  operation('handlers', 'agent-runner'),
  operation('dead-letters', 'unreadable_alert'),
  {
    ...operation('tool-servers', 'shop'),
    ready: async (page) => {
      await page.getByRole('button', { name: /shop/ }).click()
      await words('rollback')(page)
    },
  },
  operation('costs', 'casebook-simulated'),
  {
    ...operation('configuration', /chains\.yaml/),
    ready: async (page) => {
      await words(/chains\.yaml/)(page)
      // The folder is another one at every run, and nobody's.
      await page.evaluate(`for (const cell of document.querySelectorAll('td')) {
        if (cell.textContent.startsWith('/')) cell.textContent = cell.textContent.replace(/^.*\\/config\\//, '/etc/casebook/')
      }`)
    },
  },
  operation('evaluations', 'checkout-slow'),
]
