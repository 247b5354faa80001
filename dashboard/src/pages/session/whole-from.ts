// The version a fork from an event begins at: what belongs to the event in its commit is taken along.
import { belongsToBefore } from '../../../../domain/session/whole-step.ts'

interface Told {
  readonly event: { readonly type: string; readonly version: number }
  /** Of its commit. */
  readonly sequence: number
}

export const wholeFrom = (events: readonly Told[], index: number): number => {
  const here = events[index]
  const next = events[index + 1]
  return next !== undefined && next.sequence === here?.sequence && belongsToBefore(next.event)
    ? wholeFrom(events, index + 1)
    : (here?.event.version ?? 0)
}
