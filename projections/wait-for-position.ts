// Read your own writes: a query waits until its read model has seen the commit it follows.
import { setTimeout as delay } from 'node:timers/promises'
import type { LogSequence } from '../schemas/ids.ts'
import { ProjectionBehind } from './projection-errors.ts'
import type { ProjectionRunner } from './run-projection.ts'

/** In the process that runs the projection: told by the runner itself. @throws ProjectionBehind. */
export const waitOnRunner = (runner: ProjectionRunner, sequence: number, timeoutMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    if (runner.position() >= sequence) return resolve()
    const timer = setTimeout(() => {
      stop()
      reject(new ProjectionBehind(runner.projection.name, sequence, runner.position()))
    }, timeoutMs)
    const stop = runner.onMoved(() => {
      // Asked anew: what is told may be of before a rebuild.
      if (runner.position() < sequence) return
      clearTimeout(timer)
      stop()
      resolve()
    })
  })

const lookMs = 25

/** In a process that only serves reads: by looking at the stored checkpoint. @throws ProjectionBehind. */
export const waitForPosition = async (
  name: string,
  read: () => Promise<LogSequence>,
  sequence: number,
  timeoutMs: number,
): Promise<void> => {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const position = await read()
    if (position >= sequence) return
    if (performance.now() > deadline) throw new ProjectionBehind(name, sequence, position)
    await delay(lookMs)
  }
}
