// Messages of the log in order through one ordered consumer, bounded in memory; ends at the first trouble instead of mending it.
import type { JetStreamClient, JsMsg } from '@nats-io/jetstream'
import { pulls, type SilenceWatch, watchSilence } from './consumer-silence.ts'
import { eventsStream } from './streams.ts'

/** Held for a slow reader before the server is told to stop; reading then goes on with a new consumer. */
const heldMessages = 5_000
const heldBytes = 64 * 1024 * 1024

/**
 * Ends without an error when the signal fired, or when the reader was too slow: what was held has been handed on, and the
 * rest is to be asked for again. @throws when the consumer was lost; again, what was handed on is whole.
 */
export async function* orderedMessages(
  client: JetStreamClient,
  after: number,
  maxBatch: number,
  signal: AbortSignal,
): AsyncGenerator<readonly JsMsg[]> {
  const consumer = await client.consumers.get(eventsStream, {
    deliver_policy: 'by_start_sequence',
    opt_start_seq: after + 1,
    inactive_threshold: 60_000,
  })
  let waiting: readonly JsMsg[] = []
  let last = after
  let full = false
  let lost: Error | null = null
  let wake: (() => void) | null = null
  const notify = (): void => {
    wake?.()
    wake = null
  }
  const lose = (error: Error): void => {
    lost ??= error
    messages.stop()
    notify()
  }
  let silence: SilenceWatch | null = null
  let arrived: JsMsg[] = []
  let bytes = 0
  const messages = await consumer.consume({
    max_messages: 2_000,
    ...pulls,
    abort_on_missing_resource: true,
    callback: (message) => {
      silence?.heard()
      if (full || lost !== null || message.seq <= last) return
      last = message.seq
      arrived.push(message)
      bytes += message.data.length
      full = waiting.length + arrived.length >= heldMessages || bytes >= heldBytes
      notify()
    },
  })
  silence = watchSilence(messages, () => lose(new Error('the consumer went silent')))
  void messages.closed().then((error) => lose(error instanceof Error ? error : new Error('the consumer was closed')))
  // The client would make a lost consumer anew by itself, and read on in whatever log is there by then.
  const watch = async (): Promise<void> => {
    for await (const { type } of messages.status()) {
      if (type === 'reset') lose(new Error('the consumer was lost'))
    }
  }
  void watch().catch((error: unknown) => lose(error instanceof Error ? error : new Error(String(error))))
  const onAbort = (): void => {
    messages.stop()
    notify()
  }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    while (!signal.aborted) {
      if (full) messages.stop()
      if (waiting.length === 0) {
        waiting = arrived
        arrived = []
        bytes = 0
      }
      if (waiting.length > 0) {
        const batch = waiting.slice(0, maxBatch)
        waiting = waiting.slice(maxBatch)
        yield batch
      } else if (full) return
      else if (lost !== null) throw lost
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    silence.stop()
    messages.stop()
    void consumer.delete().catch(() => undefined)
  }
}
