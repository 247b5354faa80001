// Takes messages off a durable queue and settles each: done, put off while something is away, or parked; never round for ever.
import { withSpan } from '../commands/with-span.ts'
import { CasebookError } from '../schemas/casebook-error.ts'
import { shuttingDown } from './abortions.ts'
import type { Log } from './ports/log.ts'
import type { ParkReason, QueuedMessage } from './ports/queued-message.ts'
import type { RunningReactor } from './reactor.ts'
import { createSlots } from './slots.ts'
import { createTellOnce } from './tell-once.ts'

export interface QueueWork<M extends QueuedMessage> {
  readonly name: string
  /** What a message is called in the log, such as `An alert message`. */
  readonly noun: string
  /** Messages worked on at once in this process. */
  readonly concurrency: number
  /** Deliveries after which a failure that says nothing about the outside being away parks the message. */
  readonly maxDeliveries: number
  readonly deliveries: (signal: AbortSignal) => AsyncIterable<M>
  /** @returns why the message can never be taken, or null when it was. @throws what another try may mend. */
  readonly work: (message: M) => Promise<ParkReason | null>
  readonly log: Log
}

/** Well under the queue's wait for a word: some messages take longer than that. */
const heartbeatMs = 1_000

export const runQueue = <M extends QueuedMessage>(options: QueueWork<M>): RunningReactor => {
  const { name, noun, log } = options
  const stopping = new AbortController()
  const slots = createSlots(options.concurrency)
  const underWay = new Set<Promise<void>>()
  const tell = createTellOnce(log, { handler: name }, `The ${name} goes on.`)

  const take = async (message: M): Promise<void> => {
    const heartbeat = setInterval(() => beat(message), heartbeatMs)
    try {
      const { traceparent } = message.headers
      const attributes = { 'casebook.message': message.id }
      const reason = await withSpan(`handle ${name}`, { attributes, traceparent }, () => options.work(message))
      if (reason === null) message.done()
      else {
        await message.park(reason)
        log.warn({ message: message.id, code: reason.code }, `${noun} was parked: ${reason.message}`)
      }
      tell.success()
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      const code = error instanceof CasebookError ? error.code : 'unexpected'
      const retryable = error instanceof CasebookError && error.retryable
      if (!retryable && message.deliveries >= options.maxDeliveries) {
        log.error({ message: message.id, err: error }, `${noun} was parked: ${text}`)
        return await message.park({ code, message: text })
      }
      tell.trouble(code, { message: message.id, code }, `${text} Trying until it succeeds.`)
      message.later(Math.min(30_000, 250 * 2 ** Math.min(message.deliveries, 7)))
    } finally {
      clearInterval(heartbeat)
    }
  }

  const consume = async (): Promise<void> => {
    for await (const message of options.deliveries(stopping.signal)) {
      const release = await slots.take()
      const task = take(message)
        .catch((error: unknown) => log.error({ message: message.id, err: error }, `${noun} could not be settled.`))
        .finally(() => {
          release()
          underWay.delete(task)
        })
      underWay.add(task)
    }
  }
  const consuming = consume().catch((error: unknown) =>
    log.error({ err: error }, `The ${name} stopped consuming; restart the process.`),
  )

  return {
    name,
    inFlight: () => underWay.size,
    stop: async () => {
      stopping.abort(shuttingDown)
      await consuming
      await Promise.allSettled([...underWay])
    },
  }
}

const beat = (message: QueuedMessage): void => {
  try {
    message.working()
  } catch {
    // Not told: it is delivered again, which changes nothing.
  }
}
