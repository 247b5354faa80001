// Waits for a condition instead of for time, and says what it last saw when the condition never came.
// The limit is what only a fault takes: a machine that many share answers late, and a limit it reaches is a test that fails by chance.
import { setTimeout as delay } from 'node:timers/promises'

export const eventually = async <T>(
  condition: () => T | Promise<T>,
  options: { readonly withinMs?: number; readonly everyMs?: number; readonly describe?: string } = {},
): Promise<NonNullable<Exclude<T, false>>> => {
  const { withinMs = 120_000, everyMs = 20, describe = condition.toString() } = options
  const deadline = performance.now() + withinMs
  let last: unknown
  for (;;) {
    try {
      const value = await condition()
      if (value) return value as NonNullable<Exclude<T, false>>
      last = value
    } catch (error) {
      last = error
    }
    if (performance.now() > deadline) {
      const seen = last instanceof Error ? last.message : JSON.stringify(last)
      throw new Error(`not within ${withinMs} ms: ${describe}; last seen: ${seen}`)
    }
    await delay(everyMs)
  }
}
