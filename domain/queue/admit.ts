// Who is next: by lane, in a lane the org with the fewest at work for its weight, within an org whoever came first.
import { priority } from '../../schemas/priority.ts'
import type { QueueSettings } from '../../schemas/queue.ts'
import { limitOfAll, limitOfChain, limitOfOrg, weightOf } from './queue-limits.ts'
import type { QueuedSession, QueueState } from './queue-state.ts'

/** Gives free places to those next in line. @returns them, in that order, and the state with them at work. */
export const admit = (
  state: QueueState,
  settings: QueueSettings,
  now: number,
): { readonly admitted: readonly QueuedSession[]; readonly state: QueueState } => {
  const tally = tallyOf(state)
  const held = blocked(state, settings, now, tally)
  if (held !== undefined) reserve(tally, held)
  const admitted = take(state, settings, now, tally, (session) => session !== held && hasRoom(session, settings, tally))
  if (admitted.length === 0) return { admitted, state }
  const taken = new Set(admitted)
  const waiting = state.waiting.filter((session) => !taken.has(session))
  const running = [...state.running, ...admitted]
  return { admitted, state: { running, waiting, served: servedOf([...running, ...waiting], tally) } }
}

/** Those who wait, in the order in which they would go if places came free one after another. */
export const lineOf = (state: QueueState, settings: QueueSettings, now: number): readonly QueuedSession[] =>
  take(state, settings, now, tallyOf(state), () => true)

interface Tally {
  all: number
  readonly orgs: Map<string, number>
  readonly chains: Map<string, number>
  readonly served: Map<string, number>
  turn: number
}

const tallyOf = ({ running, served }: QueueState): Tally => {
  const turns = Object.entries(served)
  const tally: Tally = {
    all: 0,
    orgs: new Map(),
    chains: new Map(),
    served: new Map(turns),
    turn: turns.reduce((latest, [, turn]) => Math.max(latest, turn), 0),
  }
  for (const session of running) {
    tally.all++
    reserve(tally, session)
  }
  return tally
}

const reserve = ({ orgs, chains }: Tally, { org, chain }: QueuedSession): void => {
  orgs.set(org, (orgs.get(org) ?? 0) + 1)
  chains.set(chain, (chains.get(chain) ?? 0) + 1)
}

const hasRoom = (session: QueuedSession, settings: QueueSettings, tally: Tally): boolean =>
  tally.all < limitOfAll(settings) && hasOwnRoom(session, settings, tally)

const hasOwnRoom = ({ org, chain }: QueuedSession, settings: QueueSettings, { orgs, chains }: Tally): boolean =>
  (orgs.get(org) ?? 0) < limitOfOrg(settings, org) && (chains.get(chain) ?? 0) < limitOfChain(settings, chain)

/**
 * The one that is overdue longest waits for a place of its org and one of its chain: others would take whichever comes
 * free first, for ever. The next of each is kept for it.
 */
const blocked = (state: QueueState, settings: QueueSettings, now: number, tally: Tally): QueuedSession | undefined => {
  const oldest = state.waiting.find((session) => laneNow(session, settings, now) === overdue)
  return oldest === undefined || hasOwnRoom(oldest, settings, tally) ? undefined : oldest
}

/** Goes before everybody: without it, whoever asks much of a busy chain could be passed by fresh ones for ever. */
const overdue = -1
const overdueAfter = 2 * priority.options.length

/** 0 is the highest lane; one for each time of aging that has passed. */
const laneNow = ({ lane, since }: QueuedSession, { aging_minutes }: QueueSettings, now: number): number => {
  const aged = Math.floor((now - since) / (aging_minutes * 60_000))
  return aged >= overdueAfter ? overdue : Math.max(0, priority.options.indexOf(lane) - Math.max(0, aged))
}

/** Sessions of one org, chain and lane: the first of them goes before the others. */
interface Line {
  readonly lane: number
  readonly sessions: readonly QueuedSession[]
  next: number
}

const take = (
  state: QueueState,
  settings: QueueSettings,
  now: number,
  tally: Tally,
  mayGo: (session: QueuedSession) => boolean,
): readonly QueuedSession[] => {
  const lines = linesOf(state, settings, now)
  const taken: QueuedSession[] = []
  for (;;) {
    let best: { readonly line: Line; readonly session: QueuedSession; readonly rank: readonly number[] } | undefined
    for (const line of lines) {
      const session = line.sessions[line.next]
      if (session === undefined || !mayGo(session)) continue
      const { org, since } = session
      const share = (tally.orgs.get(org) ?? 0) / weightOf(settings, org)
      const rank = line.lane === overdue ? [overdue, since] : [line.lane, share, tally.served.get(org) ?? 0, since]
      if (best === undefined || isBefore(rank, best.rank)) best = { line, session, rank }
    }
    if (best === undefined) return taken
    best.line.next++
    taken.push(best.session)
    tally.all++
    tally.served.set(best.session.org, ++tally.turn)
    reserve(tally, best.session)
  }
}

const linesOf = ({ waiting }: QueueState, settings: QueueSettings, now: number): readonly Line[] => {
  const lines = new Map<string, { lane: number; sessions: QueuedSession[]; next: number }>()
  for (const session of waiting) {
    const lane = laneNow(session, settings, now)
    const key = `${lane} ${session.org} ${session.chain}`
    const line = lines.get(key)
    if (line === undefined) lines.set(key, { lane, sessions: [session], next: 0 })
    else line.sessions.push(session)
  }
  return [...lines.values()]
}

const isBefore = (rank: readonly number[], other: readonly number[]): boolean => {
  const at = rank.findIndex((value, index) => value !== other[index])
  return at !== -1 && (rank[at] ?? 0) < (other[at] ?? 0)
}

/** Of orgs with nothing here, none is kept. */
const servedOf = (sessions: readonly QueuedSession[], { served }: Tally): Readonly<Record<string, number>> => {
  const present = new Set<string>(sessions.map(({ org }) => org))
  return Object.fromEntries([...served].filter(([org]) => present.has(org)))
}
