// Model deltas on a memory stream: coalesced, published without waiting, readable by whoever joins late.
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { z } from 'zod'
import type { LiveChannel, LiveDelta } from '../../handlers/ports/live-channel.ts'
import { executionId, type OrgId, sessionId } from '../../schemas/ids.ts'
import { liveStream } from './streams.ts'
import { everyLive, liveSubject, orgOfSubject } from './subjects.ts'

export interface LiveDeltas extends LiveChannel {
  /** What the stream still holds for a session, oldest first. */
  sofar(org: OrgId, session: string): Promise<readonly LiveDelta[]>
  /** Every delta of every org from now on. @returns the way to stop. */
  follow(listener: (org: OrgId, delta: LiveDelta) => void): () => void
  /** Publishes what is being coalesced. */
  flush(): void
}

const liveDelta = z.object({
  sessionId,
  executionId,
  turn: z.int(),
  attempt: z.int(),
  kind: z.enum(['text', 'thinking', 'tool_arguments']),
  offset: z.int(),
  text: z.string(),
  toolIndex: z.int().optional(),
  toolName: z.string().optional(),
})

/** At most twenty messages a second for each text being written. */
const coalesceMs = 50

export const createLiveDeltas = async (connection: NatsConnection): Promise<LiveDeltas> => {
  const client = jetstream(connection)
  const manager = await jetstreamManager(connection, { checkAPI: false })
  const pending = new Map<string, { org: OrgId; delta: LiveDelta }>()
  let timer: NodeJS.Timeout | null = null

  const flush = (): void => {
    timer = null
    for (const { org, delta } of pending.values()) {
      if (!connection.isClosed()) connection.publish(liveSubject(org, delta.sessionId), JSON.stringify(delta))
    }
    pending.clear()
  }

  return {
    flush,
    publish: (org, delta) => {
      const key = [delta.sessionId, delta.executionId, delta.turn, delta.attempt, delta.kind, delta.toolIndex].join('/')
      const before = pending.get(key)
      const merged = before === undefined ? delta : { ...before.delta, text: before.delta.text + delta.text }
      pending.set(key, { org, delta: merged })
      timer ??= setTimeout(flush, coalesceMs)
    },
    sofar: async (org, session) => {
      const subject = liveSubject(org, session)
      const last = await manager.streams.getMessage(liveStream, { last_by_subj: subject })
      if (last === null) return []
      const consumer = await client.consumers.get(liveStream, { filter_subjects: subject, inactive_threshold: 5_000 })
      const deltas: LiveDelta[] = []
      const messages = await consumer.consume({ max_messages: 500 })
      for await (const message of messages) {
        const parsed = liveDelta.safeParse(message.json())
        if (parsed.success) deltas.push(parsed.data)
        if (message.seq >= last.seq) break
      }
      void consumer.delete().catch(() => undefined)
      return deltas
    },
    follow: (listener) => {
      const subscription = connection.subscribe(everyLive, {
        callback: (error, message) => {
          if (error !== null) return
          const org = orgOfSubject(message.subject)
          const parsed = liveDelta.safeParse(message.json())
          if (org !== null && parsed.success) listener(org, parsed.data)
        },
      })
      return () => subscription.unsubscribe()
    },
  }
}
