// How fast a runner has moved lately, so that a rebuild can say when it will be done.

const windowMs = 2_500

export interface RateMeter {
  note(position: number): void
  /** Positions a second over the last 2.5 to 5 seconds; 0 when nothing moved. */
  rate(): number
}

interface Sample {
  readonly at: number
  readonly position: number
}

export const createRateMeter = (now: () => number = () => performance.now()): RateMeter => {
  let before: Sample | null = null
  let anchor: Sample | null = null
  let last: Sample | null = null
  return {
    note: (position) => {
      const sample = { at: now(), position }
      const stale = last === null || position < last.position || sample.at - last.at > windowMs
      if (stale) {
        before = sample
        anchor = sample
      } else if (anchor !== null && sample.at - anchor.at > windowMs) {
        before = anchor
        anchor = sample
      }
      last = sample
    },
    rate: () => {
      if (before === null || last === null || last.at === before.at || now() - last.at > windowMs) return 0
      return Math.round(((last.position - before.position) / (last.at - before.at)) * 1_000)
    },
  }
}
