// Reads what a read model says of something that has happened, however far behind the log it is when it is asked.
import { setTimeout as delay } from 'node:timers/promises'
import type { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import { ApiProblem } from './cli-errors.ts'

/** An answer waits some seconds for its read model: on a busy machine that is too short. */
const patienceMs = 60_000
const pauseMs = 250

/** Asked again while the read model has not seen `sequence`. @throws as `get`, after a minute of that. */
export const readAfter = async <T>(api: ApiClient, path: string, sequence: number, shape: z.ZodType<T>): Promise<T> => {
  const deadline = performance.now() + patienceMs
  for (;;) {
    try {
      return await api.get(`${path}${path.includes('?') ? '&' : '?'}after=${sequence}`, shape)
    } catch (error) {
      const isBehind = error instanceof ApiProblem && error.problem === 'projection_behind'
      if (!isBehind || performance.now() > deadline) throw error
      await delay(pauseMs)
    }
  }
}
