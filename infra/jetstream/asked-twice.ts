// A question to the server that got no answer in time is asked once more: of a process that itself stood still, timers run out before it sees what has come.
import { errors } from '@nats-io/transport-node'

/** For what changes nothing. @throws what the second time does, when the first had no answer. */
export const askedTwice = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error
    return ask()
  }
}
