// Stretches of time in milliseconds: of a bar and its parts, and the one that is looked at.
import type { WaterfallBar } from '../../../../projections/waterfall-view.ts'

export interface Span {
  readonly from: number
  readonly to: number
}

export interface Segment extends Span {
  readonly kind: 'queued' | 'running' | 'waiting'
}

/** Less cannot be told apart on a screen. */
const shortest = 5

const time = (at: string | null, otherwise: number): number => (at === null ? otherwise : Date.parse(at))

/** Until `now` while it is open. */
export const spanOf = ({ askedAt, endedAt }: WaterfallBar, now: number): Span => {
  const from = Date.parse(askedAt)
  return { from, to: Math.max(from, time(endedAt, now)) }
}

/** Queued, at work, waiting for a person: one after the other, none of them empty. */
export const segmentsOf = (bar: WaterfallBar, now: number): readonly Segment[] => {
  const { from, to } = spanOf(bar, now)
  const started = Math.min(time(bar.startedAt, to), to)
  const segments: Segment[] = []
  const add = (start: number, end: number): void => {
    if (start < Math.min(end, started)) segments.push({ kind: 'queued', from: start, to: Math.min(end, started) })
    if (Math.max(start, started) < end) segments.push({ kind: 'running', from: Math.max(start, started), to: end })
  }
  let at = from
  for (const wait of bar.waits) {
    const begun = Math.max(at, Date.parse(wait.from))
    const over = Math.min(to, time(wait.to, to))
    if (over <= begun) continue
    add(at, begun)
    segments.push({ kind: 'waiting', from: begun, to: over })
    at = over
  }
  add(at, to)
  return segments
}

/** How long it was queued, at work and waiting. */
export const lengthsOf = (bar: WaterfallBar, now: number): Readonly<Record<Segment['kind'], number>> => {
  const lengths = { queued: 0, running: 0, waiting: 0 }
  for (const { kind, from, to } of segmentsOf(bar, now)) lengths[kind] += to - from
  return lengths
}

export const wholeOf = (bars: readonly WaterfallBar[], now: number): Span => {
  let [from, to] = [Number.POSITIVE_INFINITY, 0]
  for (const bar of bars) {
    const span = spanOf(bar, now)
    from = Math.min(from, span.from)
    to = Math.max(to, span.to)
  }
  return from < to ? { from, to } : { from: Math.min(from, to), to: Math.min(from, to) + 1 }
}

/** Within the whole, and not too short to be seen. */
export const within = (whole: Span, { from, to }: Span): Span => {
  const length = Math.min(whole.to - whole.from, Math.max(to - from, shortest))
  const start = Math.min(Math.max(from, whole.from), whole.to - length)
  return { from: start, to: start + length }
}

/** `factor` over 1 shows more; what is at `at` stays where it is. */
export const zoomed = (whole: Span, { from, to }: Span, factor: number, at = (from + to) / 2): Span =>
  within(whole, { from: at - (at - from) * factor, to: at + (to - at) * factor })

/** `share` of what is shown: 0.5 goes half a screen on. */
export const moved = (whole: Span, { from, to }: Span, share: number): Span =>
  within(whole, { from: from + (to - from) * share, to: to + (to - from) * share })

/** What is shown, moved so far that some of `part` is in it. */
export const reaching = (whole: Span, span: Span, part: Span): Span =>
  part.to < span.from || part.from > span.to
    ? moved(whole, span, (part.from - span.from) / (span.to - span.from) - 0.1)
    : span

/** Of as much of `part` as is shown. */
export const middleOf = (part: Span, span: Span): number =>
  (Math.min(span.to, Math.max(span.from, part.from)) + Math.max(span.from, Math.min(span.to, part.to))) / 2

const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 3e4, 6e4, 3e5, 6e5, 18e5, 36e5, 144e5, 864e5]

/** Round times since `origin`, at most `most` of them. */
export const ticksOf = ({ from, to }: Span, origin: number, most: number): readonly number[] => {
  const step = steps.find((each) => (to - from) / each <= most) ?? Math.ceil((to - from) / most / 864e5) * 864e5
  const first = Math.ceil((from - origin) / step) * step
  const ticks: number[] = []
  for (let tick = first; tick <= to - origin; tick += step) ticks.push(tick)
  return ticks
}

/** How many model and tool calls were open at once, in each of `buckets` equal parts of the whole. */
export const activityOf = (
  bars: readonly WaterfallBar[],
  whole: Span,
  buckets: number,
  now: number,
): readonly number[] => {
  const changes = new Array<number>(buckets + 1).fill(0)
  const place = (at: number): number =>
    Math.min(buckets - 1, Math.floor(((at - whole.from) / (whole.to - whole.from)) * buckets))
  for (const bar of bars) {
    if (bar.kind !== 'model' && bar.kind !== 'tool') continue
    const { from, to } = spanOf(bar, now)
    const [first, last] = [place(from), place(to)]
    changes[first] = (changes[first] ?? 0) + 1
    changes[last + 1] = (changes[last + 1] ?? 0) - 1
  }
  let open = 0
  return changes.slice(0, buckets).map((change) => {
    open += change
    return open
  })
}
