// The client of EventStoreDB without a fault of it that ends the process: an answer that nobody waits for any more.
import { EventStoreDBClient } from '@eventstore/db-client'

/**
 * It remembers the batched appends of all clients of a process in one place, and forgets them all when any of their connections
 * breaks. Whoever waited is told of that; an answer that another connection still brings would throw where nobody can catch it.
 */
export class SteadyClient extends EventStoreDBClient {
  steadied(): this {
    const create = this.GRPCStreamCreator
    this.GRPCStreamCreator = (Client, name, open, cache) => {
      if (name !== 'appendToStream') return create(Client, name, open, cache)
      return create(Client, name, async (client) => droppingUnclaimed(await open(client)), cache)
    }
    return this
  }
}

interface Emitting {
  emit(event: string | symbol, ...values: unknown[]): boolean
}

const droppingUnclaimed = <T extends Emitting>(stream: T): T => {
  const emit = stream.emit.bind(stream)
  stream.emit = (event, ...values) => {
    try {
      return emit(event, ...values)
    } catch (error) {
      // What the client finds for an id that it has forgotten.
      if (event === 'data' && error instanceof TypeError) return true
      throw error
    }
  }
  return stream
}
