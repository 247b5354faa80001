// Parked messages: kept with where they came from and why, their secrets masked, so that somebody can look, mend and send them again.
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { headers, type NatsConnection } from '@nats-io/transport-node'
import { z } from 'zod'
import { LogUnavailable } from '../../commands/log-errors.ts'
import { maskText } from '../../domain/masking/mask.ts'
import { deadStream } from './streams.ts'
import { deadSubject } from './subjects.ts'

export const deadLetter = z.object({
  consumer: z.string(),
  subject: z.string(),
  /** Sequence in the stream it came from. */
  sequence: z.int().optional(),
  /** Which entry of the message it is; absent means all of it. */
  entry: z.int().optional(),
  attempts: z.int(),
  error: z.object({ code: z.string(), message: z.string() }),
  parkedAt: z.iso.datetime(),
  headers: z.record(z.string(), z.string()),
  payload: z.string(),
})
export type DeadLetter = Readonly<z.infer<typeof deadLetter>>

export interface DeadLetters {
  /** Resolves when the letter is stored. @throws LogUnavailable (retryable). */
  park(letter: Omit<DeadLetter, 'parkedAt'>): Promise<void>
  count(): Promise<number>
  /** The newest first. */
  list(limit: number): Promise<readonly (DeadLetter & { readonly id: number })[]>
}

/** It is shown by the API, and nobody masked it on its way in. */
const masked = (payload: string): string => maskText(payload, { groups: ['secrets', 'kubernetes'] }).text

export const createDeadLetters = async (connection: NatsConnection): Promise<DeadLetters> => {
  const client = jetstream(connection)
  const manager = await jetstreamManager(connection, { checkAPI: false })
  return {
    park: async (letter) => {
      const body: DeadLetter = { ...letter, payload: masked(letter.payload), parkedAt: new Date().toISOString() }
      const { consumer, subject, sequence, entry } = letter
      const id = [consumer, subject, sequence ?? body.parkedAt, ...(entry === undefined ? [] : [entry])].join(':')
      const header = headers()
      header.set('Casebook-Error', letter.error.code)
      try {
        await client.publish(deadSubject(consumer), JSON.stringify(body), { msgID: id, headers: header })
      } catch (error) {
        throw new LogUnavailable('parking a message', { cause: error })
      }
    },
    count: async () => (await manager.streams.info(deadStream)).state.messages,
    list: async (limit) => {
      const { first_seq: first, last_seq: last } = (await manager.streams.info(deadStream)).state
      const letters: (DeadLetter & { readonly id: number })[] = []
      for (let seq = last; seq >= first && seq > 0 && letters.length < limit; seq--) {
        const message = await manager.streams.getMessage(deadStream, { seq })
        const parsed = message === null ? null : deadLetter.safeParse(message.json())
        if (parsed?.success) letters.push({ id: seq, ...parsed.data })
      }
      return letters
    },
  }
}
