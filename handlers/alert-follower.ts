// Tells an alert that the session looking into it has ended, so that its next firing opens a new one.
import { createEndFollower, type EndFollowerDependencies } from './end-follower.ts'
import type { Reactor } from './reactor.ts'

export const createAlertFollower = (dependencies: EndFollowerDependencies): Reactor =>
  createEndFollower(dependencies, 'alert-follower', async ({ sessionId, origin, status }, send) => {
    if (origin.kind !== 'alert') return
    await send(`${sessionId}:investigated`, 'RecordInvestigation', { alertId: origin.alertId, sessionId, status })
  })
