// Model deltas on a memory stream: coalesced, published without waiting, readable by whoever joins late.
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { LogUnavailable } from '../../commands/log-errors.ts'
import type { LiveChannel } from '../../handlers/ports/live-channel.ts'
import type { OrgId } from '../../schemas/ids.ts'
import { type LiveDelta, liveDelta } from '../../schemas/live-delta.ts'
import { subscribeGuarded } from './guarded-subscription.ts'
import { liveStream } from './streams.ts'
import { everyLive, liveSubject, orgOfSubject } from './subjects.ts'

export interface LiveDeltas extends LiveChannel {
  /** What the stream still holds for a session, oldest first. @throws LogUnavailable (retryable). */
  sofar(org: OrgId, session: string): Promise<readonly LiveDelta[]>
  /** Every delta of every org from now on. @returns the way to stop. */
  follow(listener: (org: OrgId, delta: LiveDelta) => void): () => void
  /** Publishes what is being coalesced. */
  flush(): void
}

/** At most twenty messages a second for each text being written. */
const coalesceMs = 50
/** How long a late joiner waits for the next of what is held; the server may be away, or the text too old by now. */
const stallMs = 2_000

/** Far below the server's limit however its characters are escaped: a larger message would throw. */
const pieceChars = 100_000

const piecesOf = (delta: LiveDelta): readonly LiveDelta[] =>
  Array.from({ length: Math.max(1, Math.ceil(delta.text.length / pieceChars)) }, (_, index) => {
    const start = index * pieceChars
    return { ...delta, offset: delta.offset + start, text: delta.text.slice(start, start + pieceChars) }
  })

const parse = (payload: string): LiveDelta | null => {
  try {
    return liveDelta.parse(JSON.parse(payload))
  } catch {
    // Anybody on the bus may publish here: what is no delta is nobody's text.
    return null
  }
}

export const createLiveDeltas = async (connection: NatsConnection): Promise<LiveDeltas> => {
  const client = jetstream(connection)
  const manager = await jetstreamManager(connection, { checkAPI: false })
  const pending = new Map<string, { org: OrgId; delta: LiveDelta }>()
  let timer: NodeJS.Timeout | null = null

  const flush = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const deltas = [...pending.values()]
    pending.clear()
    // Best effort: a connection that closes has nobody left to show the text to.
    if (connection.isClosed() || connection.isDraining()) return
    for (const { org, delta } of deltas) {
      for (const piece of piecesOf(delta)) connection.publish(liveSubject(org, delta.sessionId), JSON.stringify(piece))
    }
  }

  const readHeld = async (subject: string): Promise<readonly LiveDelta[]> => {
    const last = await manager.streams.getMessage(liveStream, { last_by_subj: subject })
    if (last === null) return []
    const consumer = await client.consumers.get(liveStream, { filter_subjects: subject, inactive_threshold: 5_000 })
    const deltas: LiveDelta[] = []
    const messages = await consumer.consume({ max_messages: 500 })
    const stalled = setTimeout(() => messages.stop(), stallMs)
    try {
      for await (const message of messages) {
        stalled.refresh()
        const delta = parse(message.string())
        if (delta !== null) deltas.push(delta)
        if (message.seq >= last.seq) break
      }
    } finally {
      clearTimeout(stalled)
      void consumer.delete().catch(() => undefined)
    }
    return deltas
  }

  return {
    flush,
    publish: (org, delta) => {
      const key = [
        delta.sessionId,
        delta.executionId,
        delta.turn,
        delta.attempt,
        delta.kind,
        delta.toolIndex ?? delta.toolCallId,
      ].join('/')
      const before = pending.get(key)
      const merged = before === undefined ? delta : { ...before.delta, text: before.delta.text + delta.text }
      pending.set(key, { org, delta: merged })
      timer ??= setTimeout(flush, coalesceMs)
    },
    sofar: async (org, session) => {
      const subject = liveSubject(org, session)
      try {
        return await readHeld(subject)
      } catch (error) {
        throw new LogUnavailable(`reading ${subject}`, { cause: error })
      }
    },
    follow: (listener) => {
      const subscription = subscribeGuarded(connection, everyLive, (message) => {
        const org = orgOfSubject(message.subject)
        const delta = parse(message.string())
        if (org !== null && delta !== null) listener(org, delta)
      })
      return () => subscription.unsubscribe()
    },
  }
}
