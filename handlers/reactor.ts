// The runtime of every handler: takes commits from its durable consumer, runs what they call for, and settles them.

import { withSpan } from '../commands/with-span.ts'
import { CasebookError } from '../schemas/casebook-error.ts'
import type { Commit } from '../schemas/commit.ts'
import type { EventType } from '../schemas/events.ts'
import { type Abortions, shuttingDown } from './abortions.ts'
import type { CommitSource, Delivery } from './ports/commit-source.ts'
import type { Log } from './ports/log.ts'
import { createSlots } from './slots.ts'
import { createTellOnce } from './tell-once.ts'

/** One handler: what it reacts to and what it does. It must be idempotent: it may be called again for the same commit. */
export interface Reactor {
  readonly name: string
  readonly reactsTo: readonly EventType[]
  /** Commits worked on at once in this process. */
  readonly concurrency: number
  /** Resolves when everything the commit calls for is done; the signal fires when its session ends or the process stops. */
  react(commit: Commit, signal: AbortSignal): Promise<Reaction>
  /** The commit will not be tried again: tells its session, which would wait for ever otherwise. */
  giveUp?(commit: Commit, reason: string): Promise<void>
}

export type Reaction = { readonly kind: 'done' } | { readonly kind: 'later'; readonly delayMs: number }

export const done: Reaction = { kind: 'done' }
export const later = (delayMs: number): Reaction => ({ kind: 'later', delayMs })

export interface ReactorOptions {
  readonly source: CommitSource
  readonly abortions: Abortions
  readonly log: Log
  /** How long a commit may go unreported before another process takes it over. */
  readonly ackWaitMs?: number
}

export interface RunningReactor {
  readonly name: string
  readonly inFlight: () => number
  /** Takes nothing more, lets what is under way finish for a while, then aborts it; unfinished work goes to others. */
  stop(graceMs: number): Promise<void>
}

const defaultAckWaitMs = 4_000
/** Failures of one commit in this process after which it is parked: it would fail for ever. */
const maxFailures = 5
/** Deliveries after which a commit is not tried by another process: it seems to kill each that tries. */
const maxDeliveries = 100

export const startReactor = (reactor: Reactor, options: ReactorOptions): RunningReactor => {
  const { source, abortions, log } = options
  const ackWaitMs = options.ackWaitMs ?? defaultAckWaitMs
  const stopping = new AbortController()
  const slots = createSlots(reactor.concurrency)
  const held = new Map<Delivery, number>()
  const underWay = new Map<number, Promise<void>>()
  /** Failures of each commit tried by this process and not settled yet. */
  const failures = new Map<number, number>()
  const tell = createTellOnce(log, { handler: reactor.name }, `${reactor.name} goes on.`)

  const beatMs = ackWaitMs / 4
  const heartbeat = setInterval(() => {
    const old = performance.now() - beatMs
    for (const [delivery, since] of held) if (since <= old) beat(delivery)
  }, beatMs)
  heartbeat.unref()

  const beat = (delivery: Delivery): void => {
    try {
      delivery.working()
    } catch (error) {
      // Not told: the commit is taken over by another process, or delivered to this one again.
      log.warn({ handler: reactor.name, sequence: delivery.commit.sequence, err: error }, 'A heartbeat was not sent.')
    }
  }

  const work = async (delivery: Delivery): Promise<void> => {
    const { commit } = delivery
    const release = await slots.take()
    const abortion = abortions.open(commit)
    try {
      if (stopping.signal.aborted) return delivery.later(0)
      if (delivery.deliveries > maxDeliveries && !failures.has(commit.sequence)) {
        const message = `Tried ${delivery.deliveries - 1} times, and nobody could say what became of it.`
        return await giveUp(delivery, { code: 'too_many_deliveries', message })
      }
      failures.set(commit.sequence, failures.get(commit.sequence) ?? 0)
      const attributes = { 'casebook.handler': reactor.name, 'casebook.sequence': commit.sequence }
      const reaction = await withSpan(`handle ${reactor.name}`, { attributes, traceparent: commit.traceparent }, () =>
        reactor.react(commit, abortion.signal),
      )
      if (reaction.kind === 'later') {
        failures.set(commit.sequence, 0)
        return delivery.later(reaction.delayMs)
      }
      failures.delete(commit.sequence)
      tell.success()
      delivery.done()
    } catch (error) {
      await failed(delivery, error, abortion.signal)
    } finally {
      abortion.close()
      release()
    }
  }

  const failed = async (delivery: Delivery, error: unknown, signal: AbortSignal): Promise<void> => {
    const { commit } = delivery
    if (signal.aborted && signal.reason === shuttingDown) return delivery.later(0)
    const message = error instanceof Error ? error.message : String(error)
    const code = error instanceof CasebookError ? error.code : 'unexpected'
    if (error instanceof CasebookError && error.retryable) {
      tell.trouble(code, { sequence: commit.sequence, code }, `${message} Trying until it succeeds.`)
      return delivery.later(backoff(delivery.deliveries))
    }
    const count = (failures.get(commit.sequence) ?? 0) + 1
    failures.set(commit.sequence, count)
    if (count < maxFailures) {
      log.warn({ handler: reactor.name, sequence: commit.sequence, code, failures: count }, `${message} Trying again.`)
      return delivery.later(backoff(count))
    }
    log.error({ handler: reactor.name, sequence: commit.sequence, code, err: error }, `Given up: ${message}`)
    await giveUp(delivery, { code, message })
  }

  /** The session is told first: a crash in between tells it twice, which changes nothing. */
  const giveUp = async (delivery: Delivery, reason: Parameters<Delivery['park']>[0]): Promise<void> => {
    const { commit } = delivery
    try {
      await reactor.giveUp?.(commit, reason.message)
    } catch (error) {
      if (error instanceof CasebookError && error.retryable) return delivery.later(backoff(delivery.deliveries))
      log.error({ handler: reactor.name, sequence: commit.sequence, err: error }, 'The session could not be told.')
    }
    await delivery.park(reason)
    failures.delete(commit.sequence)
  }

  const consume = async (): Promise<void> => {
    const deliveries = source.deliveries(
      {
        consumer: reactor.name,
        maxInFlight: reactor.concurrency,
        ackWaitMs,
        types: new Set(reactor.reactsTo),
      },
      stopping.signal,
    )
    for await (const delivery of deliveries) {
      const { sequence } = delivery.commit
      if (underWay.has(sequence)) {
        // Given back to us while we still work on it (a stalled heartbeat): ask again when we may be done.
        delivery.later(ackWaitMs)
        continue
      }
      held.set(delivery, performance.now())
      const task = work(delivery)
        .catch((error: unknown) => log.error({ handler: reactor.name, err: error }, 'A delivery could not be settled.'))
        .finally(() => {
          held.delete(delivery)
          underWay.delete(sequence)
        })
      underWay.set(sequence, task)
    }
  }
  const consuming = consume().catch((error: unknown) =>
    log.error({ handler: reactor.name, err: error }, 'The handler stopped consuming; restart the process.'),
  )

  return {
    name: reactor.name,
    inFlight: () => underWay.size,
    stop: async (graceMs) => {
      stopping.abort(shuttingDown)
      await consuming
      const rest = Promise.allSettled([...underWay.values()])
      const timer = setTimeout(() => abortions.abortAll(shuttingDown), graceMs)
      await rest
      clearTimeout(timer)
      clearInterval(heartbeat)
    },
  }
}

const backoff = (attempt: number): number => Math.min(30_000, 250 * 2 ** Math.min(attempt, 10))
