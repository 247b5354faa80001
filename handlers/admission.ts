// Gives sessions that wait a place, and takes it back when they end: in any number of processes, each of which may die.
import { setTimeout as delay } from 'node:timers/promises'
import type { CommandBus } from '../commands/command.ts'
import { beforeFirst, type EventLog } from '../commands/event-log.ts'
import { ForkSourceChanged } from '../commands/log-errors.ts'
import { QueueFull } from '../commands/queue-errors.ts'
import { admit } from '../domain/queue/admit.ts'
import { placeWanted } from '../domain/queue/place-wanted.ts'
import { hasLimits } from '../domain/queue/queue-limits.ts'
import { enqueue, type QueuedSession, release } from '../domain/queue/queue-state.ts'
import { CasebookError } from '../schemas/casebook-error.ts'
import type { Commit } from '../schemas/commit.ts'
import { shuttingDown } from './abortions.ts'
import { createSendFrom } from './handler-command.ts'
import type { CommitFeed } from './ports/commit-feed.ts'
import type { Log } from './ports/log.ts'
import type { QueueStore, StoredQueue } from './ports/queue-store.ts'
import type { Settings } from './ports/settings.ts'
import { type ReadWholeLog, rebuildQueue } from './rebuild-queue.ts'
import { createTellOnce } from './tell-once.ts'

export interface AdmissionDependencies {
  readonly store: QueueStore
  readonly bus: CommandBus
  readonly eventLog: Pick<EventLog, 'read'>
  readonly settings: Settings
  /** What this process appended: ends that it acts on at once. */
  readonly ownCommits: CommitFeed
  /** Every commit: ends that another process may have died on. */
  readonly feed: CommitFeed
  readonly readWholeLog: ReadWholeLog
  readonly log: Log
  /** Between two looks for what a process left behind. */
  readonly everyMs?: number
}

export interface WaitingLine {
  /**
   * The session stands in line, durably, when it resolves: at once, or when there is room. A repeat changes nothing.
   * Resolves too once the signal tells that the session has ended. @throws LogUnavailable (retryable); when the process
   * stops before there was room, QueueFull (retryable) or the reason of the signal.
   */
  join(session: QueuedSession, signal: AbortSignal): Promise<void>
}

export interface RunningAdmission extends WaitingLine {
  stop(): Promise<void>
}

interface Joiner {
  readonly session: QueuedSession
  readonly settle: (error?: unknown) => void
}

const beginAtOnce = 32

