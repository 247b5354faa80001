// Messages of a durable pull consumer, for as long as the signal allows: bound again after every kind of loss.
import { setTimeout as delay } from 'node:timers/promises'
import { type ConsumerConfig, JetStreamApiError, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { type NatsConnection, nanos } from '@nats-io/transport-node'
import type { Log } from '../../handlers/ports/log.ts'
import { createTellOnce, type TellOnce } from '../../handlers/tell-once.ts'
import { pulls, type SilenceWatch, watchSilence } from './consumer-silence.ts'

export interface DurableOptions {
  readonly stream: string
  readonly consumer: string
  readonly filter: string
  readonly maxInFlight: number
  readonly ackWaitMs: number
  /** One message at a time over all processes: the next comes when the one before is settled. */
  readonly inOrder?: boolean
}

/** A server that says nothing says nothing to every consumer of a connection: told once for all of them. */
const unanswered = new WeakMap<NatsConnection, TellOnce>()

const tellUnanswered = (connection: NatsConnection, log: Log): TellOnce => {
  const tell = unanswered.get(connection) ?? createTellOnce(log, {}, 'JetStream answers again; consumers are bound.')
  unanswered.set(connection, tell)
  return tell
}

/** Calls `onMessage` for each message until the signal fires. Resolves when nothing more will come. */
export const consumeDurable = async (
  connection: NatsConnection,
  options: DurableOptions,
  onMessage: (message: JsMsg) => void,
  signal: AbortSignal,
  log: Log,
): Promise<void> => {
  const client = jetstream(connection)
  const tell = createTellOnce(log, { consumer: options.consumer }, `Consumer ${options.consumer} is bound again.`)
  const silent = tellUnanswered(connection, log)
  while (!signal.aborted) {
    try {
      await ensureConsumer(connection, options)
      const consumer = await client.consumers.get(options.stream, options.consumer)
      let silence: SilenceWatch | null = null
      const messages = await consumer.consume({
        max_messages: Math.max(2, Math.min(512, options.maxInFlight)),
        abort_on_missing_resource: true,
        ...pulls,
        callback: (message) => {
          silence?.heard()
          onMessage(message)
        },
      })
      silence = watchSilence(messages, () => messages.close())
      tell.success()
      silent.success()
      const stop = (): void => messages.stop()
      signal.addEventListener('abort', stop, { once: true })
      if (signal.aborted) stop()
      const error = await messages.closed()
      silence.stop()
      signal.removeEventListener('abort', stop)
      if (error instanceof Error && !signal.aborted)
        tell.trouble('lost', { err: error }, `Consumer ${options.consumer} was lost; binding again.`)
    } catch (error) {
      if (signal.aborted) break
      const message = `Consumer ${options.consumer} could not be bound; trying until it is.`
      if (error instanceof JetStreamApiError) tell.trouble('unbound', { err: error }, message)
      else silent.trouble('unanswered', { err: error }, 'JetStream does not answer; consumers are bound when it does.')
    }
    if (!signal.aborted) await delay(250, undefined, { signal }).catch(() => undefined)
  }
}

const ensureConsumer = async (connection: NatsConnection, options: DurableOptions): Promise<void> => {
  const manager = await jetstreamManager(connection, { checkAPI: false })
  const wanted: Partial<ConsumerConfig> & { readonly durable_name: string } = {
    durable_name: options.consumer,
    ack_policy: 'explicit',
    deliver_policy: 'all',
    filter_subject: options.filter,
    ack_wait: nanos(options.ackWaitMs),
    max_ack_pending: options.inOrder === true ? 1 : options.maxInFlight * maxProcesses,
    max_deliver: -1,
  }
  try {
    const { config } = await manager.consumers.info(options.stream, options.consumer)
    const same = config.ack_wait === wanted.ack_wait && config.max_ack_pending === wanted.max_ack_pending
    // Where it began is for good: a restored one began where its handler had stood.
    const { deliver_policy: _, ...changeable } = wanted
    if (!same) await manager.consumers.update(options.stream, options.consumer, changeable)
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.status !== 404) throw error
    await manager.consumers.add(options.stream, { ...wanted })
  }
}

/** The server counts what is unacknowledged over all processes; each process bounds its own part. */
const maxProcesses = 8

/** Turns the callback into an iteration that ends with the signal. */
export async function* iterate<T>(
  start: (push: (item: T) => void) => Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const waiting: T[] = []
  let wake: (() => void) | null = null
  let over = false
  const notify = (): void => {
    wake?.()
    wake = null
  }
  const running = start((item) => {
    waiting.push(item)
    notify()
  }).finally(() => {
    over = true
    notify()
  })
  signal.addEventListener('abort', notify, { once: true })
  try {
    while (!signal.aborted) {
      const item = waiting.shift()
      if (item !== undefined) yield item
      else if (over) break
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    signal.removeEventListener('abort', notify)
    await running
  }
}
