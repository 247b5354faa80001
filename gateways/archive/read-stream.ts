// Reads that let go of the server's stream however they end: the client leaves it open when its reader stops early.
import {
  type AllStreamRecordedEvent,
  type EventStoreDBClient,
  type ReadStreamOptions,
  type RecordedEvent,
  type StreamingRead,
  StreamNotFoundError,
} from '@eventstore/db-client'

/** Of a stream that does not exist none. */
export async function* readStream(
  client: EventStoreDBClient,
  stream: string,
  options: ReadStreamOptions,
): AsyncGenerator<RecordedEvent> {
  try {
    yield* recorded(client.readStream(stream, options))
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error
  }
}

/** Of all streams, the server's own too, in the order they were written. */
export const readAll = (client: EventStoreDBClient): AsyncGenerator<AllStreamRecordedEvent> =>
  recorded(client.readAll())

async function* recorded<E>(reading: StreamingRead<{ readonly event?: E }>): AsyncGenerator<E> {
  try {
    for await (const { event } of reading.iterator({ destroyOnReturn: false })) if (event !== undefined) yield event
  } finally {
    void reading.cancel()
    // What is on its way is let go; a reader that is gone would hold it up for ever.
    reading.on('error', () => undefined).resume()
  }
}
