// Tells a task that the session of one of its runs has ended.
import { createEndFollower, type EndFollowerDependencies } from './end-follower.ts'
import type { Reactor } from './reactor.ts'

export const createTaskFollower = (dependencies: EndFollowerDependencies): Reactor =>
  createEndFollower(dependencies, 'task-follower', async ({ sessionId, origin, status }, send) => {
    if (origin.kind !== 'task') return
    const { taskId, run } = origin
    await send(`${sessionId}:ended`, 'RecordTaskRun', { taskId, run, sessionId, status })
  })
