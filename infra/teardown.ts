// Stops what was started, in reverse order; one that fails to stop does not keep the others running.
import type { Log } from '../handlers/ports/log.ts'

export interface Teardown {
  add(name: string, stop: () => Promise<void>): void
  /** Runs once, however often it is asked for. */
  run(): Promise<void>
}

export const createTeardown = (log: Log): Teardown => {
  const steps: { readonly name: string; readonly stop: () => Promise<void> }[] = []
  let running: Promise<void> | null = null
  const runAll = async (): Promise<void> => {
    for (const { name, stop } of steps.reverse()) {
      try {
        await stop()
      } catch (error) {
        log.warn({ part: name, err: error }, `${name} did not stop cleanly.`)
      }
    }
  }
  return {
    add: (name, stop) => {
      steps.push({ name, stop })
    },
    run: () => {
      running ??= runAll()
      return running
    },
  }
}