export const startAdmission = (deps: AdmissionDependencies): RunningAdmission => {
  const { store, eventLog, settings, everyMs = 1_000 } = deps
  const send = createSendFrom(deps.bus, 'admission')
  const stopping = new AbortController()
  const tell = createTellOnce(deps.log, { handler: 'admission' }, 'The queue of sessions goes on.')
  const limits = () => settings.current().configuration.defaults.queue

  /** Sessions that are in the queue, as far as this process knows. */
  const queued = new Set<string>()
  /** Those of them that have begun: of their end the feed tells. */
  const begun = new Set<string>()
  /** Those that have ended and may still have a place. */
  const ended = new Set<string>()
  const joining = new Set<Joiner>()

  let turn: Promise<void> = Promise.resolve()
  let isTurnAhead = false
  /** One change at a time: what comes meanwhile goes together in the next. */
  const change = (): Promise<void> => {
    if (!isTurnAhead) {
      isTurnAhead = true
      turn = turn.then(async () => {
        isTurnAhead = false
        await changeNow().catch(trouble)
      })
    }
    return turn
  }

  const changeNow = async (): Promise<void> => {
    const joiners = [...joining]
    const leaving = new Set(ended)
    let admitted: readonly QueuedSession[]
    try {
      admitted = await write(joiners, leaving)
    } catch (error) {
      for (const { settle } of joiners) settle(error)
      throw error
    }
    tell.success()
    for (const id of leaving) for (const known of [ended, queued, begun]) known.delete(id)
    await inBatches(admitted, begin)
  }

  /** @returns those who got a place. */
  const write = async (joiners: readonly Joiner[], leaving: ReadonlySet<string>): Promise<readonly QueuedSession[]> => {
    for (;;) {
      const stored = await storedQueue()
      let waiting = release(stored.state, leaving)
      const joined: Joiner[] = []
      for (const joiner of joiners) {
        const longer = enqueue(waiting, joiner.session)
        if (longer !== waiting && longer.waiting.length > limits().max_waiting) continue
        waiting = longer
        joined.push(joiner)
      }
      const { admitted, state } = admit(waiting, limits(), Date.now())
      const outcome = state === stored.state ? 'written' : await store.write(state, stored.revision)
      if (outcome === 'conflict') {
        await delay(Math.random() * 20)
      } else if (outcome === 'too_large' && joined.length > 0) {
        // Whoever wants in stays outside; whoever ended leaves all the same.
        return write([], leaving)
      } else {
        for (const { settle } of joined) settle()
        return outcome === 'written' ? admitted : []
      }
    }
  }

  let creating: Promise<void> | null = null
  /** What is lost, or was never there, is made from the log: by every process that needs it, and the first one counts. */
  const storedQueue = async (): Promise<StoredQueue> => {
    for (;;) {
      const stored = await store.read()
      if (stored !== null) return stored
      creating ??= create()
      await creating
    }
  }
  const create = async (): Promise<void> => {
    try {
      const state = await rebuildQueue(deps.readWholeLog())
      await store.write(state, null)
    } finally {
      creating = null
    }
  }

  /** Its place is kept by now; begun before a crash, it has begun already. */
  const begin = async (session: QueuedSession): Promise<void> => {
    const { id, org } = session
    queued.add(id)
    const commits = await eventLog.read({ org, category: 'session', id }, beforeFirst)
    const has = (type: string): boolean => commits.some(({ events }) => events.some((event) => event.type === type))
    const planned = commits.find(({ events }) => events.some((event) => placeWanted(event) !== null))
    if (planned === undefined || has('session.ended')) return give(id)
    if (!has('session.admitted')) {
      const waitedMs = Math.max(0, Date.now() - session.since)
      const cause = planned.events[0]?.id ?? planned.correlationId
      try {
        const outcome = await send(planned, cause, `${id}:admit`, 'AdmitSession', { sessionId: id, waitedMs })
        // It ended, or another process was faster: the next look tells which.
        if (outcome.kind !== 'accepted') return
      } catch (error) {
        if (!(error instanceof ForkSourceChanged)) throw error
        deps.log.warn(
          { session: id, code: error.code },
          `${error.message} It is cancelled; its place goes to the next.`,
        )
        const reason = 'What it shares with its source is not there any more.'
        await send(planned, cause, `${id}:orphan`, 'CancelSession', { sessionId: id, reason })
        return give(id)
      }
    }
    begun.add(id)
  }

  const give = (id: string): void => {
    ended.add(id)
    void change()
  }

  /** At work by the queue and not known to have begun, at the last look. */
  let doubtful: ReadonlySet<string> = new Set()
  /** Places of sessions that never began or have ended unheard, because a process died; limits that were raised. */
  const look = async (): Promise<void> => {
    const stored = await store.read()
    if (stored === null && !hasLimits(limits())) return
    const { running, waiting } = (stored ?? (await storedQueue())).state
    for (const { id } of [...running, ...waiting]) queued.add(id)
    const unknown = running.filter(({ id }) => !begun.has(id) && !ended.has(id))
    const before = doubtful
    doubtful = new Set(unknown.map(({ id }) => id))
    // A place given just now is about to be used by who gave it.
    const stale = unknown.filter(({ id }) => before.has(id))
    await inBatches(stale, begin)
    if (waiting.length > 0 || ended.size > 0 || joining.size > 0) await change()
  }

  const trouble = (error: unknown): void => {
    if (stopping.signal.aborted) return
    const code = error instanceof CasebookError ? error.code : 'unexpected'
    const message = error instanceof Error ? error.message : String(error)
    tell.trouble(code, { err: error, code }, `The queue of sessions stands still: ${message} Trying until it goes on.`)
  }

  /** @returns whether a session of the queue has ended. */
  const hear = ({ stream: { category, id }, events }: Commit): boolean => {
    if (category !== 'session') return false
    for (const event of events) {
      if (placeWanted(event) !== null) queued.add(id)
      else if (event.type === 'session.admitted') begun.add(id)
      else if (event.type === 'session.ended') return queued.has(id)
    }
    return false
  }
  const unsubscribe = [
    deps.ownCommits.subscribe((commit) => {
      if (hear(commit)) give(commit.stream.id)
    }),
    // Who appended the end gives the place back; the others see to it at their next look.
    deps.feed.subscribe((commit) => {
      if (hear(commit)) ended.add(commit.stream.id)
    }),
  ]

  const looking = (async () => {
    while (!stopping.signal.aborted) {
      await look().catch(trouble)
      await delay(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  })()

  return {
    join: (session, signal) =>
      new Promise((resolve, reject) => {
        const settle = (error?: unknown): void => {
          signal.removeEventListener('abort', leave)
          joining.delete(joiner)
          if (error === undefined) resolve()
          else reject(error)
        }
        const leave = (): void => settle(signal.reason === shuttingDown ? signal.reason : undefined)
        const joiner = { session, settle }
        if (stopping.signal.aborted) return settle(new QueueFull('This process stops.'))
        if (signal.aborted) return leave()
        signal.addEventListener('abort', leave)
        joining.add(joiner)
        queued.add(session.id)
        void change()
      }),
    stop: async () => {
      stopping.abort()
      for (const each of unsubscribe) each()
      await looking
      await turn
      for (const { settle } of joining) settle(new QueueFull('This process stops.'))
    },
  }
}

const inBatches = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  for (let at = 0; at < items.length; at += beginAtOnce) {
    await Promise.all(items.slice(at, at + beginAtOnce).map(work))
  }
}
