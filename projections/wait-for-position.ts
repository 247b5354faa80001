// Read your own writes: a query waits until its read model has seen the commit it follows.
import { setTimeout as delay } from 'node:timers/promises'
import type { LogSequence } from '../schemas/ids.ts'
import { ProjectionBehind } from './projection-errors.ts'
import type { ProjectionRunner } from './run-projection.ts'

export type WaitFor = (sequence: number, timeoutMs: number) => Promise<void>

interface Waiter {
  readonly sequence: number
  readonly deadline: number
  resolve(): void
  reject(error: ProjectionBehind): void
}

/** How late a time-out may come. */
const sweepMs = 50

/**
 * In the process that runs the projection: told by the runner itself. In strict mode every append waits here, so there is one
 * listener and one timer for all. @throws ProjectionBehind.
 */
export const createWaitFor = ({ projection, position, onMoved }: ProjectionRunner): WaitFor => {
  /** In the order of their sequences. */
  let waiting: Waiter[] = []
  let sweeping: NodeJS.Timeout | undefined

  const sweep = (): void => {
    const now = performance.now()
    const late = waiting.filter(({ deadline }) => deadline <= now)
    waiting = waiting.filter(({ deadline }) => deadline > now)
    for (const { sequence, reject } of late) reject(new ProjectionBehind(projection.name, sequence, position()))
    if (waiting.length > 0) return
    clearInterval(sweeping)
    sweeping = undefined
  }
  onMoved(() => {
    // Asked anew: what is told may be of before a rebuild.
    const reached = position()
    let met = waiting.findIndex(({ sequence }) => sequence > reached)
    if (met < 0) met = waiting.length
    for (const { resolve } of waiting.splice(0, met)) resolve()
  })

  return (sequence, timeoutMs) =>
    position() >= sequence
      ? Promise.resolve()
      : new Promise((resolve, reject) => {
          const place = waiting.findLastIndex((other) => other.sequence <= sequence) + 1
          waiting.splice(place, 0, { sequence, deadline: performance.now() + timeoutMs, resolve, reject })
          sweeping ??= setInterval(sweep, sweepMs)
        })
}

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
