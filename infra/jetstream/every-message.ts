// Every message of a stream there is, one by one from its leader: for streams that hold little.
import { JetStreamApiError, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream'

export async function* everyMessage(manager: JetStreamManager, stream: string): AsyncGenerator<StoredMsg> {
  for (let seq = 1; ; seq++) {
    // The server has known `next_by_subj` since 2.9; the client's type does not name it for leader reads.
    const query = { seq, next_by_subj: '>' }
    const message = await manager.streams.getMessage(stream, query).catch(noneLeft)
    if (message === null) return
    seq = message.seq
    yield message
  }
}

const noneLeft = (error: unknown): null => {
  if (error instanceof JetStreamApiError && error.status === 404) return null
  throw error
}
