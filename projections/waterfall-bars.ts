// The bars of a session while they are folded: begun, held up, ended, each at the time of the event at hand.
import type { TokenUsage } from '../schemas/model.ts'
import { noUsage, plusUsage } from './spent.ts'
import type { WaterfallBar } from './waterfall-view.ts'

type Status = WaterfallBar['status']
type NewBar = Pick<WaterfallBar, 'id' | 'kind' | 'parent' | 'name'> & Partial<WaterfallBar>

/** Changed in place by their ids: a session may have tens of thousands. */
export const createBars = (from: readonly WaterfallBar[]) => {
  const bars = new Map(from.map((bar) => [bar.id, bar]))
  /** Bars by the question they wait for. */
  const asking = new Map<string, string>()
  for (const { id, waits } of from) {
    for (const { inputId } of waits) if (inputId !== null) asking.set(inputId, id)
  }
  let now = ''
  let version = 0

  const change = (id: string, what: (bar: WaterfallBar) => Partial<WaterfallBar>): void => {
    const bar = bars.get(id)
    if (bar !== undefined) bars.set(id, { ...bar, ...what(bar) })
  }
  const end = (id: string, status: Status): void =>
    change(id, ({ endedAt, waits }) => (endedAt === null ? { status, endedAt: now, waits: closed(waits, now) } : {}))

  return {
    /** What follows happens at this time, by this event of the session. */
    at: (time: string, eventVersion: number): void => {
      now = time
      version = eventVersion
    },
    all: (): readonly WaterfallBar[] => [...bars.values()],
    get: (id: string): WaterfallBar | undefined => bars.get(id),
    /** A bar that is there stays as it is. */
    open: (bar: NewBar): void => {
      if (bars.has(bar.id)) return
      const times = { askedAt: now, startedAt: null, endedAt: null, waits: [] }
      bars.set(bar.id, { status: 'queued', ...times, usage: noUsage, costMicros: 0, version, ...bar })
    },
    change,
    start: (id: string): void => change(id, ({ startedAt }) => ({ status: 'running', startedAt: startedAt ?? now })),
    end,
    /** Whatever something had begun ends with it. */
    endAll: (isPart: (bar: WaterfallBar) => boolean): void => {
      for (const bar of bars.values()) if (bar.endedAt === null && isPart(bar)) end(bar.id, 'cancelled')
    },
    /** Of a model the log says only how long it took. */
    took: (id: string, durationMs: number): void =>
      change(id, ({ askedAt }) => ({ startedAt: latest(askedAt, before(now, durationMs)) })),
    /** Counted for it and for all it is a part of. */
    spend: (
      id: string,
      spent: { readonly usage?: TokenUsage | undefined; readonly costMicros?: number | undefined },
    ): void => {
      const { usage = noUsage, costMicros = 0 } = spent
      for (let at = bars.get(id); at !== undefined; at = bars.get(at.parent ?? '')) {
        change(at.id, (bar) => ({ usage: plusUsage(bar.usage, usage), costMicros: bar.costMicros + costMicros }))
      }
    },
    /** `inputId`: null for a pause. */
    wait: (id: string, inputId: string | null): void => {
      if (inputId !== null) asking.set(inputId, id)
      change(id, ({ waits }) => ({ status: 'waiting', waits: [...waits, { from: now, to: null, inputId }] }))
    },
    goOn: (inputId: string | null, paused: string): void =>
      change(inputId === null ? paused : (asking.get(inputId) ?? ''), (bar) => {
        const waits = bar.waits.map((each) =>
          each.inputId === inputId && each.to === null ? { ...each, to: now } : each,
        )
        const goesOn = bar.status === 'waiting' && waits.every(({ to }) => to !== null)
        return { waits, ...(goesOn && { status: bar.startedAt === null ? 'queued' : 'running' }) }
      }),
    /** What is under way begins anew here; what has ended is left out. */
    beginAnew: (root: string): void => {
      for (const bar of bars.values()) {
        if (bar.endedAt !== null && bar.id !== root) bars.delete(bar.id)
        else {
          const times = { askedAt: now, startedAt: bar.startedAt === null ? null : now, endedAt: null, waits: [] }
          bars.set(bar.id, { ...bar, ...times, usage: noUsage, costMicros: 0, version })
        }
      }
    },
  }
}

export const latest = (a: string, b: string): string => (a > b ? a : b)

export const before = (time: string, ms: number): string => new Date(Date.parse(time) - ms).toISOString()

const closed = (waits: WaterfallBar['waits'], now: string): WaterfallBar['waits'] =>
  waits.map((wait) => (wait.to === null ? { ...wait, to: now } : wait))
