// What lies in the log, message by message as the server gives it: what a copy is compared with.
import { JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream'
import { eventsStream } from '../../infra/jetstream/streams.ts'
import type { LogCopy, StoredCommit } from '../../projections/log-copy.ts'

export const storedMessages = async (manager: JetStreamManager): Promise<readonly StoredCommit[]> => {
  const { state } = await manager.streams.info(eventsStream)
  const messages: StoredCommit[] = []
  for (let seq = 1; seq <= state.last_seq; seq++) {
    const message = await manager.streams.getMessage(eventsStream, { seq }).catch((error: unknown) => {
      if (error instanceof JetStreamApiError && error.status === 404) return null
      throw error
    })
    if (message === null) continue
    const headers = Object.fromEntries(message.header.keys().map((name) => [name, message.header.get(name)]))
    messages.push({ sequence: seq, subject: message.subject, headers, payload: message.string() })
  }
  return messages
}

export const copyOf = (commits: readonly StoredCommit[], changes: Partial<LogCopy> = {}): LogCopy => ({
  name: 'test',
  epoch: 'then',
  upTo: commits.at(-1)?.sequence ?? 0,
  async *read() {
    for (let at = 0; at < commits.length; at += 100) yield commits.slice(at, at + 100)
  },
  ...changes,
})
